/**
 * What in the clusters is not as declared, told field by field. Refuses to know how it is shown and
 * to write. Entry point: {@link dev.muster.drift.DriftReport}.
 */
@NullMarked
package dev.muster.drift;

import org.jspecify.annotations.NullMarked;
