package dev.muster.plan;

import dev.muster.expression.Template;

/** One condition of a gate, and what is being waited for while it does not hold. */
public record ReadyTerm(Template that, Template waiting) {}
