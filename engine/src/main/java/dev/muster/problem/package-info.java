/**
 * What is wrong with an input, where, and what to do next; collected so that one run reports all of
 * it. Refuses to know which kind of input it is about. Entry point: {@link
 * dev.muster.problem.Problems}.
 */
@NullMarked
package dev.muster.problem;

import org.jspecify.annotations.NullMarked;
