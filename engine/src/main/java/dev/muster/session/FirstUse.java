package dev.muster.session;

import dev.muster.history.GitHistory;
import dev.muster.history.RunEntry;
import dev.muster.plan.Allows;
import dev.muster.plan.Plan;
import dev.muster.plan.PlanOrigin;
import dev.muster.plan.PlanReader;
import dev.muster.problem.Problem;
import dev.muster.problem.Problems;
import dev.muster.problem.Where;
import dev.muster.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A plan from elsewhere that no recorded run of the topology has used: what it may touch. */
public final class FirstUse {
  static final String SOURCE = "Plan-Source";
  static final String DIGEST = "Plan-Digest";

  private final Plan plan;
  private final PlanOrigin origin;
  private final Optional<RunEntry> before;
  private final Optional<List<String>> then;

  private FirstUse(
      Plan plan, PlanOrigin origin, Optional<RunEntry> before, Optional<List<String>> then) {
    this.plan = plan;
    this.origin = origin;
    this.before = before;
    this.then = then;
  }

  /** Empty for a plan of one's own, and for one that a run has used; open runs count. */
  public static Optional<FirstUse> of(Loader.Loaded loaded, Optional<GitHistory> history) {
    Optional<PlanOrigin> origin = loaded.plan().origin().filter(PlanOrigin::foreign);
    if (origin.isEmpty()) {
      return Optional.empty();
    }
    List<RunEntry> newest = new ArrayList<>();
    history.ifPresent(
        records -> {
          newest.addAll(records.openRuns());
          newest.addAll(records.runs(1));
        });
    String digest = origin.get().digest();
    // Nearly always the last run has used it, and a history may be long.
    if (used(newest, digest)
        || history.filter(it -> used(it.runs(Integer.MAX_VALUE), digest)).isPresent()) {
      return Optional.empty();
    }
    Optional<RunEntry> before = newest.stream().findFirst();
    return Optional.of(
        new FirstUse(
            loaded.plan(),
            origin.get(),
            before,
            before
                .flatMap(run -> history.orElseThrow().file(run, "plan.yaml"))
                .map(text -> said(text, loaded.topology()))));
  }

  private static boolean used(List<RunEntry> runs, String digest) {
    return runs.stream().anyMatch(run -> digest.equals(run.trailers().get(DIGEST)));
  }

  /** The same of the history that the topology's folder has. */
  public static Optional<FirstUse> of(Loader.Loaded loaded) {
    if (loaded.plan().origin().filter(PlanOrigin::foreign).isEmpty()) {
      return Optional.empty();
    }
    Optional<GitHistory> history = GitHistory.find(loaded.file(), loaded.topology().name());
    try {
      return of(loaded, history);
    } finally {
      history.ifPresent(GitHistory::close);
    }
  }

  private static List<String> said(String planText, Topology topology) {
    return PlanReader.open("plan.yaml", planText, new Problems())
        .flatMap(PlanReader::allows)
        .map(allows -> allows.at(topology))
        .map(Allows::statements)
        .orElse(List.of());
  }

  public String digest() {
    return origin.digest();
  }

  /** Why nothing is done with it unasked. */
  public Problem refusal() {
    return Problem.error(
        Where.nowhere(),
        "no recorded run of this topology has used this plan, which comes from elsewhere",
        "look at what it may touch (`muster plan`), then add:",
        "--accept-plan " + digest());
  }

  /** For people; ends with an empty line. */
  public String told() {
    StringBuilder text = new StringBuilder();
    text.append("new plan: no recorded run of this topology has used ")
        .append(plan.title().replaceAll("\\s+", " "));
    text.append("\n  from ").append(origin.source());
    text.append("\n  ").append(origin.digest());
    text.append("\n  may touch this, and muster refuses whatever goes beyond:\n");
    List<String> now = plan.allows().map(Allows::words).orElse(List.of());
    now.forEach(line -> text.append("    ").append(line).append('\n'));
    before.ifPresent(run -> compare(text, run.runId()));
    return text.append('\n').toString();
  }

  private void compare(StringBuilder text, String run) {
    List<String> now = plan.allows().map(Allows::statements).orElse(List.of());
    if (then.isEmpty() || then.get().isEmpty()) {
      text.append("  the plan of run ").append(run).append(" did not say what it may touch\n");
      return;
    }
    List<String> lines = new ArrayList<>();
    then.get().stream().filter(line -> !now.contains(line)).forEach(line -> lines.add("- " + line));
    now.stream().filter(line -> !then.get().contains(line)).forEach(line -> lines.add("+ " + line));
    text.append("  ")
        .append(lines.isEmpty() ? "the same as" : "differs from")
        .append(" the plan of run ")
        .append(run)
        .append(lines.isEmpty() ? "\n" : ":\n");
    lines.forEach(line -> text.append("    ").append(line).append('\n'));
  }
}
