package dev.muster.lint;

import dev.muster.problem.Where;

/**
 * Something in a plan file that is worth a look.
 *
 * @param message what is so
 * @param next what to do about it
 */
public record Finding(Rule rule, Where where, String message, String next) {}
