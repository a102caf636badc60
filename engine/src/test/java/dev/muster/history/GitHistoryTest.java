package dev.muster.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.problem.MusterException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitHistoryTest {
  @TempDir Path temp;
  private Git git;
  private Path repository;

  @BeforeEach
  void repository() {
    git = new Git(temp);
    repository = git.repository("acme");
  }

  @Test
  void keepsOneReadableCommitForOneRun() {
    Map<String, String> trailers = new LinkedHashMap<>();
    trailers.put("Topology-Commit", "0123 (dirty)");
    trailers.put("Result", "converged");
    trailers.put("Changed", "2");
    Map<String, String> files =
        Map.of(
            "topology.yaml", Git.TOPOLOGY,
            "live/m1/Cluster.-.m1.yaml", "spec:\n  enable: true\n",
            "live/m1/ConfigMap.system.config.yaml", "data: {}\n",
            "live/m10/Cluster.-.m10.yaml", "spec: {}\n",
            "live/m1.x/Cluster.-.y.yaml", "ü\n");
    try (GitHistory history = Git.history(repository)) {
      var run = history.begin("run-1", "apply acme", files, Map.of("Result", "open"));
      assertThat(git.run(repository, "for-each-ref", "--format=%(refname)"))
          .isEqualTo("refs/heads/main\nrefs/muster/open/run-1\n");
      run.finish("join m1: 2 changed\n\nm2 was not reached.", files, trailers);
    }
    git.assertSound(repository);
    assertThat(git.run(repository, "for-each-ref", "--format=%(refname)"))
        .isEqualTo("refs/heads/main\nrefs/heads/muster/acme\n");
    assertThat(git.run(repository, "log", "--format=%an <%ae>%n%B", "muster/acme"))
        .isEqualTo(
            """
            Ann Example <ann@example.org>
            join m1: 2 changed

            m2 was not reached.

            Topology-Commit: 0123 (dirty)
            Result: converged
            Changed: 2
            Run-Id: run-1

            """);
    assertThat(
            git.run(repository, "log", "--format=%(trailers:key=Run-Id,valueonly)", "muster/acme"))
        .isEqualTo("run-1\n\n");
    assertThat(git.run(repository, "log", "-p", "muster/acme"))
        .contains("+  enable: true", "+++ b/live/m1/Cluster.-.m1.yaml");
    assertThat(git.run(repository, "-c", "core.quotePath=false", "ls-tree", "-r", "muster/acme"))
        .hasLineCount(5)
        .contains("100644 blob");
    assertThat(git.run(repository, "reflog", "muster/acme")).contains("muster: run");
  }

  @Test
  void readsBackWhatItWrote() {
    try (GitHistory history = Git.history(repository)) {
      assertThat(history.latest()).isEmpty();
      assertThat(history.run("anything")).isEmpty();
      Git.record(history, "a1", "first");
      Git.record(history, "a2", "second");
      Git.record(history, "b1", "third");

      assertThat(history.runs(2)).extracting(RunEntry::runId).containsExactly("b1", "a2");
      RunEntry latest = history.latest().orElseThrow();
      assertThat(latest.summary()).isEqualTo("third");
      assertThat(latest.author()).isEqualTo("Ann Example <ann@example.org>");
      assertThat(latest.trailers()).containsExactly(Map.entry("Result", "converged"));
      assertThat(latest.time())
          .isBetween(Instant.now().minus(Duration.ofMinutes(5)), Instant.now());
      assertThat(latest.commit())
          .isEqualTo(git.run(repository, "rev-parse", "muster/acme").strip());

      assertThat(history.files(latest))
          .containsOnly(
              Map.entry("topology.yaml", Git.TOPOLOGY),
              Map.entry("result.json", "{\"run\":\"b1\"}\n"));
      assertThat(history.previousFiles(latest).orElseThrow())
          .containsEntry("result.json", "{\"run\":\"a2\"}\n");
      assertThat(history.file(latest, "result.json")).contains("{\"run\":\"b1\"}\n");
      assertThat(history.file(latest, "result")).isEmpty();
      assertThat(history.previousFiles(history.run("a1").orElseThrow())).isEmpty();
    }
  }

  @Test
  void findsARunByAPrefixThatNamesOnlyOne() {
    try (GitHistory history = Git.history(repository)) {
      Git.record(history, "a1", "first");
      Git.record(history, "a12", "second");
      Git.record(history, "b1", "third");

      assertThat(history.run("b")).map(RunEntry::runId).contains("b1");
      assertThat(history.run("a1")).map(RunEntry::runId).contains("a1");
      String commit = history.run("a12").orElseThrow().commit();
      assertThat(history.run(commit.substring(0, 12))).map(RunEntry::runId).contains("a12");
      assertThat(history.run(commit)).map(RunEntry::runId).contains("a12");
      assertThat(history.run("c")).isEmpty();
      assertThat(history.run(" ")).isEmpty();
      assertThatThrownBy(() -> history.run("a"))
          .isInstanceOf(MusterException.class)
          .hasMessageContaining("\"a\" names more than one run")
          .hasMessageContaining("a1 (")
          .hasMessageContaining("a12 (")
          .hasMessageContaining("second");
    }
  }

  @Test
  void skipsCommitsThatPeopleMadeOnTheBranch() {
    try (GitHistory history = Git.history(repository)) {
      Git.record(history, "r1", "first");
      String tree = git.run(repository, "rev-parse", "muster/acme^{tree}").strip();
      String foreign =
          git.run(repository, "commit-tree", tree, "-p", "muster/acme", "-m", "note\n\nnot: a run")
              .strip();
      git.run(repository, "update-ref", "refs/heads/muster/acme", foreign);
      Git.record(history, "r2", "second");
      assertThat(history.runs(10)).extracting(RunEntry::runId).containsExactly("r2", "r1");
    }
    git.assertSound(repository);
  }

  @Test
  void readsWhatGitHasPackedMeanwhile() {
    try (GitHistory history = Git.history(repository)) {
      Git.record(history, "r1", "first");
      var open = history.begin("r2", "apply", Map.of("a", "b"), Map.of());
      git.run(repository, "gc", "-q", "--prune=now");
      assertThat(history.interrupted()).hasSize(1);
      open.finish("second", Map.of("a", "c"), Map.of());
      assertThat(history.runs(10)).extracting(RunEntry::runId).containsExactly("r2", "r1");
      assertThat(history.interrupted()).isEmpty();
    }
    assertThat(git.run(repository, "for-each-ref", "refs/muster")).isEmpty();
    git.assertSound(repository);
  }

  @Test
  void keepsTheHistoriesOfTwoTopologiesApart() {
    Path file = repository.resolve("topology.yaml");
    try (GitHistory acme = GitHistory.find(file, "acme").orElseThrow();
        GitHistory other = GitHistory.find(file, "other").orElseThrow()) {
      Git.record(acme, "r1", "first");
      other.begin("r2", "apply", Map.of(), Map.of());
      assertThat(other.runs(5)).isEmpty();
      assertThat(acme.interrupted()).isEmpty();
      assertThat(other.interrupted()).hasSize(1);
      assertThat(other.branch()).isEqualTo("muster/other");
    }
  }

  @Test
  void letsTheFirstEndOfARunCount() {
    try (GitHistory history = Git.history(repository)) {
      var run = history.begin("r1", "apply", Map.of(), Map.of());
      run.finish("interrupted by a signal", Map.of(), Map.of());
      run.finish("converged", Map.of(), Map.of());
      assertThat(history.runs(5))
          .extracting(RunEntry::summary)
          .containsExactly("interrupted by a signal");
    }
  }

  @Test
  void recordsARunWhoseThreadIsInterrupted() {
    try (GitHistory history = Git.history(repository)) {
      Thread.currentThread().interrupt();
      Git.record(history, "r1", "interrupted");
      assertThat(Thread.interrupted()).isTrue();
      assertThat(history.runs(5)).hasSize(1);
    }
    git.assertSound(repository);
  }

  @Test
  void refusesASecondRunOfTheSameId() {
    try (GitHistory history = Git.history(repository)) {
      history.begin("r1", "apply", Map.of(), Map.of());
      assertThatThrownBy(() -> history.begin("r1", "apply", Map.of(), Map.of()))
          .hasMessageContaining("run r1 has begun already");
    }
  }

  @Test
  void writesItsOwnNameWhereNobodyGaveOne() {
    Git.write(git.home.resolve(".gitconfig"), "");
    QuietSystem.install(new QuietSystem(git.home, git.home.resolve(".config")));
    try (GitHistory history = Git.history(repository)) {
      Git.record(history, "r1", "first");
      assertThat(history.latest().map(RunEntry::author)).contains("muster <muster@localhost>");
      git.run(repository, "config", "user.name", "Ops <\u0007Team>");
      git.run(repository, "config", "user.email", "ops@example.org");
      Git.record(history, "r2", "second");
      assertThat(history.latest().map(RunEntry::author)).contains("Ops Team <ops@example.org>");
    }
    git.assertSound(repository);
  }

  @Test
  void readsTheNameFromTheOtherPlaceOfTheUserConfiguration() {
    Git.write(git.home.resolve(".gitconfig"), "");
    Git.write(
        git.home.resolve(".config/git/config"), "[user]\nname = Bo\nemail = bo@example.org\n");
    QuietSystem.install(new QuietSystem(git.home, git.home.resolve(".config")));
    try (GitHistory history = Git.history(repository)) {
      Git.record(history, "r1", "first");
      assertThat(history.latest().map(RunEntry::author)).contains("Bo <bo@example.org>");
    }
  }

  @Test
  void refusesPathsThatLeadOutOfTheTree() {
    try (GitHistory history = Git.history(repository)) {
      for (String path :
          new String[] {
            "",
            "/etc/passwd",
            "../x",
            "live/../../x",
            "live//x",
            "live/",
            ".git/config",
            "live/.GIT/hooks/x",
            "a/.gi\u200ct/x",
            "GIT~1/config",
            "a\\b",
            "a\nb",
            "."
          }) {
        assertThatThrownBy(() -> history.begin("r1", "apply", Map.of(path, "x"), Map.of()))
            .as(path)
            .isInstanceOf(MusterException.class)
            .hasMessageContaining("cannot hold the path");
      }
      assertThatThrownBy(() -> history.begin("r1", "apply", Map.of("a", "x", "a/b", "y"), Map.of()))
          .hasMessageContaining("stands where it needs a folder");
      history.begin(
          "r1", "apply", Map.of("live/host/ClusterRole.-.system:node-reader.yaml", "x"), Map.of());
    }
    git.assertSound(repository);
  }

  @Test
  void isEmptyOutsideOfGit() {
    Git.write(temp.resolve("plain/topology.yaml"), Git.TOPOLOGY);
    assertThat(GitHistory.find(temp.resolve("plain/topology.yaml"), "acme")).isEmpty();
    assertThat(GitHistory.find(temp.resolve("missing/topology.yaml"), "acme"))
        .isEqualTo(Optional.empty());
  }
}
