package dev.muster.apply;

import dev.muster.changes.ChangeSet;
import dev.muster.changes.StepPlan;
import dev.muster.changes.Waves;
import dev.muster.plan.Step;
import dev.muster.topology.ClusterDeclaration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets the members of a change set have their turn wave by wave, and stops before a wave when too
 * many have failed. Steps of the host alone are in no wave.
 */
final class WaveOrder {
  private final Waves waves;
  private final List<StepPlan> steps;

  /** Member to its steps. */
  private final Map<String, List<String>> stepsOf = new HashMap<>();

  /** Step to its member's wave; 0 for a step that is in none. */
  private final Map<String, Integer> waveOf = new HashMap<>();

  /** Step to the highest wave among itself and all that it depends on. */
  private final Map<String, Integer> reach = new HashMap<>();

  /** Wave to the steps that the next wave waits for. */
  private final Map<Integer, List<String>> ends = new HashMap<>();

  WaveOrder(ChangeSet changeSet) {
    waves = changeSet.waves();
    steps = changeSet.steps();
    Map<String, Integer> members = new HashMap<>();
    waves.list().forEach(wave -> wave.members().forEach(m -> members.put(m, wave.number())));
    for (StepPlan step : steps) {
      String id = step.step().id();
      int wave = 0;
      for (ClusterDeclaration member : step.step().members()) {
        // A pair has its turn when both of its members have had theirs.
        wave = Math.max(wave, members.getOrDefault(member.name(), 0));
        if (member.name().equals(charged(step.step()))) {
          stepsOf.computeIfAbsent(member.name(), n -> new ArrayList<>()).add(id);
        }
      }
      waveOf.put(id, wave);
      int highest = wave;
      for (String before : step.step().dependsOn()) {
        highest = Math.max(highest, reach.getOrDefault(before, 0));
      }
      reach.put(id, highest);
      if (wave > 0 && highest == wave) {
        ends.computeIfAbsent(wave, w -> new ArrayList<>()).add(id);
      }
    }
  }

  /**
   * The steps that have to have ended, however, before this one starts: those of the wave before.
   * One among them that itself comes after a step of this wave or a later one, because a step of
   * the host gathers all members in between, is not waited for: each would wait for the other.
   */
  List<String> before(String id) {
    return ends.getOrDefault(waveOf.getOrDefault(id, 0) - 1, List.of());
  }

  /** The wave of a step, when it is in one. */
  Optional<Waves.Wave> wave(String id) {
    int number = waveOf.getOrDefault(id, 0);
    return number == 0 ? Optional.empty() : Optional.of(waves.list().get(number - 1));
  }

  int count() {
    return waves.list().size();
  }

  /**
   * Why a step is left alone, when its wave does not start any more.
   *
   * @param outcomes those of all steps that have ended
   */
  Optional<String> leftAlone(String id, Map<String, StepOutcome> outcomes) {
    int wave = waveOf.getOrDefault(id, 0);
    if (wave == 0) {
      return Optional.empty();
    }
    Set<String> failed = failed(outcomes, wave);
    return failed.size() < waves.stopAfter()
        ? Optional.empty()
        : Optional.of("wave " + wave + " does not start, because of " + String.join(", ", failed));
  }

  /**
   * The member to whom the fate of a step is put down; empty for none. A pair's write fails in the
   * one of the two that is written in, the host's share of it at the other one.
   */
  private static String charged(Step step) {
    return step.members().stream().findFirst().map(ClusterDeclaration::name).orElse("");
  }

  /** The members in waves before one that have failed, in the order of the waves. */
  private Set<String> failed(Map<String, StepOutcome> outcomes, int wave) {
    Set<String> failed = new LinkedHashSet<>();
    for (Waves.Wave earlier : waves.list().subList(0, wave - 1)) {
      for (String member : earlier.members()) {
        List<String> ids = stepsOf.getOrDefault(member, List.of());
        if (ids.stream().anyMatch(id -> failed(outcomes.get(id)))) {
          failed.add(member);
        }
      }
    }
    return failed;
  }

  /**
   * What counts against the budget: that a step of the member was tried, or could not be, and did
   * not end well. A member that could not be reached was not tried, nor one whose host failed.
   */
  private static boolean failed(@Nullable StepOutcome outcome) {
    return outcome instanceof StepOutcome.Failed
        || outcome instanceof StepOutcome.GateFailed
        || outcome instanceof StepOutcome.TimedOut
        || outcome instanceof StepOutcome.Refused
        || outcome instanceof StepOutcome.Stale;
  }

  /** What became of the members when the rollout was stopped; empty when it was not. */
  Optional<RunReport.Stop> stop(Map<String, StepOutcome> outcomes) {
    Set<String> leftAlone = new LinkedHashSet<>();
    Set<String> notDone = new LinkedHashSet<>();
    for (StepPlan step : steps) {
      StepOutcome outcome = outcomes.get(step.step().id());
      String member = charged(step.step());
      if (!member.isEmpty() && outcome instanceof StepOutcome.LeftAlone) {
        leftAlone.add(member);
      } else if (!member.isEmpty() && outcome != null && !outcome.done()) {
        notDone.add(member);
      }
    }
    if (leftAlone.isEmpty()) {
      return Optional.empty();
    }
    Set<String> failed = failed(outcomes, count() + 1);
    List<String> done =
        waves.list().stream()
            .flatMap(wave -> wave.members().stream())
            .filter(m -> !leftAlone.contains(m) && !notDone.contains(m))
            .toList();
    return Optional.of(
        new RunReport.Stop(waves.stopAfter(), done, List.copyOf(failed), List.copyOf(leftAlone)));
  }
}
