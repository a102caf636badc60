package dev.muster.testbed.sweep;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.testbed.Muster;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Another run does the work of one that hangs.
 *
 * @param released whether somebody gave back the lock of the one that hangs
 * @param second what the other run has said
 * @param wrong what is not as it has to be, in sentences
 */
record TakeOver(boolean released, Muster.Result second, List<String> wrong) {
  private static final Pattern RECORDED = Pattern.compile("muster show (\\S+)");

  static TakeOver of(Arena arena, Scenario scenario, Stop.Loss loss) {
    List<String> wrong = new ArrayList<>();
    boolean released = false;
    if (loss == Stop.Loss.RELEASED) {
      Muster.Result release = arena.muster().call("lock", "release", "--yes");
      released = release.out().contains("released");
      if (release.exit() != 0) {
        wrong.add(release.toString());
      }
    } else {
      age(arena);
    }
    Muster.Result second = arena.muster().call(Scenario.words(scenario.again()));
    if (second.exit() != 0) {
      wrong.add("the run that takes over: " + second);
    }
    Matcher recorded = RECORDED.matcher(second.out());
    if (recorded.find()) {
      Muster.Result shown = arena.muster().call("show", recorded.group(1));
      if (shown.exit() != 0 || !shown.out().contains("done")) {
        wrong.add("the record of the run that took over: " + shown);
      }
    }
    return new TakeOver(released, second, wrong);
  }

  /** Whether the run that hangs has lost its lock. */
  boolean happened() {
    return released || (second.out() + second.err()).contains("took over the lock");
  }

  /** As if a minute had passed since the last renewal; the next run then looks for another one. */
  private static void age(Arena arena) {
    ApiClient kubectl = arena.kubectl(Arena.HOST);
    Optional<ObjectNode> lease = kubectl.find(Aftermath.LEASE, "kube-system", "muster-acme");
    if (lease.isPresent() && !lease.get().at("/spec/holderIdentity").asText().isEmpty()) {
      ObjectNode older = lease.get().deepCopy();
      older.withObjectProperty("spec").put("renewTime", "2026-01-01T00:00:00.000000Z");
      kubectl.update(Aftermath.LEASE, older);
    }
  }
}
