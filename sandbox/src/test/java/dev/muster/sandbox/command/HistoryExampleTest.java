package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** {@code examples/history.yaml}: what is remembered of runs, and the way back. */
class HistoryExampleTest {
  private final List<String> runs = new ArrayList<>();

  @Test
  void showsWhatTheExampleShows() throws Exception {
    try (Fleet fleet = Fleet.of(2, "3.3")) {
      String topology = Transcript.topology("history");
      Files.writeString(
          fleet.folder.resolve(".git/config"),
          "[user]\n\tname = Ann Example\n\temail = ann@example.org\n",
          StandardOpenOption.APPEND);
      Transcript shown = Transcript.of("history").within(fleet.folder + "/");

      commit(fleet, topology, "Declare two members");
      shown.addEnd("muster apply --yes", known(fleet, fleet.apply().exits(0)));
      shown.say("m2 goes into production, and the change is committed");
      commit(fleet, topology.replace("group: test", "group: production"), "Put m2 to work");
      shown.addEnd("muster apply --yes", known(fleet, fleet.apply().exits(0)));
      shown.add("muster history", known(fleet, fleet.muster("history")));
      shown.add("muster show", known(fleet, fleet.muster("show").exits(0)));
      String log = git(fleet.folder, "log", "--format=%s%n%n%b", "muster/history");
      shown.add(
          "git log --format=%s%n%n%b muster/history", known(fleet, new Fleet.Result(0, log, "")));
      String label = "Cluster/m2:metadata.labels['cluster.kubesphere.io/group']";
      shown.add("muster blame \"" + label + "\"", known(fleet, fleet.muster("blame", label)));
      shown.add(
          "muster blame host:Cluster/m2", known(fleet, fleet.muster("blame", "host:Cluster/m2")));
      shown.add("muster diff " + name(0), known(fleet, fleet.muster("diff", runs.get(0))));
      shown.add(
          "muster diff " + name(0) + " " + name(1),
          known(fleet, fleet.muster("diff", runs.get(0), runs.get(1))));
      shown.add(
          "muster rollback " + name(0) + " --plan",
          known(fleet, fleet.muster("rollback", runs.get(0), "--plan").exits(0)));
      Fleet.Result back = fleet.muster("rollback", runs.get(0), "--yes").exits(0);
      shown.addEnd("muster rollback " + name(0) + " --yes", known(fleet, back));
      shown.say("cron comes by, and does not undo the rollback");
      shown.add("muster apply --yes", known(fleet, fleet.apply().exits(5)));
      Fleet.Result written = fleet.muster("rollback", runs.get(0), "--yes", "--write-file");
      shown.add("muster rollback " + name(0) + " --yes --write-file", known(fleet, written));
      shown.add("muster plan", fleet.muster("plan").exits(0));
      shown.add("muster history", known(fleet, fleet.muster("history")));
      shown.isAsWritten();
      assertThat(git(fleet.folder, "fsck", "--strict")).doesNotContain("error");
    }
  }

  private static String name(int run) {
    return "20261126-090000-run" + (run + 1);
  }

  /** The same with steady ids of the runs so far. */
  private Fleet.Result known(Fleet fleet, Fleet.Result result) {
    List<String> ids =
        new ArrayList<>(fleet.muster("history", "-o", "json").json().findValuesAsText("runId"));
    java.util.Collections.reverse(ids);
    ids.stream().filter(id -> !runs.contains(id)).forEach(runs::add);
    String out = result.out();
    String err = result.err();
    for (int i = 0; i < runs.size(); i++) {
      out = out.replace(runs.get(i), name(i));
      err = err.replace(runs.get(i), name(i));
    }
    return new Fleet.Result(result.code(), out, err);
  }

  private static void commit(Fleet fleet, String topology, String message)
      throws IOException, InterruptedException {
    fleet.topology(topology);
    git(fleet.folder, "add", "topology.yaml");
    git(fleet.folder, "commit", "-q", "-m", message);
  }

  private static String git(Path dir, String... args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git", "-C", dir.toString()));
    command.addAll(List.of(args));
    Path out = Files.createTempFile("git", ".out");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
    builder.environment().put("GIT_AUTHOR_DATE", "2026-11-26T08:00:00Z");
    builder.environment().put("GIT_COMMITTER_DATE", "2026-11-26T08:00:00Z");
    builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String text = Files.readString(out);
    Files.delete(out);
    assertThat(process.exitValue()).as(command + ": " + text).isZero();
    return text;
  }
}
