package dev.muster.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.apply.RunRecorder.Interrupted;
import dev.muster.problem.MusterException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InterruptedRunTest {
  @TempDir Path temp;
  private Git git;
  private Path repository;

  @BeforeEach
  void repository() {
    git = new Git(temp);
    repository = git.repository("acme");
  }

  @Test
  void findsAndClosesARunWhoseProcessIsGone() {
    try (GitHistory dead = Git.history(repository)) {
      Git.record(dead, "r0", "before");
      dead.begin(
          "r1",
          "apply 3 changes",
          Map.of("change-set.json", "{}\n"),
          Map.of("Plan", "demo 1", "Result", "open"));
    }
    try (GitHistory history = Git.history(repository)) {
      assertThat(history.runs(5)).hasSize(1);
      Interrupted run = history.interrupted().get(0);
      assertThat(run.runId()).isEqualTo("r1");
      assertThat(run.summary()).isEqualTo("apply 3 changes");
      assertThat(Instant.parse(run.begun())).isBeforeOrEqualTo(Instant.now());

      history.closeInterrupted(run, "interrupted: apply 3 changes");
      history.closeInterrupted(run, "once more");
      assertThat(history.interrupted()).isEmpty();
      RunEntry entry = history.latest().orElseThrow();
      assertThat(entry.summary()).isEqualTo("interrupted: apply 3 changes");
      assertThat(entry.trailers())
          .containsOnly(Map.entry("Plan", "demo 1"), Map.entry("Result", "interrupted"));
      assertThat(history.files(entry)).containsOnly(Map.entry("change-set.json", "{}\n"));
      assertThat(history.runs(5)).hasSize(2);
    }
    assertThat(git.run(repository, "for-each-ref", "refs/muster")).isEmpty();
    git.assertSound(repository);
  }

  @Test
  void tidiesARunThatDiedBetweenItsEntryAndTheEndOfItsIntent() {
    try (GitHistory history = Git.history(repository)) {
      Git.record(history, "r0", "before");
      var run = history.begin("r1", "apply", Map.of(), Map.of());
      String open = git.run(repository, "rev-parse", "refs/muster/open/r1").strip();
      run.finish("done", Map.of(), Map.of());
      Git.record(history, "r2", "later");
      git.run(repository, "update-ref", "refs/muster/open/r1", open);

      Interrupted stale = new Interrupted("r1", "2026-11-23T00:00:00Z", "apply");
      assertThat(history.interrupted()).isEmpty();
      assertThat(git.run(repository, "for-each-ref", "refs/muster")).isEmpty();

      git.run(repository, "update-ref", "refs/muster/open/r1", open);
      history.closeInterrupted(stale, "interrupted");
      assertThat(git.run(repository, "for-each-ref", "refs/muster")).isEmpty();
      assertThat(history.runs(9)).extracting(RunEntry::runId).containsExactly("r2", "r1", "r0");
    }
    git.assertSound(repository);
  }

  @Test
  void listsOpenRunsOldestFirst() {
    try (GitHistory history = Git.history(repository)) {
      history.begin("b", "first", Map.of(), Map.of());
      history.begin("a", "second", Map.of(), Map.of());
      assertThat(history.interrupted()).extracting(Interrupted::begun).isSorted();
      assertThat(history.interrupted()).hasSize(2);
    }
  }

  @Test
  void addsTheTruthToARunThatWasTakenForDead() {
    try (GitHistory history = Git.history(repository)) {
      var run = history.begin("r1", "apply", Map.of(), Map.of());
      history.closeInterrupted(history.interrupted().get(0), "interrupted");
      run.finish("converged after all", Map.of(), Map.of());
      assertThat(history.run("r1").map(RunEntry::summary)).contains("converged after all");
      assertThat(history.runs(5)).hasSize(2);
      assertThat(history.interrupted()).isEmpty();
    }
  }

  @Test
  void namesADamagedOpenRecordAndTheWayOut() {
    try (GitHistory history = Git.history(repository)) {
      Git.write(repository.resolve(".git/refs/muster/open/r1"), "2".repeat(40) + "\n");
      assertThatThrownBy(history::interrupted)
          .isInstanceOf(MusterException.class)
          .hasMessageContaining("open run refs/muster/open/r1 is damaged")
          .hasMessageContaining("git update-ref -d refs/muster/open/r1");
      git.run(repository, "update-ref", "-d", "refs/muster/open/r1");
      assertThat(history.interrupted()).isEmpty();
    }
  }
}
