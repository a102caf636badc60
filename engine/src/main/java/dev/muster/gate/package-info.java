/**
 * Decides whether a gate is open, from its terms and what they evaluate to. Pure: refuses to know
 * where values come from, and what time it is. Entry point: {@link dev.muster.gate.GateCheck}.
 */
@NullMarked
package dev.muster.gate;

import org.jspecify.annotations.NullMarked;
