/**
 * How much of anything muster takes in, so that no file and no cluster can use up its memory or its
 * time. Refuses to know what is read. Entry points: {@link dev.muster.bound.Bounds}, {@link
 * dev.muster.bound.BoundedFile}.
 */
@NullMarked
package dev.muster.bound;

import org.jspecify.annotations.NullMarked;
