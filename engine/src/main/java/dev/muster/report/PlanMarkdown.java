package dev.muster.report;

import dev.muster.changes.ChangeSet;
import dev.muster.changes.ClusterState;
import dev.muster.changes.StepPlan;
import dev.muster.changes.Unmanaged;
import dev.muster.changes.Waves;
import dev.muster.diff.Fingerprint;
import dev.muster.plan.Plan;
import dev.muster.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A change set as a comment for a pull request: the counts first, each cluster folded away. */
public final class PlanMarkdown {
  /** For the line that says what was left out. */
  private static final int RESERVE = 200;

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
        .ifPresent(line -> text.append('\n').append(Markdown.code(line)).append('\n'));
    waves(changeSet.waves(), text);
    List<Grouped.Text> sections = new ArrayList<>();
    Map<String, List<StepPlan>> steps = steps(changeSet);
    for (ClusterState state : changeSet.clusters()) {
      section(changeSet, state, steps.getOrDefault(state.cluster().name(), List.of()))
          .ifPresent(
              section ->
                  sections.add(
                      new Grouped.Text(
                          state.cluster().host() ? "" : state.cluster().name(), section)));
    }
    List<Grouped.Group> left = new ArrayList<>();
    for (Grouped.Group group : Grouped.of(sections)) {
      String section = group.several() ? several(group) : group.text();
      if (left.isEmpty() && text.length() + section.length() + RESERVE <= Markdown.LIMIT) {
        text.append(section);
      } else {
        left.add(group);
      }
    }
    if (!left.isEmpty()) {
      int clusters = left.stream().mapToInt(group -> group.members().size()).sum();
      String first = left.get(0).members().get(0);
      text.append("\n_Left out, as a comment holds no more: ")
          .append(clusters == 1 ? "1 cluster" : clusters + " clusters")
          .append(first.isEmpty() ? "" : ", from " + first + " on")
          .append(". `muster plan` shows all of it._\n");
    }
    return text.toString();
  }

  /** What is to be said of a cluster, folded away; nothing where nothing happens. */
  private Optional<String> section(ChangeSet changeSet, ClusterState state, List<StepPlan> steps) {
    String name = state.cluster().name();
    ChangeSet part =
        new ChangeSet(
            changeSet.topology(),
            changeSet.plan(),
            List.of(state),
            steps,
            Unmanaged.none(),
            Waves.none());
    boolean nothing =
        state.failure().isEmpty()
            && part.steps().stream()
                .allMatch(s -> s.settled() || s.decision() == StepPlan.Decision.EXCLUDED);
    if (nothing) {
      return Optional.empty();
    }
    String body = new PlanText(plan, topology, fingerprint, clean, Style.PLAIN).render(part);
    return Optional.of(
        "\n<details><summary>"
            + (state.cluster().host() ? "host " : "member ")
            + name
            + (state.failure().isPresent() ? " (not reached)" : ": " + count(part.changes().size()))
            + "</summary>\n\n"
            + Markdown.block(body.lines().skip(1).collect(Collectors.joining("\n")).strip())
            + "</details>\n");
  }

  /** One section for all of them; their names come first, outside of the block. */
  private static String several(Grouped.Group group) {
    String place = "member " + Grouped.PLACE;
    int at = group.text().indexOf("</summary>\n\n") + "</summary>\n\n".length();
    return group
            .text()
            .substring(0, at)
            .replace(place, group.members().size() + " members alike, each")
        + "`"
        + Grouped.PLACE
        + "` stands for each of "
        + String.join(", ", group.members())
        + ".\n\n"
        + group.text().substring(at);
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

  /** By the cluster that they are about. */
  private static Map<String, List<StepPlan>> steps(ChangeSet changeSet) {
    return changeSet.steps().stream()
        .filter(step -> step.decision() != StepPlan.Decision.DEFERRED)
        .collect(Collectors.groupingBy(step -> step.step().subject().name()));
  }
}
