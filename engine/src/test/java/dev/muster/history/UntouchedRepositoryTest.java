package dev.muster.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UntouchedRepositoryTest {
  @TempDir Path temp;
  private Git git;
  private Path repository;

  @BeforeEach
  void dirtyRepository() {
    git = new Git(temp);
    repository = git.repository("acme");
    Git.write(repository.resolve("staged.txt"), "staged\n");
    git.run(repository, "add", "staged.txt");
    Git.write(repository.resolve("staged.txt"), "staged, then changed\n");
    Git.write(repository.resolve("topology.yaml"), Git.TOPOLOGY + "# dirty\n");
    Git.write(repository.resolve("untracked.txt"), "untracked\n");
  }

  /** Everything but the new objects, refs and reflogs. */
  private Map<String, String> belongings() {
    Map<String, String> contents = new TreeMap<>(Git.contents(repository));
    contents
        .keySet()
        .removeIf(
            file ->
                file.startsWith(".git/objects/")
                    || file.startsWith(".git/refs/")
                    || file.startsWith(".git/logs/refs/"));
    return contents;
  }

  private void recordsWithoutATrace() {
    String status = git.run(repository, "status", "--porcelain=v2", "--branch");
    Map<String, String> before = belongings();
    Map<String, String> home = Git.contents(git.home);
    try (GitHistory history = Git.history(repository)) {
      Git.record(history, "r1", "first");
      Git.record(history, "r2", "second");
      GitSource.of(repository.resolve("topology.yaml"));
      assertThat(history.runs(5)).hasSize(2);
      assertThat(belongings()).isEqualTo(before);
    }
    assertThat(belongings()).isEqualTo(before);
    assertThat(Git.contents(git.home)).isEqualTo(home);
    assertThat(git.run(repository, "status", "--porcelain=v2", "--branch")).isEqualTo(status);
    git.assertSound(repository);
  }

  @Test
  void leavesADirtyWorkTreeAndIndexAlone() {
    recordsWithoutATrace();
  }

  @Test
  void leavesADetachedHeadAlone() {
    git.run(repository, "checkout", "-q", "--detach");
    recordsWithoutATrace();
  }

  @Test
  void leavesABranchWithoutCommitsAlone() {
    repository = Git.folder(temp.resolve("unborn"));
    git.run(repository, "init", "-q");
    Git.write(repository.resolve("topology.yaml"), Git.TOPOLOGY);
    recordsWithoutATrace();
    assertThat(git.run(128, repository, "rev-parse", "--verify", "HEAD")).contains("fatal");
  }

  @Test
  void runsNoHookAndNoFilter() throws IOException {
    Path trace = temp.resolve("trace");
    for (String hook :
        new String[] {
          "pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "reference-transaction",
          "post-checkout", "post-index-change", "pre-auto-gc", "update", "post-update",
          "fsmonitor-watchman"
        }) {
      Path script = repository.resolve(".git/hooks").resolve(hook);
      Git.write(script, "#!/bin/sh\necho " + hook + " >> '" + trace + "'\n");
      assertThat(script.toFile().setExecutable(true)).isTrue();
    }
    git.run(repository, "config", "core.fsmonitor", ".git/hooks/fsmonitor-watchman");
    git.run(repository, "config", "filter.spy.clean", "echo clean >> '" + trace + "'; cat");
    Git.write(repository.resolve(".git/info/attributes"), "* filter=spy\n");
    try (GitHistory history = Git.history(repository)) {
      Git.record(history, "r1", "first");
      history.begin("r2", "apply", Map.of(), Map.of());
      history.interrupted().forEach(run -> history.closeInterrupted(run, "closed"));
      GitSource.of(repository.resolve("topology.yaml"));
      assertThat(history.runs(5)).hasSize(2);
    }
    assertThat(trace).doesNotExist();
    git.run(repository, "update-ref", "refs/heads/proof", "HEAD");
    assertThat(Files.readString(trace)).contains("reference-transaction");
  }
}
