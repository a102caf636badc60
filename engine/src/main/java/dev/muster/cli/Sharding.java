package dev.muster.cli;

import dev.muster.changes.ChangeSet;
import dev.muster.changes.Selection;
import dev.muster.changes.StepPlan;
import dev.muster.digest.Sha256;
import dev.muster.drift.DriftReport;
import dev.muster.drift.Shard;
import dev.muster.drift.ShardReport;
import dev.muster.plan.Step;
import dev.muster.plan.StepSpec;
import dev.muster.session.Data;
import dev.muster.session.Loader;
import dev.muster.topology.ClusterDeclaration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Looking at a part of a fleet as one would look at the whole. */
final class Sharding {
  private static final int DIGEST = 32;

  private Sharding() {}

  /** The steps of the host stay in, since those of members follow from them. */
  static Selection of(Shard shard, Selection chosen) {
    return new Selection() {
      @Override
      public boolean includes(Step step) {
        return chosen.includes(step) && (step.subject().host() || shard.has(step.subject().name()));
      }

      @Override
      public Set<String> leftOut() {
        return chosen.leftOut();
      }
    };
  }

  static ShardReport report(
      Shard shard, Loader.Loaded loaded, ChangeSet part, DriftReport report, ExitCode exit) {
    Map<dev.muster.problem.Problem, ShardReport.Origin> origins = new LinkedHashMap<>();
    part.guards().forEach(guard -> origins.putIfAbsent(guard, new ShardReport.Origin(0, "")));
    for (StepPlan step : part.steps()) {
      int rank = step.decision() == StepPlan.Decision.REFUSED ? 1 : 2;
      step.problems()
          .forEach(
              problem ->
                  origins.putIfAbsent(problem, new ShardReport.Origin(rank, step.step().id())));
    }
    List<ShardReport.Origin> ofProblems = new ArrayList<>();
    report
        .problems()
        .forEach(
            problem ->
                ofProblems.add(origins.getOrDefault(problem, new ShardReport.Origin(0, ""))));
    return new ShardReport(
        "shard " + shard,
        shard,
        digest(loaded.topologyText(), loaded.planText(), Data.version()),
        exit.code(),
        loaded.topology().clusters().stream().map(ClusterDeclaration::name).toList(),
        loaded.plan().steps().stream().map(StepSpec::id).toList(),
        ofProblems,
        report);
  }

  private static String digest(String... texts) {
    return Sha256.hex(String.join("\0", texts) + "\0", DIGEST);
  }
}
