package dev.muster.plan;

import dev.muster.expression.Template;
import java.util.Optional;

/**
 * A line of the doctor's list: what should hold in a cluster, and what to do when it does not.
 *
 * @param when the line is only for clusters where this holds
 */
public record Examination(
    boolean ofHost,
    Optional<Template> when,
    String title,
    Template that,
    Optional<Template> detail,
    Template fix) {}
