package dev.muster.plan;

import dev.muster.topology.ClusterDeclaration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A step of a plan for one cluster of one topology.
 *
 * @param id {@code step} or {@code step[member]}
 * @param cluster the cluster that it works on
 * @param member the member it is about; empty for a step of the host alone
 * @param dependsOn ids of the steps that have to be done first
 * @param wave steps of one wave do not wait for each other; counted from 1
 */
public record Step(
    String id,
    StepSpec spec,
    ClusterDeclaration cluster,
    Optional<ClusterDeclaration> member,
    List<String> dependsOn,
    int wave) {
  public Step {
    Objects.requireNonNull(id, "id");
    dependsOn = List.copyOf(dependsOn);
  }

  /** The cluster whose fate decides over this step: the member it is about, else its own. */
  public ClusterDeclaration subject() {
    return member.orElse(cluster);
  }

  @Override
  public String toString() {
    return id;
  }
}
