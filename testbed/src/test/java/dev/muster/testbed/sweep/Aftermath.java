package dev.muster.testbed.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.sandbox.client.Kind;
import dev.muster.testbed.Muster;
import dev.muster.testbed.Wait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;

/** What has to hold when all is over, however it came about. */
final class Aftermath {
  static final Kind LEASE = new Kind("coordination.k8s.io", "v1", "Lease", "leases", true);

  private Aftermath() {}

  /** What does not hold, in sentences. */
  static List<String> of(Arena arena, Baseline baseline) {
    List<String> wrong = new ArrayList<>();
    String now = EndState.expecting(arena, baseline.endState());
    if (!now.equals(baseline.endState())) {
      wrong.add("the clusters differ:\n" + difference(baseline.endState(), now));
    }
    List<String> created = arena.faults().created().stream().sorted().toList();
    if (!created.equals(baseline.created())) {
      wrong.add("created " + created + " instead of " + baseline.created());
    }
    Muster muster = arena.muster();
    String open = muster.git("for-each-ref", "--format=%(refname)", "refs/muster").strip();
    if (!open.isEmpty()) {
      wrong.add("open records: " + open);
    }
    lock(arena).ifPresent(wrong::add);
    String fsck =
        muster
            .git("fsck", "--full", "--strict", "--no-progress", "--no-dangling")
            .lines()
            .filter(line -> !line.startsWith("notice: "))
            .reduce("", (a, b) -> a + b);
    if (!fsck.isEmpty()) {
      wrong.add("git fsck: " + fsck);
    }
    return wrong;
  }

  /**
   * A run that was killed before it gave its lock back, or whose host refused to take it back,
   * leaves it to its duration, and the next one takes no lock over when it has nothing to write.
   */
  private static Optional<String> lock(Arena arena) {
    JsonNode lease = arena.kubectl(Arena.HOST).get(LEASE, "kube-system", "muster-acme");
    if (lease.at("/spec/holderIdentity").asText().isEmpty()) {
      return Optional.empty();
    }
    List<Muster.Result> applied =
        arena.muster().results().stream()
            .filter(result -> !result.command().startsWith("plan"))
            .filter(result -> !result.command().startsWith("drift"))
            .toList();
    Muster.Result last = applied.get(applied.size() - 1);
    boolean ends = lease.at("/spec/leaseDurationSeconds").asInt(Integer.MAX_VALUE) <= 60;
    boolean told = applied.stream().anyMatch(Aftermath::toldOfTheLock);
    return ends && last.exit() == 0 && (told || last.out().contains("no changes: "))
        ? Optional.empty()
        : Optional.of("the lock is held: " + lease.path("spec") + ", last " + last);
  }

  private static boolean toldOfTheLock(Muster.Result result) {
    return (result.out() + result.err()).contains("the lock of this run could not be given back");
  }

  /**
   * Runs a command until it ends with 0: what the host sees of its members comes and goes for a
   * while after its programs were started anew.
   *
   * @return what it said last when it never did
   */
  static Optional<String> reaches(Arena arena, String... command) {
    AtomicReference<String> said = new AtomicReference<>("");
    try {
      Wait.until(
          Duration.ofSeconds(15),
          String.join(" ", command) + " ends with 0",
          () -> {
            Muster.Result result = arena.muster().call(command);
            said.set(result.toString());
            return result.exit() == 0;
          });
      return Optional.empty();
    } catch (IllegalStateException never) {
      return Optional.ofNullable(said.get());
    }
  }

  static String difference(String expected, String actual) {
    Set<String> missing = new TreeSet<>(lines(expected));
    missing.removeAll(lines(actual));
    Set<String> more = new TreeSet<>(lines(actual));
    more.removeAll(lines(expected));
    StringBuilder text = new StringBuilder();
    missing.stream().limit(20).forEach(line -> text.append("- ").append(line).append('\n'));
    more.stream().limit(20).forEach(line -> text.append("+ ").append(line).append('\n'));
    return text.toString();
  }

  /** Each with the object to which it belongs. */
  private static List<String> lines(String state) {
    List<String> lines = new ArrayList<>();
    String object = "";
    for (String line : state.lines().toList()) {
      object = line.startsWith("--- ") ? line.substring(4) : object;
      lines.add(object + "  " + line);
    }
    return lines;
  }
}
