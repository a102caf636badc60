/**
 * Computes what has to change in an object so that its declared fields come true, and the JSON
 * patch that does it. Refuses to know clusters, steps and time: trees in, values out. Entry point:
 * {@link dev.muster.diff.Overlay}.
 */
@NullMarked
package dev.muster.diff;

import org.jspecify.annotations.NullMarked;
