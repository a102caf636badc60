/**
 * Runs a plan file against cases: recorded live objects in memory, what is expected of plan, gates
 * and objects, and what was found. Refuses to know any real cluster, any clock and the network.
 * Entry points: {@link dev.muster.trial.Suite} and {@link dev.muster.trial.CaseRun}.
 */
@NullMarked
package dev.muster.trial;

import org.jspecify.annotations.NullMarked;
