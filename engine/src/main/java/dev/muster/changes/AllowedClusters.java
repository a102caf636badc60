package dev.muster.changes;

import dev.muster.diff.Change;
import dev.muster.live.Cluster;
import dev.muster.live.Failure;
import dev.muster.plan.Allows;
import dev.muster.plan.Allows.Place;
import dev.muster.plan.Allows.Use;
import dev.muster.plan.Allows.Verb;
import dev.muster.problem.Problem;
import dev.muster.topology.ClusterDeclaration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Clusters of which a plan sees and does no more than it says that it may. */
public final class AllowedClusters extends ForwardingClusters {
  static final String NEXT = "it would have to stand under `allows` of the plan: ask its author";

  private final Allows allows;

  private AllowedClusters(Clusters clusters, Allows allows) {
    super(clusters);
    this.allows = allows;
  }

  /** The same clusters where the plan does not say what it may. */
  public static Clusters of(Optional<Allows> allows, Clusters clusters) {
    return allows.<Clusters>map(said -> new AllowedClusters(clusters, said)).orElse(clusters);
  }

  /** What of a change set goes beyond what its plan says that it may. */
  public static List<Problem> beyond(Optional<Allows> allows, ChangeSet changeSet) {
    List<Problem> problems = new ArrayList<>();
    for (StepPlan step : allows.isPresent() ? changeSet.steps() : List.<StepPlan>of()) {
      ClusterDeclaration cluster = step.step().cluster();
      for (Change change : step.effective()) {
        AllowedCluster.refusal(
                allows.orElseThrow(), Use.of(place(cluster), verb(change), change.ref()))
            .map(Failure::message)
            .ifPresent(
                why ->
                    problems.add(
                        Problem.error(
                            step.step().spec().where(), "step " + step.step() + ": " + why, NEXT)));
      }
    }
    return problems;
  }

  private static Verb verb(Change change) {
    return Changes.creates(change)
        ? Verb.CREATE
        : change instanceof Change.Delete ? Verb.DELETE : Verb.PATCH;
  }

  private static Place place(ClusterDeclaration cluster) {
    return cluster.host() ? Place.HOST : Place.MEMBER;
  }

  @Override
  public Cluster open(ClusterDeclaration declaration) {
    return new AllowedCluster(clusters().open(declaration), allows, place(declaration));
  }

  @Override
  public Cluster own(ClusterDeclaration declaration) {
    return clusters().own(declaration);
  }

  @Override
  public Cluster behind(String name, String kubeconfig) {
    return new AllowedCluster(clusters().behind(name, kubeconfig), allows, Place.ELSEWHERE);
  }
}
