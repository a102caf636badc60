package dev.muster.sandbox.command;

import dev.muster.sandbox.controller.install.Definitions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What is printed for those who do not sit at the terminal. */
@Execution(ExecutionMode.CONCURRENT)
class DailyRoundTest {
  /** The example, and what its commands print. */
  @Test
  void doesWhatTheExampleShows() {
    try (Fleet fleet = Fleet.of(3, "3.3")) {
      fleet.topology(Transcript.topology("daily-round"));
      fleet.apply().exits(0);
      Transcript shown = Transcript.of("daily-round").within(fleet.folder.toString());
      shown.say("the rights of an account that looks, on a member");
      add(shown, fleet, "rbac", "--for", "drift", "--cluster", "m1");
      shown.say("every quarter of an hour, by cron");
      add(shown, fleet, "schedule", "--every", "15m", "--as", "cron");
      add(shown, fleet, "schedule", "--every", "45m", "--as", "cron");
      shown.say("each morning, by systemd; what has drifted is put right");
      add(shown, fleet, "schedule", "--every", "1d", "--as", "systemd", "--command", "heal");
      shown.say("by Kubernetes, eight pods at a time");
      add(
          shown,
          fleet,
          "schedule",
          "--every",
          "15m",
          "--as",
          "cronjob",
          "--image",
          "registry.example.com/muster:1",
          "--shards",
          "8");
      shown.say("instead of coming back, to stay and hear of a change within a second");
      add(shown, fleet, "schedule", "--command", "watch", "--as", "systemd");
      add(
          shown,
          fleet,
          "schedule",
          "--command",
          "watch",
          "--as",
          "deployment",
          "--image",
          "registry.example.com/muster:1");
      add(shown, fleet, "schedule", "--command", "watch", "--every", "5m", "--as", "systemd");
      add(shown, fleet, "schedule", "--as", "systemd");
      shown.say("somebody edits the registration of m2; what two shards say, put together");
      fleet.edit("host", Definitions.CLUSTER, "", "m2", "{spec: {enable: false}}");
      String first = fleet.muster("drift", "--shard", "1/2", "-o", "json").out();
      String second = fleet.muster("drift", "--shard", "2/2", "-o", "json").out();
      List<String> files =
          List.of(
              fleet.write("1.json", first).toString(), fleet.write("2.json", second).toString());
      shown.add("muster drift merge 1.json", ShardsTest.merge(files.subList(0, 1)));
      shown.add("muster drift merge 1.json 2.json", ShardsTest.merge(files));
      shown.isAsWritten();
    }
  }

  private static void add(Transcript shown, Fleet fleet, String... command) {
    shown.add("muster " + String.join(" ", command), fleet.muster(command));
  }
}
