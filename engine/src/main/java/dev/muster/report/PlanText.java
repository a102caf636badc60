package dev.muster.report;

import dev.muster.changes.ChangeSet;
import dev.muster.changes.Changes;
import dev.muster.changes.ClusterState;
import dev.muster.changes.FieldView;
import dev.muster.changes.StepPlan;
import dev.muster.changes.Waves;
import dev.muster.diff.Change;
import dev.muster.diff.Fingerprint;
import dev.muster.gate.GateStatus;
import dev.muster.plan.Plan;
import dev.muster.problem.Problem;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.Durations;
import dev.muster.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A change set for people, at a terminal. */
public final class PlanText {
  private final Plan plan;
  private final Topology topology;
  private final Fingerprint fingerprint;
  private final Clean clean;
  private final Style style;
  private final StringBuilder out = new StringBuilder();

  public PlanText(Plan plan, Topology topology, Fingerprint fingerprint, Clean clean, Style style) {
    this.plan = plan;
    this.topology = topology;
    this.fingerprint = fingerprint;
    this.clean = clean;
    this.style = style;
  }

  public String render(ChangeSet changeSet) {
    line(style.bold("topology " + changeSet.topology()) + ", plan " + changeSet.plan());
    for (ClusterState state : changeSet.clusters()) {
      if (state.failure().isPresent()) {
        String word = state.deferred() ? style.yellow("deferred") : style.red("not usable");
        line(
            "cluster "
                + state.cluster().name()
                + ": "
                + word
                + ", "
                + (state.cluster().courier() ? "" : "it ")
                + clean.line(state.obstacle()));
      }
    }
    waves(changeSet.waves());
    for (Problem guard : changeSet.guards()) {
      line("");
      line(style.red("refused") + ": " + clean.line(guard.message()));
      guard.hints().forEach(hint -> line("    hint: " + clean.line(hint)));
    }
    boolean shown = !changeSet.guards().isEmpty();
    for (Grouped.Group group : Grouped.of(texts(changeSet), fleet(changeSet))) {
      shown |= !group.text().isEmpty();
      out.append(group.text().isEmpty() ? "" : "\n" + group.told());
    }
    if (shown) {
      line("");
    }
    UnmanagedText.of(changeSet.unmanaged(), clean).ifPresent(this::line);
    summary(changeSet);
    return out.toString();
  }

