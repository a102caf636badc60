/**
 * The port through which muster sees a cluster, and what comes back through it. Refuses to know how
 * a cluster is reached. Entry point: {@link dev.muster.live.Cluster}.
 */
@NullMarked
package dev.muster.live;

import org.jspecify.annotations.NullMarked;
