/**
 * The whole simulation: a host and its members, seeded, started, disturbed and stopped.
 *
 * <p>It refuses to know which API servers the clusters have; it talks to them over HTTP like
 * everybody else.
 *
 * <p>Entry point: {@link dev.muster.sandbox.controller.SimulatedFleet}.
 */
@NullMarked
package dev.muster.sandbox.controller;

import org.jspecify.annotations.NullMarked;
