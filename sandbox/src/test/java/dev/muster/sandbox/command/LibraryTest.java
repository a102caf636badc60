package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.api.Muster;
import dev.muster.api.MusterOptions;
import dev.muster.api.Planned;
import dev.muster.api.RunResult;
import dev.muster.apply.RunEvent;
import dev.muster.problem.MusterException;
import dev.muster.sandbox.controller.install.Definitions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** muster as a library: the same flow without a command line. */
@Execution(ExecutionMode.CONCURRENT)
class LibraryTest {
  @Test
  void theExampleProgramRunsAndPrintsWhatIsKeptBesideIt() throws Exception {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      Transcript transcript = Transcript.of("library").within(fleet.folder + "/");
      String command = "java -cp 'muster/lib/*' Reconcile.java topology.yaml";
      transcript.add(command, withoutWaiting(program(fleet)));
      transcript.add(command, program(fleet));
      transcript.add(command.replace("topology", "broken"), broken(fleet));
      transcript.isAsWritten();
    }
  }

  private static Fleet.Result program(Fleet fleet) throws Exception {
    return program(fleet.folder.resolve("topology.yaml"));
  }

  /** What its steps say while they wait differs. */
  private static Fleet.Result withoutWaiting(Fleet.Result result) {
    String out = result.out();
    int run = out.indexOf("\nrun ");
    int wrote = out.indexOf("\nwrote: ");
    assertThat(run).as(result.all()).isPositive();
    assertThat(wrote).as(result.all()).isGreaterThan(run);
    return new Fleet.Result(
        result.code(), out.substring(0, run) + "\n..." + out.substring(wrote), result.err());
  }

  private static Fleet.Result broken(Fleet fleet) throws Exception {
    Path file = fleet.folder.resolve("broken.yaml");
    String text = Files.readString(fleet.folder.resolve("topology.yaml"));
    Files.writeString(file, text.replace("members:", "memberz:"));
    return program(file);
  }

  private static Fleet.Result program(Path topology) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "../examples/library/Reconcile.java",
                topology.toString())
            .redirectError(topology.resolveSibling("err").toFile())
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String err = Files.readString(topology.resolveSibling("err"));
    return new Fleet.Result(process.exitValue(), out, err);
  }

  @Test
  void plansAppliesAndFindsDriftAsTheCommandsDo() throws IOException {
    try (Fleet fleet = Fleet.of(2, "3.4")) {
      Muster muster = muster(fleet);
      assertThat(muster.validate().valid()).isTrue();
      ConcurrentLinkedQueue<RunEvent> events = new ConcurrentLinkedQueue<>();
      StringWriter told = new StringWriter();
      try (Planned planned = muster.plan()) {
        assertThat(planned.text()).isEqualTo(fleet.muster("plan").out());
        assertThat(planned.json()).contains("\"kind\" : \"ChangeSet\"");
        assertThat(planned.markdown()).contains("register[m2]");
        var telling = planned.telling(new PrintWriter(told, true));
        RunResult result =
            planned.apply(
                event -> {
                  events.add(event);
                  telling.on(event);
                });
        assertThat(result.converged()).isTrue();
        RunResult.Ended ended = (RunResult.Ended) result;
        assertThat(ended.branch()).hasValueSatisfying(b -> assertThat(b).startsWith("muster/"));
        assertThat(events).anyMatch(e -> e instanceof RunEvent.Changed);
        assertThat(told.toString()).contains("register[m1]");
        fleet.muster("history").says(ended.report().runId());
      }
      assertThat(muster.drift(Duration.ZERO).fields()).isEmpty();
      fleet.edit("host", Definitions.CLUSTER, "", "m1", "{spec: {joinFederation: false}}");
      assertThat(muster.drift(Duration.ZERO).fields())
          .singleElement()
          .satisfies(field -> assertThat(field.field().path()).isEqualTo("spec.joinFederation"));
      assertThat(applied(muster.with(MusterOptions.standard().only("m2"))))
          .isInstanceOf(RunResult.NothingToDo.class);
      assertThat(applied(muster)).isInstanceOf(RunResult.Ended.class);
      assertThat(applied(muster)).isInstanceOf(RunResult.NothingToDo.class);
    }
  }

  @Test
  void tellsAllProblemsOfAFileAtOnce() throws IOException {
    Path folder = Files.createTempDirectory("muster-library");
    Path file = Files.writeString(folder.resolve("t.yaml"), "kind: Topologie\nspec: {hots: {}}\n");
    Muster muster = Muster.of(file);
    assertThat(muster.validate().problems()).hasSizeGreaterThan(1);
    assertThatThrownBy(muster::plan).isInstanceOf(MusterException.class);
  }

  @Test
  void appliesExactlyWhatWasSavedOrStops() throws IOException {
    try (Fleet fleet = Fleet.joined(1, "3.3")) {
      fleet.topology("", "- {name: m1, labels: {tier: gold}}");
      Path file = fleet.folder.resolve("changes.json");
      try (Planned planned = muster(fleet).plan()) {
        planned.save(file);
      }
      fleet.edit("host", Definitions.CLUSTER, "", "m1", "{metadata: {labels: {tier: iron}}}");
      RunResult.Ended stopped = (RunResult.Ended) applied(Muster.saved(file));
      assertThat(stopped.converged()).isFalse();
      assertThat(fleet.cluster("m1").at("/metadata/labels/tier").asText()).isEqualTo("iron");

      fleet.edit("host", Definitions.CLUSTER, "", "m1", "{metadata: {labels: {tier: null}}}");
      assertThat(applied(Muster.saved(file)).converged()).isTrue();
      assertThat(fleet.cluster("m1").at("/metadata/labels/tier").asText()).isEqualTo("gold");
    }
  }

  @Test
  void doesNotGoForwardToWhatWasRolledBackUnlessItIsTold() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet.topology("", "- {name: m1, labels: {tier: gold}}");
      RunResult.Ended first = (RunResult.Ended) applied(muster(fleet));
      fleet.topology("", "- {name: m1, labels: {tier: iron}}");
      assertThat(applied(muster(fleet)).converged()).isTrue();
      fleet.muster("rollback", first.report().runId(), "--yes").exits(0);

      RunResult refused = applied(muster(fleet));
      assertThat(((RunResult.Refused) refused).problems().toString()).contains("rolled back");
      Muster forward = muster(fleet).with(MusterOptions.standard().goingForward());
      assertThat(applied(forward).converged()).isTrue();
      assertThat(fleet.cluster("m1").at("/metadata/labels/tier").asText()).isEqualTo("iron");
    }
  }

  @Test
  void ofTwoAtOnceOneWorksAndAnInterruptedOneEndsInOrder() throws Exception {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch goOn = new CountDownLatch(1);
      ConcurrentLinkedQueue<RunResult> results = new ConcurrentLinkedQueue<>();
      try (Planned first = muster(fleet).plan()) {
        Thread thread =
            new Thread(
                () ->
                    results.add(
                        first.apply(
                            event -> {
                              if (event instanceof RunEvent.StepStarted) {
                                begun.countDown();
                                await(goOn);
                              }
                            })));
        thread.start();
        await(begun);
        assertThat(applied(muster(fleet))).isInstanceOf(RunResult.Locked.class);
        first.interrupt();
        goOn.countDown();
        thread.join(TimeUnit.SECONDS.toMillis(60));
      }
      RunResult.Ended ended = (RunResult.Ended) results.remove();
      assertThat(ended.report().interrupted()).isTrue();
      assertThat(applied(muster(fleet)).converged()).isTrue();
      fleet.muster("drift").exits(0);
    }
  }

  @Test
  void aRunThatIsOutOfMemoryEndsWithItsRecordAndGivesTheLockBack() throws IOException {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      try (Planned planned = muster(fleet).plan()) {
        RunResult result =
            planned.apply(
                event -> {
                  if (event instanceof RunEvent.Changed) {
                    throw new OutOfMemoryError("as if");
                  }
                });
        assertThat(result.converged()).isFalse();
        assertThat(((RunResult.Ended) result).report().outcomes().values())
            .anySatisfy(
                outcome -> assertThat(outcome.detail()).startsWith("out of memory in step host-"));
      }
      assertThat(fleet.muster("lock").out()).doesNotContain("held");
      assertThat(fleet.muster("history").out())
          .contains("1 change, not all done")
          .doesNotContain("open");
      fleet.muster("apply", "--yes").exits(0);
    }
  }

  @Test
  void writesNothingWhenTheHostCannotBeReachedOrAMemberVanished() throws IOException {
    try (Fleet fleet = Fleet.joined(2, "3.3")) {
      fleet.topology("", "- name: m1");
      RunResult refused = applied(muster(fleet));
      assertThat(refused).isInstanceOf(RunResult.Refused.class);
      assertThat(((RunResult.Refused) refused).problems().toString()).contains("m2");
      assertThat(applied(muster(fleet).with(MusterOptions.standard().pruning())).converged())
          .isTrue();
      fleet.sandbox.server().cluster("host").unavailable(true);
      assertThat(applied(muster(fleet))).isInstanceOf(RunResult.Refused.class);
    }
  }

  private static Muster muster(Fleet fleet) {
    return Muster.of(fleet.folder.resolve("topology.yaml"));
  }

  private static RunResult applied(Muster muster) {
    try (Planned planned = muster.plan()) {
      return planned.apply(event -> {});
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
