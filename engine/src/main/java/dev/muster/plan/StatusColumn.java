package dev.muster.plan;

import dev.muster.expression.Template;

/** A column of the status table, with what it shows for the host and for a member. */
public record StatusColumn(String title, Template host, Template member) {}
