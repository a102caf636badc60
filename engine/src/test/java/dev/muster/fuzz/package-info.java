/**
 * What is true of muster's readers whatever they are given. Each target is a class with the method
 * {@code fuzzerTestOneInput} that Jazzer looks for; {@code testbed/fuzz} runs one, and {@link
 * dev.muster.fuzz.SeedsTest} gives all of them their seeds in every build.
 */
@NullMarked
package dev.muster.fuzz;

import org.jspecify.annotations.NullMarked;