  private void waves(Waves waves) {
    if (waves.list().isEmpty()) {
      return;
    }
    line(
        count(waves.list().size(), "wave")
            + " of members; none starts any more once "
            + (waves.stopAfter() == 1 ? "1 has" : waves.stopAfter() + " have")
            + " failed");
    for (Waves.Wave wave : waves.list()) {
      line(
          Names.listed(
              "  wave " + wave.number() + " (" + clean.line(wave.by()) + "):", wave.members()));
    }
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  /** What is to be said of a step, empty for nothing. */
  private Grouped.Text told(StepPlan step) {
    int start = out.length();
    step(step);
    String text = out.substring(start);
    out.setLength(start);
    String peer = step.step().peer().map(ClusterDeclaration::name).orElse("");
    boolean alone = text.isEmpty() || step.step().subject().host() && peer.isEmpty();
    return new Grouped.Text(alone ? "" : step.step().subject().name(), peer, text);
  }

  private List<Grouped.Text> texts(ChangeSet changeSet) {
    return changeSet.steps().stream().map(this::told).toList();
  }

  /** Of interest where there are pairs only. */
  private Set<String> fleet(ChangeSet changeSet) {
    if (changeSet.steps().stream().allMatch(step -> step.step().peer().isEmpty())) {
      return Set.of();
    }
    return topology.clusters().stream()
        .filter(cluster -> !cluster.absent())
        .map(ClusterDeclaration::name)
        .collect(Collectors.toSet());
  }

  private void step(StepPlan step) {
    switch (step.decision()) {
      case DONE, NOT_NEEDED, EXCLUDED -> {}
      case DEFERRED -> {
        if (step.effective().isEmpty()) {
          return;
        }
        line(
            heading(step)
                + ": "
                + step.step().spec().title()
                + ", "
                + style.yellow("left for the courier"));
        step.changes().forEach(change -> change(step, change));
      }
      case SKIPPED -> {
        line(heading(step) + ": " + style.yellow("skipped") + ", " + clean.line(step.reason()));
      }
      case REFUSED, FAILED -> {
        String word =
            step.decision() == StepPlan.Decision.REFUSED ? "refused" : "cannot be planned";
        line(heading(step) + ": " + style.red(word));
        step.problems()
            .forEach(
                problem -> {
                  line("    " + clean.line(problem.message()));
                  problem.hints().forEach(hint -> line("    hint: " + clean.line(hint)));
                });
      }
      case RUN -> {
        line(heading(step) + ": " + step.step().spec().title());
        step.changes().forEach(change -> change(step, change));
        gate(step);
      }
    }
  }

  private String heading(StepPlan step) {
    return style.bold("step " + step.step().id()) + " on " + step.step().cluster().name();
  }

  private void change(StepPlan step, Change change) {
    if (change instanceof Change.Unchanged) {
      line("    " + change.ref() + " " + style.faint("stays as it is"));
      return;
    }
    boolean creates = Changes.creates(change);
    boolean deletes = change instanceof Change.Delete;
    String glyph =
        creates
            ? style.green("+ create")
            : deletes ? style.red("- delete") : style.yellow("~ patch");
    List<String> waits = Changes.waitsFor(change);
    line(
        "  "
            + glyph
            + " "
            + change.ref()
            + (waits.isEmpty() ? "" : style.faint("  (after " + String.join(", ", waits) + ")")));
    if (step.fromManifest(change)) {
      line(
          "        "
              + style.faint(
                  "as in the manifest that the topology names"
                      + (step.fields(change).isEmpty() ? "" : ", and:")));
    }
    if (!deletes) {
      FieldView.of(step, change, fingerprint).forEach(field -> line("        " + field(field)));
    }
  }

  private String field(FieldView field) {
    String path = clean.line(field.path());
    return switch (field.action()) {
      case "add" -> style.green("+") + " " + path + ": " + after(field);
      case "remove" -> style.red("-") + " " + path + ": " + before(field) + released(field, "");
      default ->
          style.yellow("~")
              + " "
              + path
              + ": "
              + before(field)
              + " -> "
              + after(field)
              + released(field, ", back to what muster replaced");
    };
  }

  private String released(FieldView field, String how) {
    return field.released() ? style.faint("  (no longer declared" + how + ")") : "";
  }

  private String before(FieldView field) {
    return hidden(field, field.before()) ? "(sensitive)" : value(field.before());
  }

  private String after(FieldView field) {
    if (!field.knownAfter().isEmpty()) {
      return style.faint(
          "known after "
              + String.join(", ", field.knownAfter())
              + (field.sensitive() ? " (sensitive)" : ""));
    }
    if (field.generated()) {
      return style.faint(
          (field.making().isEmpty() ? "generated when written" : clean.line(field.making()))
              + " (sensitive)");
    }
    return hidden(field, field.after()) ? "(sensitive)" : value(field.after());
  }

  private static boolean hidden(FieldView field, String value) {
    return field.sensitive() && !value.equals(FieldView.EMPTY);
  }

  private String value(String json) {
    String text = clean.line(json);
    return text.length() > 200 ? text.substring(0, 197) + "..." : text;
  }

  private void gate(StepPlan step) {
    plan.gate(step.step().spec())
        .ifPresent(
            gate -> {
              String limit = Durations.text(gate.limit(topology));
              if (step.gate().orElse(null) instanceof GateStatus.Waiting waiting) {
                line(
                    "    nothing to change; gate "
                        + gate.name()
                        + " is closed: "
                        + clean.line(waiting.why())
                        + " (apply waits up to "
                        + limit
                        + ")");
              } else {
                line(
                    "    " + style.faint("then wait for gate " + gate.name() + ", up to " + limit));
              }
            });
  }

  private void summary(ChangeSet changeSet) {
    long creates = 0;
    long patches = 0;
    long deletes = 0;
    long unchanged = 0;
    for (StepPlan step : changeSet.steps()) {
      if (step.decision() == StepPlan.Decision.DEFERRED) {
        continue;
      }
      for (Change change : step.changes()) {
        if (change instanceof Change.Unchanged) {
          unchanged++;
        } else if (Changes.creates(change)) {
          creates++;
        } else if (change instanceof Change.Delete) {
          deletes++;
        } else {
          patches++;
        }
      }
    }
    List<String> parts = new ArrayList<>();
    parts.add(creates + " to create");
    parts.add(patches + " to patch");
    if (deletes > 0) {
      parts.add(deletes + " to delete");
    }
    parts.add(unchanged + " unchanged");
    if (!changeSet.closedGates().isEmpty()) {
      int closed = changeSet.closedGates().size();
      parts.add(closed + (closed == 1 ? " closed gate" : " closed gates"));
    }
    if (!changeSet.deferred().isEmpty()) {
      parts.add(
          changeSet.deferred().size()
              + (changeSet.deferred().size() == 1 ? " cluster" : " clusters")
              + " deferred");
    }
    if (!changeSet.hasWork() && changeSet.refusals().isEmpty() && changeSet.failures().isEmpty()) {
      line(
          style.green("no changes: ")
              + "every object is as declared"
              + (changeSet.deferred().isEmpty()
                  ? ""
                  : " in the clusters that could be reached; " + parts.get(parts.size() - 1)));
      next(changeSet);
      return;
    }
    line("plan: " + String.join(", ", parts));
    next(changeSet);
    if (!changeSet.refusals().isEmpty()) {
      line(style.red("refused: ") + "apply would write nothing until the above is put right");
    }
  }

  /** What becomes of clusters that a later run may reach; couriers have words of their own. */
  private void next(ChangeSet changeSet) {
    List<String> left =
        changeSet.deferred().stream()
            .filter(state -> !state.cluster().courier())
            .map(state -> state.cluster().name())
            .toList();
    if (!left.isEmpty()) {
      line(
          Names.listed(
              "next: `muster why NAME` tells what is in the way; the run that reaches them goes on:",
              left));
    }
  }

  private void line(String text) {
    out.append(text.stripTrailing()).append('\n');
  }
}
