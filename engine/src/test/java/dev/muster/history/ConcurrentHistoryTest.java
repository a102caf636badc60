package dev.muster.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.problem.MusterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConcurrentHistoryTest {
  @TempDir Path temp;
  private Git git;
  private Path repository;

  @BeforeEach
  void repository() {
    git = new Git(temp);
    repository = git.repository("acme");
  }

  @Test
  void keepsEveryRunOfFourWriters() throws Exception {
    Set<String> expected = new TreeSet<>();
    ExecutorService writers = Executors.newFixedThreadPool(4);
    try (GitHistory shared = Git.history(repository)) {
      List<Future<?>> ends = new ArrayList<>();
      for (int writer = 0; writer < 4; writer++) {
        List<String> runs = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
          runs.add("w" + writer + "-" + i);
        }
        expected.addAll(runs);
        boolean own = writer % 2 == 0;
        ends.add(
            writers.submit(
                () -> {
                  try (GitHistory history = own ? Git.history(repository) : null) {
                    for (String run : runs) {
                      Git.record(history == null ? shared : history, run, "run " + run);
                    }
                  }
                }));
      }
      for (Future<?> end : ends) {
        end.get(120, TimeUnit.SECONDS);
      }
      assertThat(shared.runs(1000)).hasSize(100);
      assertThat(new TreeSet<>(shared.runs(1000).stream().map(RunEntry::runId).toList()))
          .isEqualTo(expected);
      assertThat(shared.interrupted()).isEmpty();
    } finally {
      writers.shutdownNow();
    }
    assertThat(git.run(repository, "rev-list", "--count", "muster/acme")).isEqualTo("100\n");
    assertThat(git.run(repository, "for-each-ref", "refs/muster")).isEmpty();
    git.assertSound(repository);
  }

  @Test
  void followsABranchThatMovedDuringTheRun() {
    try (GitHistory slow = Git.history(repository);
        GitHistory fast = Git.history(repository)) {
      var run = slow.begin("slow", "apply", Map.of(), Map.of());
      Git.record(fast, "fast", "was faster");
      git.run(repository, "pack-refs", "--all");
      run.finish("was slower", Map.of(), Map.of());
      assertThat(fast.runs(5)).extracting(RunEntry::runId).containsExactly("slow", "fast");
    }
    git.assertSound(repository);
  }

  @Test
  void waitsForALockThatIsGivenBack() throws Exception {
    Path lock = repository.resolve(".git/refs/heads/muster/acme.lock");
    try (GitHistory history = Git.history(repository)) {
      var run = history.begin("r1", "apply", Map.of(), Map.of());
      Git.write(lock, "");
      ExecutorService other = Executors.newSingleThreadExecutor();
      try {
        Future<?> end = other.submit(() -> run.finish("waited", Map.of(), Map.of()));
        assertThat(end.isDone()).isFalse();
        Files.delete(lock);
        end.get(60, TimeUnit.SECONDS);
      } finally {
        other.shutdownNow();
      }
      assertThat(history.latest().map(RunEntry::summary)).contains("waited");
    }
  }

  @Test
  void takesAwayALockWhoseProcessWasKilled() {
    Path file = repository.resolve("topology.yaml");
    try (GitHistory history = GitHistory.find(file, "acme", Duration.ofMillis(600)).orElseThrow()) {
      var run = history.begin("r1", "apply", Map.of(), Map.of());
      Git.write(repository.resolve(".git/refs/heads/muster/acme.lock"), "");
      Git.write(repository.resolve(".git/refs/muster/open/r1.lock"), "");
      run.finish("done", Map.of(), Map.of());
      assertThat(history.interrupted()).isEmpty();
      assertThat(history.runs(5)).hasSize(1);
    }
    assertThat(git.run(repository, "for-each-ref", "refs/muster")).isEmpty();
    git.assertSound(repository);
  }

  @Test
  void namesALockThatCannotBeTakenAwayAndKeepsTheRunOpen() throws IOException {
    Path lock = repository.resolve(".git/refs/heads/muster/acme.lock");
    Path file = repository.resolve("topology.yaml");
    try (GitHistory history = GitHistory.find(file, "acme", Duration.ofMillis(200)).orElseThrow()) {
      var run = history.begin("r1", "apply", Map.of(), Map.of());
      Git.folder(lock);
      assertThatThrownBy(() -> run.finish("done", Map.of(), Map.of()))
          .isInstanceOf(MusterException.class)
          .hasMessageContaining("refs/heads/muster/acme is locked by another process")
          .satisfies(
              e ->
                  assertThat(((MusterException) e).problems().get(0).hints())
                      .anyMatch(hint -> hint.endsWith("remove " + lock)));
      assertThat(history.interrupted()).hasSize(1);
      Files.delete(lock);
      run.finish("done at last", Map.of(), Map.of());
      assertThat(history.interrupted()).isEmpty();
      assertThat(history.runs(5)).hasSize(1);
    }
  }
}
