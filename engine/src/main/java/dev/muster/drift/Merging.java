package dev.muster.drift;

import dev.muster.changes.Expiring;
import dev.muster.changes.Unmanaged;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/** Puts the reports of all parts of a fleet together to what one report would have said. */
public final class Merging {
  private final List<ShardReport> parts;
  private final List<String> clusters;
  private final List<String> steps;

  private Merging(List<ShardReport> parts) {
    this.parts = parts;
    this.clusters = parts.get(0).clusters();
    this.steps = parts.get(0).steps();
  }

  /**
   * One report of all.
   *
   * @throws MusterException when a part is missing or there twice, or when they are not of one
   *     fleet
   */
  public static DriftReport merge(List<ShardReport> parts) {
    check(parts);
    List<ShardReport> sorted =
        parts.stream().sorted(Comparator.comparingInt(part -> part.shard().index())).toList();
    return new Merging(sorted).merged();
  }

  private static void check(List<ShardReport> parts) {
    if (parts.isEmpty()) {
      throw MusterException.of("there is no report to merge", "name the files of all shards");
    }
    ShardReport first = parts.get(0);
    Map<Integer, String> seen = new LinkedHashMap<>();
    for (ShardReport part : parts) {
      same(first, part, "of topology ", p -> p.report().topology());
      same(first, part, "a part of ", p -> String.valueOf(p.shard().of()));
      if (!part.declaration().equals(first.declaration())) {
        throw MusterException.of(
            part.source()
                + " was made from another declaration of the topology, or another plan, than "
                + first.source(),
            "make the reports of all shards anew, from one commit of the topology");
      }
      String before = seen.put(part.shard().index(), part.source());
      if (before != null) {
        throw MusterException.of(
            "shard " + part.shard() + " is there twice: " + before + " and " + part.source(),
            "name one report of each shard");
      }
    }
    TreeSet<Integer> missing = new TreeSet<>();
    IntStream.rangeClosed(1, first.shard().of()).forEach(missing::add);
    missing.removeAll(seen.keySet());
    if (!missing.isEmpty()) {
      List<String> names = missing.stream().map(i -> i + "/" + first.shard().of()).toList();
      throw MusterException.of(
          (names.size() == 1 ? "shard " : "shards ")
              + String.join(", ", names)
              + (names.size() == 1 ? " is missing" : " are missing"),
          "muster drift --shard " + names.get(0) + " -o json makes its report");
    }
  }

  private static void same(
      ShardReport first, ShardReport part, String what, Function<ShardReport, String> of) {
    if (!of.apply(first).equals(of.apply(part))) {
      throw MusterException.of(
          part.source()
              + " is "
              + what
              + of.apply(part)
              + ", and "
              + first.source()
              + " "
              + what
              + of.apply(first),
          "name the reports of one fleet only");
    }
  }

  private DriftReport merged() {
    List<Expiring> expiring =
        new ArrayList<>(all(r -> r.expiring(), e -> cluster(e.cluster()), e -> 0));
    // The next first; what runs out at the same moment in the order of the clusters.
    expiring.sort(Comparator.comparing(Expiring::at));
    return new DriftReport(
        parts.get(0).report().topology(),
        parts.stream().map(p -> p.report().at()).min(Instant::compareTo).orElseThrow(),
        all(r -> r.clusters(), c -> cluster(c.name()), c -> 0),
        all(r -> r.fields(), f -> step(f.step()), f -> subject(f.step())),
        all(r -> r.closedGates(), g -> step(stepOf(g)), g -> subject(stepOf(g))),
        problems(),
        unmanaged(),
        expiring);
  }

  private static String stepOf(String closedGate) {
    return closedGate.substring(0, Math.max(0, closedGate.indexOf(':')));
  }

  private <T> List<T> all(
      Function<DriftReport, List<T>> of, ToIntFunction<T> first, ToIntFunction<T> then) {
    return parts.stream()
        .flatMap(part -> of.apply(part.report()).stream())
        .sorted(Comparator.comparingInt(first).thenComparingInt(then))
        .toList();
  }

  private int cluster(String name) {
    return clusters.indexOf(name);
  }

  /** Steps that no plan has come last. */
  private int step(String id) {
    int bracket = id.indexOf('[');
    int index = steps.indexOf(bracket < 0 ? id : id.substring(0, bracket));
    return index < 0 ? steps.size() : index;
  }

  private int subject(String id) {
    int bracket = id.indexOf('[');
    // Of a pair it is the cluster that is written in.
    return bracket < 0 ? 0 : cluster(id.substring(bracket + 1, id.length() - 1).split("/", 2)[0]);
  }

  private record Told(ShardReport.Origin origin, Problem problem) {}

  private List<Problem> problems() {
    List<Told> told = new ArrayList<>();
    for (ShardReport part : parts) {
      for (int i = 0; i < part.problems().size(); i++) {
        told.add(new Told(part.problems().get(i), part.report().problems().get(i)));
      }
    }
    told.sort(
        Comparator.comparingInt((Told t) -> t.origin().rank())
            .thenComparingInt(t -> step(t.origin().step()))
            .thenComparingInt(t -> subject(t.origin().step())));
    return told.stream().map(Told::problem).distinct().toList();
  }

  /** The part that has the host tells of those. */
  private Unmanaged unmanaged() {
    return parts.stream()
        .map(part -> part.report().unmanaged())
        .filter(u -> !u.members().isEmpty() || !u.unknown().isEmpty())
        .findFirst()
        .orElseGet(Unmanaged::none);
  }
}
