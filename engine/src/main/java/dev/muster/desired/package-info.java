/**
 * What a step wants: evaluates the expressions of a plan against the topology and what is known of
 * the live objects, as values that are known, not known yet, generated or left out. Refuses to know
 * how anything is read, compared or written. Entry point: {@link dev.muster.desired.DesiredState}.
 */
@NullMarked
package dev.muster.desired;

import org.jspecify.annotations.NullMarked;
