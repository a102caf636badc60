package dev.muster.plan;

import dev.muster.expression.Template;

/** A cause to look for, and what a person does about it. */
public record Probe(Template when, Template cause, Template next) {}
