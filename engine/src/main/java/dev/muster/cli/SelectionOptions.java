package dev.muster.cli;

import dev.muster.changes.Selection;
import dev.muster.plan.Plan;
import dev.muster.session.Selectors;
import dev.muster.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which members and steps a command is about. */
final class SelectionOptions {
  @Option(
      names = "--only",
      paramLabel = "SELECTOR",
      split = ",",
      description = "Only these members, steps or labels (key=value); steps of the host stay in.")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--exclude",
      paramLabel = "SELECTOR",
      split = ",",
      description = "All but these members, steps or labels.")
  private List<String> exclude = new ArrayList<>();

  Selectors selectors() {
    return new Selectors(only, exclude);
  }

  /** Whether nothing is left out. */
  boolean all() {
    return selectors().all();
  }

  /**
   * What was chosen.
   *
   * @throws dev.muster.problem.MusterException when a name means nothing
   */
  Selection selection(Topology topology, Plan plan) {
    return selectors().selection(topology, plan);
  }
}
