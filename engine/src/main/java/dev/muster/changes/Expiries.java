package dev.muster.changes;

import dev.muster.expression.Outcome;
import dev.muster.expression.Template;
import dev.muster.plan.ExpirySpec;
import dev.muster.plan.Plan;
import dev.muster.topology.ClusterDeclaration;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds what runs out: what the plan names, and the runner's own access to each cluster. */
public final class Expiries {
  private final Plan plan;
  private final Clusters clusters;
  private final Inspector inspector;
  private final Instant now;

  /**
   * @param now what the times that are left are counted from
   */
  public Expiries(Plan plan, Clusters clusters, Inspector inspector, Instant now) {
    this.plan = plan;
    this.clusters = clusters;
    this.inspector = inspector;
    this.now = now;
  }

  /**
   * All that is known to run out in these clusters, the next first; those that have run out too.
   */
  public List<Expiring> of(List<ClusterState> states) {
    List<Expiring> found = new ArrayList<>();
    for (ClusterState state : states) {
      ClusterDeclaration cluster = state.cluster();
      // Of a cluster that refuses us this may be the reason.
      clusters
          .expiry(cluster)
          .ifPresent(
              expiry ->
                  found.add(
                      expiring(
                          cluster,
                          "muster's own access (" + expiry.what() + ")",
                          expiry.at(),
                          "renew the kubeconfig with the context "
                              + cluster.access().context()
                              + " that muster uses for this cluster")));
      plan.expiries().stream()
          .filter(spec -> spec.ofHost() == cluster.host())
          .forEach(spec -> find(spec, cluster).ifPresent(found::add));
    }
    found.sort(Comparator.comparing(Expiring::at));
    return List.copyOf(found);
  }

  private Optional<Expiring> find(ExpirySpec spec, ClusterDeclaration cluster) {
    inspector.read(cluster, List.of(spec.at(), spec.next()));
    return text(spec.at(), cluster)
        .flatMap(Expiries::time)
        .map(at -> expiring(cluster, spec.title(), at, text(spec.next(), cluster).orElse("")));
  }

  private Expiring expiring(ClusterDeclaration cluster, String what, Instant at, String next) {
    return new Expiring(cluster.name(), what, at, Duration.between(now, at), next);
  }

  private Optional<String> text(Template template, ClusterDeclaration cluster) {
    return !inspector.sensitive(cluster, template)
            && inspector.evaluate(cluster, template) instanceof Outcome.Value value
        ? Optional.of(value.value().asText())
        : Optional.empty();
  }

  private static Optional<Instant> time(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
