/**
 * Reads a topology file into a {@link dev.muster.topology.Topology} that is valid by construction,
 * or reports everything that is wrong with it. Refuses to know what a plan does with it and opens
 * no network connection. Entry point: {@link dev.muster.topology.TopologyReader}.
 */
@NullMarked
package dev.muster.topology;

import org.jspecify.annotations.NullMarked;
