package dev.muster.graph;

import dev.muster.plan.GateSpec;
import dev.muster.plan.On;
import dev.muster.plan.Plan;
import dev.muster.plan.StepSpec;
import dev.muster.plan.Subjects;
import dev.muster.topology.Durations;
import java.util.ArrayList;
import java.util.List;

/** The steps of a plan, whatever the topology. */
public final class PlanGraph {
  private PlanGraph() {}

  public static Graph of(Plan plan) {
    List<Graph.Node> nodes = new ArrayList<>();
    for (StepSpec step : plan.steps()) {
      nodes.add(
          new Graph.Node(
              step.id(),
              step.title(),
              place(step),
              band(step.subjects()),
              plan.gate(step).map(PlanGraph::gate),
              step.when().isPresent(),
              plan.dependsOn().getOrDefault(step.id(), List.of())));
    }
    return new Graph("plan " + plan.title(), nodes, List.of()).reduced();
  }

  static String gate(GateSpec gate) {
    return gate.name() + ", up to " + Durations.text(gate.timeout());
  }

  private static String place(StepSpec step) {
    String where = step.on() == On.MEMBER ? "member" : "host";
    return switch (step.subjects()) {
      case ONCE -> where;
      case MEMBERS -> where.equals("member") ? "each member" : "host, for each member";
      case REMOVED -> where.equals("member") ? "each removed member" : "host, for each removed";
      case PAIRS -> "each cluster, for each other";
      case REMOVED_PAIRS -> "each removed member, for each other cluster";
    };
  }

  private static String band(Subjects subjects) {
    return switch (subjects) {
      case ONCE -> "the host";
      case MEMBERS -> "each member";
      case REMOVED, REMOVED_PAIRS -> "each removed member";
      case PAIRS -> "each pair of clusters";
    };
  }
}
