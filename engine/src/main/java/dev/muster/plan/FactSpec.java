package dev.muster.plan;

import dev.muster.expression.Template;
import dev.muster.problem.Where;
import java.util.List;
import java.util.Optional;

/**
 * A value read from live objects.
 *
 * @param ofCluster whether each cluster has its own, seen as {@code host.NAME} and {@code
 *     member.NAME}
 * @param from tried in order; the first that has a value gives it
 * @param carry whether the value from before a run is kept, for steps that destroy what it is read
 *     from; for facts of clusters only
 * @param after the step that brings it forth; empty when it follows from what {@code from} reads
 */
public record FactSpec(
    String name,
    boolean ofCluster,
    List<Template> from,
    Optional<String> after,
    boolean carry,
    Optional<Requirement> require,
    Where where) {
  public FactSpec {
    from = List.copyOf(from);
  }
}
