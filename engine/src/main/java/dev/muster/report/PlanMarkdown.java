package dev.muster.report;

import dev.muster.changes.ChangeSet;
import dev.muster.changes.ClusterState;
import dev.muster.changes.StepPlan;
import dev.muster.changes.Unmanaged;
import dev.muster.changes.Waves;
import dev.muster.diff.Fingerprint;
import dev.muster.plan.Plan;
import dev.muster.topology.Topology;

/** A change set as a comment for a pull request: the counts first, each cluster folded away. */
public final class PlanMarkdown {
  /** What the large forges take for one comment, with room to spare. */
  private static final int LIMIT = 60_000;

  private final Plan plan;
  private final Topology topology;
  private final Fingerprint fingerprint;
  private final Clean clean;

  public PlanMarkdown(Plan plan, Topology topology, Fingerprint fingerprint, Clean clean) {
    this.plan = plan;
    this.topology = topology;
    this.fingerprint = fingerprint;
    this.clean = clean;
  }

  public String render(ChangeSet changeSet) {
    StringBuilder text = new StringBuilder();
    text.append("### muster plan: topology `").append(changeSet.topology()).append("`\n\n");
    String full = new PlanText(plan, topology, fingerprint, clean, Style.PLAIN).render(changeSet);
    String last = full.lines().reduce((a, b) -> b).orElse("");
    text.append("**").append(last).append("**\n");
    UnmanagedText.of(changeSet.unmanaged(), clean)
        .ifPresent(line -> text.append('\n').append(line).append('\n'));
    waves(changeSet.waves(), text);
    for (ClusterState state : changeSet.clusters()) {
      String name = state.cluster().name();
      ChangeSet part =
          new ChangeSet(
              changeSet.topology(),
              changeSet.plan(),
              java.util.List.of(state),
              changeSet.steps().stream()
                  .filter(
                      step -> concerns(step, name) && step.decision() != StepPlan.Decision.DEFERRED)
                  .toList(),
              Unmanaged.none(),
              Waves.none());
      boolean nothing =
          state.failure().isEmpty()
              && part.steps().stream()
                  .allMatch(s -> s.settled() || s.decision() == StepPlan.Decision.EXCLUDED);
      if (nothing) {
        continue;
      }
      String body = new PlanText(plan, topology, fingerprint, clean, Style.PLAIN).render(part);
      String section =
          "\n<details><summary>"
              + (state.cluster().host() ? "host " : "member ")
              + name
              + (state.failure().isPresent()
                  ? " (not reached)"
                  : ": " + count(part.changes().size()))
              + "</summary>\n\n```\n"
              + body.lines()
                  .skip(1)
                  .reduce("", (a, b) -> a + b + "\n")
                  .replace("```", "'''")
                  .strip()
              + "\n```\n</details>\n";
      if (text.length() + section.length() > LIMIT) {
        text.append("\nThere is more than fits here; `muster plan` shows all of it.\n");
        break;
      }
      text.append(section);
    }
    return text.toString();
  }

  private static void waves(Waves waves, StringBuilder text) {
    if (waves.list().isEmpty()) {
      return;
    }
    text.append("\nNo wave starts any more once ")
        .append(waves.stopAfter())
        .append(waves.stopAfter() == 1 ? " member has" : " members have")
        .append(" failed.\n\n| Wave | Taken by | Members |\n|---|---|---|\n");
    for (Waves.Wave wave : waves.list()) {
      text.append("| ")
          .append(wave.number())
          .append(" | ")
          .append(wave.by().replace("|", "\\|"))
          .append(" | ")
          .append(String.join(", ", wave.members()))
          .append(" |\n");
    }
  }

  private static String count(int changes) {
    return changes + (changes == 1 ? " change" : " changes");
  }

  private static boolean concerns(StepPlan step, String cluster) {
    return step.step().subject().name().equals(cluster);
  }
}
