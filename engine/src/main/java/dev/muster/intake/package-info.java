/**
 * Finds out what a topology of a fleet that exists would say: which context leads to which
 * registered member, and what of its keys follows from the live objects. Refuses to write, to read
 * files and to know any managed system. Entry points: {@link dev.muster.intake.Matching} and {@link
 * dev.muster.intake.FieldsReader}.
 */
@NullMarked
package dev.muster.intake;

import org.jspecify.annotations.NullMarked;
