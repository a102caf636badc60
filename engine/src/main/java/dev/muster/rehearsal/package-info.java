/**
 * What is needed to play a run beforehand: the live objects as they were read, their secrets
 * disguised, and what a run wrote step by step, to compare another run with. Refuses to know who
 * plays the clusters. Entry points: {@link dev.muster.rehearsal.RecordingClusters}, {@link
 * dev.muster.rehearsal.Disguise} and {@link dev.muster.rehearsal.Performance}.
 */
@NullMarked
package dev.muster.rehearsal;

import org.jspecify.annotations.NullMarked;
