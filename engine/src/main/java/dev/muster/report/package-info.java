/**
 * Renderings of change sets, runs and drift for people and machines. Refuses to decide and to
 * print; every text from a cluster is cleaned here. Entry points: {@link
 * dev.muster.report.PlanText} and {@link dev.muster.report.RunText}.
 */
@NullMarked
package dev.muster.report;

import org.jspecify.annotations.NullMarked;
