package dev.muster.changes;

import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.Rollout;
import dev.muster.topology.Topology;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The members that a change set has work for, in the groups in which they get their turn. A run
 * starts a wave when the one before it has ended, and none any more when its budget is used up.
 *
 * @param list each with at least one member; empty when all members have their turn at once
 * @param stopAfter so many failed members use the budget up
 */
public record Waves(List<Wave> list, int stopAfter) {
  public Waves {
    list = List.copyOf(list);
  }

  /**
   * One group.
   *
   * @param number counted from 1
   * @param by the entry of the topology that it comes from, as people read it
   * @param members in the order of the topology
   */
  public record Wave(int number, String by, List<String> members) {
    public Wave {
      members = List.copyOf(members);
    }
  }

  public static Waves none() {
    return new Waves(List.of(), Integer.MAX_VALUE);
  }

  /**
   * Places every member that has work: by the first {@code where} that it fits, wherever that
   * stands in the list, else by the {@code batch} entries in the order of the file. The last batch
   * is repeated, where it stands, until all are placed; without any batch the rest is the last
   * wave. Percentages are of all members, with work or without, so that a run that goes on where
   * another was stopped has waves of the same size. A wave without members is none.
   */
  static Waves of(Topology topology, List<StepPlan> steps) {
    return placed(topology, withWork(topology, steps));
  }

  /** How members would be placed if there were work for each of them. */
  public static Waves ifAllHaveWork(Topology topology) {
    return placed(topology, topology.members());
  }

  private static Waves placed(Topology topology, List<ClusterDeclaration> members) {
    Optional<Rollout> rollout = topology.rollout();
    if (rollout.isEmpty()) {
      return none();
    }
    List<Rollout.Entry> entries = rollout.get().waves();
    Map<Integer, List<String>> fitting = new HashMap<>();
    List<String> rest = new ArrayList<>();
    for (ClusterDeclaration member : members) {
      OptionalInt where = where(entries, member);
      List<String> group =
          where.isPresent()
              ? fitting.computeIfAbsent(where.getAsInt(), i -> new ArrayList<>())
              : rest;
      group.add(member.name());
    }
    List<Wave> waves = new ArrayList<>();
    int lastBatch = lastBatch(entries);
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i) instanceof Rollout.Batch batch) {
        int size = batch.size(topology.members().size());
        do {
          add(waves, batch.toString(), cut(rest, size));
        } while (i == lastBatch && !rest.isEmpty());
      } else {
        add(waves, entries.get(i).toString(), fitting.getOrDefault(i, List.of()));
      }
    }
    add(waves, "the rest", rest);
    return new Waves(waves, rollout.get().stopAfter());
  }

  /** The first entry whose labels a member has. */
  private static OptionalInt where(List<Rollout.Entry> entries, ClusterDeclaration member) {
    return IntStream.range(0, entries.size())
        .filter(i -> entries.get(i) instanceof Rollout.Where where && where.fits(member))
        .findFirst();
  }

  private static List<ClusterDeclaration> withWork(Topology topology, List<StepPlan> steps) {
    Set<String> names = new LinkedHashSet<>();
    for (StepPlan step : steps) {
      boolean work =
          step.decision() == StepPlan.Decision.RUN || step.decision() == StepPlan.Decision.FAILED;
      if (work) {
        step.step().members().forEach(member -> names.add(member.name()));
      }
    }
    return topology.members().stream().filter(member -> names.contains(member.name())).toList();
  }

  private static int lastBatch(List<Rollout.Entry> entries) {
    int last = -1;
    for (int i = 0; i < entries.size(); i++) {
      last = entries.get(i) instanceof Rollout.Batch ? i : last;
    }
    return last;
  }

  private static List<String> cut(List<String> rest, int size) {
    List<String> head = rest.subList(0, Math.min(size, rest.size()));
    List<String> members = List.copyOf(head);
    head.clear();
    return members;
  }

  private static void add(List<Wave> waves, String by, List<String> members) {
    if (!members.isEmpty()) {
      waves.add(new Wave(waves.size() + 1, by, members));
    }
  }

  /** The wave in which a member has its turn. */
  public OptionalInt of(String member) {
    return list.stream()
        .filter(wave -> wave.members().contains(member))
        .mapToInt(Wave::number)
        .findFirst();
  }
}
