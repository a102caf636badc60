/**
 * Text with CEL expressions in <code>${...}</code>: compiled and type-checked once, evaluated many
 * times over JSON trees, with "not there yet" as an outcome of its own. Refuses to know where the
 * values of variables come from and what an outcome leads to. Entry point: {@link
 * dev.muster.expression.Environment}.
 */
@NullMarked
package dev.muster.expression;

import org.jspecify.annotations.NullMarked;
