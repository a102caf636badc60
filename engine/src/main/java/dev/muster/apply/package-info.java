/**
 * Runs a change set step by step behind its gates, and tells listeners what happens. Refuses to
 * know how changes are computed, shown or kept. Entry point: {@code Apply}.
 */
@NullMarked
package dev.muster.apply;

import org.jspecify.annotations.NullMarked;
