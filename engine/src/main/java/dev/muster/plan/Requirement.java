package dev.muster.plan;

import dev.muster.expression.Template;

/** What has to hold before a step may write; else its message is why the run is refused. */
public record Requirement(Template that, Template message, String hint) {}
