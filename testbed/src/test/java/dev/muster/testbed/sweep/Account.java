package dev.muster.testbed.sweep;

import dev.muster.testbed.Muster;
import java.util.ArrayList;
import java.util.List;

/** What a run that failed has to say for itself. */
final class Account {
  private Account() {}

  /** What is missing in it, in sentences. */
  static List<String> of(FaultyRun run, Muster.Result said) {
    if (said.exit() == 0) {
      return List.of();
    }
    List<String> missing = new ArrayList<>();
    String text = said.out() + said.err();
    if (!text.contains(run.point().cluster())) {
      missing.add("it does not name the cluster");
    }
    if (!text.contains("next: ") && !text.contains("hint: ")) {
      missing.add("it does not say what to do");
    }
    return missing;
  }

  /** The record of a run says what its exit code says. */
  static List<String> ofRecord(Arena arena, Muster.Result said) {
    if (!said.out().contains("recorded on branch ")) {
      return List.of();
    }
    String result =
        arena.muster().git("log", "-1", "--format=%(trailers:key=Result,valueonly)", "muster/acme");
    boolean good = result.strip().equals("done");
    return good == (said.exit() == 0)
        ? List.of()
        : List.of("it ended with " + said.exit() + ", and the record says " + result.strip());
  }
}
