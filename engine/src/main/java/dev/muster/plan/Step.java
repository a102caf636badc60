package dev.muster.plan;

import dev.muster.topology.ClusterDeclaration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A step of a plan for one cluster of one topology.
 *
 * @param id {@code step}, {@code step[member]} or {@code step[self/peer]}
 * @param cluster the cluster that it works on
 * @param member the member it is about; empty for a step of the host alone, and of a pair
 * @param peer the other cluster of a pair; empty for any other step
 * @param dependsOn ids of the steps that have to be done first
 * @param wave steps of one wave do not wait for each other; counted from 1
 */
public record Step(
    String id,
    StepSpec spec,
    ClusterDeclaration cluster,
    Optional<ClusterDeclaration> member,
    Optional<ClusterDeclaration> peer,
    List<String> dependsOn,
    int wave) {
  public Step {
    Objects.requireNonNull(id, "id");
    dependsOn = List.copyOf(dependsOn);
  }

  /** How a step of a plan is called for the clusters that it is about. */
  static String id(StepSpec spec, ClusterDeclaration self, Optional<ClusterDeclaration> peer) {
    return spec.subjects() == Subjects.ONCE
        ? spec.id()
        : spec.id() + "[" + self.name() + peer.map(p -> "/" + p.name()).orElse("") + "]";
  }

  /**
   * The cluster whose fate decides over this step: the member it is about, else its own. What the
   * step takes charge of is remembered under its name.
   */
  public ClusterDeclaration subject() {
    return member.orElse(cluster);
  }

  /** The members without which it cannot be done: the one it is about, or those of its pair. */
  public List<ClusterDeclaration> members() {
    return Stream.concat(Stream.of(subject()), peer.stream())
        .filter(cluster -> !cluster.host())
        .toList();
  }

  /** Whether it is about a cluster, among others. */
  public boolean involves(ClusterDeclaration other) {
    return subject().name().equals(other.name())
        || peer.filter(one -> one.name().equals(other.name())).isPresent();
  }

  /** The same step that waits for other ones. */
  public Step after(List<String> others) {
    return new Step(id, spec, cluster, member, peer, others, wave);
  }

  @Override
  public String toString() {
    return id;
  }
}
