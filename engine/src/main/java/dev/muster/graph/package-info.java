/**
 * Steps and what they wait for as a graph: those of a plan, or those of a plan for a topology.
 * Refuses to ask any cluster. Entry points: {@link dev.muster.graph.PlanGraph}, {@link
 * dev.muster.graph.FleetGraph}.
 */
@NullMarked
package dev.muster.graph;

import org.jspecify.annotations.NullMarked;
