/**
 * The least rights that a plan needs for a topology: every request that a run may make, as RBAC
 * rules of each cluster, with what needs them. Refuses to ask a cluster. Entry point: {@link
 * dev.muster.rights.NeededRights}.
 */
@NullMarked
package dev.muster.rights;

import org.jspecify.annotations.NullMarked;
