package dev.muster.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.changes.ChangeSet;
import dev.muster.changes.StepPlan;
import dev.muster.changes.Waves;
import dev.muster.plan.Plan;
import dev.muster.topology.Durations;
import dev.muster.topology.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What people have to know before a secret is replaced: who is logged out, and when. */
public final class RotationText {
  private final Plan plan;
  private final Topology topology;
  private final Clean clean;
  private final Style style;
  private final StringBuilder out = new StringBuilder();

  public RotationText(Plan plan, Topology topology, Clean clean, Style style) {
    this.plan = plan;
    this.topology = topology;
    this.clean = clean;
    this.style = style;
  }

  /**
   * What to tell of a rotation.
   *
   * @param value where its new value comes from
   * @param window who is logged out
   * @param notes what else to know
   */
  public record Told(
      String name, String description, String value, String window, List<String> notes) {
    public Told {
      notes = List.copyOf(notes);
    }
  }

  /** The text before the change set itself; without times when there is nothing left to do. */
  public String render(Told told, ChangeSet changeSet) {
    line(style.bold("rotation " + told.name()) + ": " + clean.line(told.description()));
    line("  new value: " + clean.line(told.value()) + "; it is never shown");
    if (changeSet.hasWork()) {
      line("  logged out: " + clean.line(told.window()));
      times(changeSet);
    }
    told.notes().forEach(note -> line("  note: " + clean.line(note)));
    line("");
    return out.toString();
  }

  /** At the latest, since gates open as soon as they can. */
  private void times(ChangeSet changeSet) {
    for (Turn turn : turns(changeSet)) {
      String end = Durations.text(turn.end()) + " of the start";
      if (turn.wave() == 0) {
        String host = turn.end().isZero() ? "done" : "within " + end;
        line("    host " + topology.host().name() + ": " + host);
      } else {
        line(
            "    wave "
                + turn.wave()
                + " ("
                + clean.line(turn.by())
                + "): "
                + String.join(", ", turn.members())
                + ": over within "
                + end);
      }
    }
  }

  /**
   * When whose users can log in again, at the latest.
   *
   * @param wave its number, 0 for the host
   * @param end since the start of the run
   */
  private record Turn(int wave, String by, List<String> members, Duration end) {}

  private List<Turn> turns(ChangeSet changeSet) {
    List<Turn> turns = new ArrayList<>();
    Duration end = limit(changeSet, "");
    turns.add(new Turn(0, "", List.of(topology.host().name()), end));
    for (Waves.Wave wave : changeSet.waves().list()) {
      Duration longest = Duration.ZERO;
      for (String member : wave.members()) {
        Duration limit = limit(changeSet, member);
        longest = limit.compareTo(longest) > 0 ? limit : longest;
      }
      end = end.plus(longest);
      turns.add(new Turn(wave.number(), wave.by(), wave.members(), end));
    }
    return turns;
  }

  /** The same for programs, as {@code rotation} of a change set. */
  public ObjectNode json(Told told, ChangeSet changeSet) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("name", told.name()).put("newValue", clean.line(told.value()));
    ArrayNode windows = node.putArray("loggedOut");
    if (changeSet.hasWork()) {
      node.put("window", clean.line(told.window()));
      for (Turn turn : turns(changeSet)) {
        ObjectNode one = windows.addObject().put("wave", turn.wave());
        turn.members().forEach(one.putArray("clusters")::add);
        one.put("overWithinSeconds", turn.end().toSeconds());
      }
    }
    ArrayNode notes = node.putArray("notes");
    told.notes().forEach(note -> notes.add(clean.line(note)));
    return node;
  }

  /** How long the steps of a member, or of the host alone, may wait one after the other. */
  private Duration limit(ChangeSet changeSet, String member) {
    Map<String, Duration> limits = new LinkedHashMap<>();
    for (StepPlan step : changeSet.steps()) {
      String of = step.step().member().map(m -> m.name()).orElse("");
      if (of.equals(member) && step.decision() == StepPlan.Decision.RUN) {
        plan.gate(step.step().spec())
            .ifPresent(gate -> limits.put(step.step().id(), gate.limit(topology)));
      }
    }
    return limits.values().stream().reduce(Duration.ZERO, Duration::plus);
  }

  private void line(String text) {
    out.append(text.stripTrailing()).append('\n');
  }
}
