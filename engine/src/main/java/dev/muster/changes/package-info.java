/**
 * Brings plan and live state together: what each step would change, as a {@link
 * dev.muster.changes.ChangeSet}. Refuses to write, to wait and to print. Entry point: {@link
 * dev.muster.changes.Planner}.
 */
@NullMarked
package dev.muster.changes;

import org.jspecify.annotations.NullMarked;
