package dev.muster.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One history in several repositories. */
class SharingTest {
  @TempDir Path temp;
  private Git git;
  private Path shared;
  private Path ann;
  private Path bob;

  @BeforeEach
  void repositories() {
    git = new Git(temp);
    Path seed = git.repository("seed");
    shared = temp.resolve("shared.git");
    git.run(temp, "clone", "-q", "--bare", seed.toString(), shared.toString());
    ann = cloned("ann");
    bob = cloned("bob");
  }

  @AfterEach
  void sound() {
    git.assertSound(shared);
    git.assertSound(ann);
    git.assertSound(bob);
  }

  private Path cloned(String name) {
    git.run(temp, "clone", "-q", shared.toString(), name);
    return temp.resolve(name);
  }

  private GitHistory sharing(Path repository) {
    GitHistory history = Git.history(repository);
    assertThat(history.share(Optional.of("origin"))).contains("origin");
    return history;
  }

  private String branch(Path repository) {
    return git.run(repository, "log", "--format=%s", "muster/acme");
  }

  @Test
  void putsOwnRecordsAfterThoseOfOthersAndNeverForces() {
    try (GitHistory a = sharing(ann);
        GitHistory b = sharing(bob)) {
      Git.record(a, "a1", "first of ann");
      assertThat(a.push()).isEmpty();
      Git.record(b, "b1", "first of bob");
      Git.record(b, "b2", "second of bob");
      String before = git.run(shared, "rev-parse", "muster/acme").strip();
      assertThat(b.push()).isEmpty();
      assertThat(branch(shared)).isEqualTo("second of bob\nfirst of bob\nfirst of ann\n");
      assertThat(branch(bob)).isEqualTo(branch(shared));
      git.run(shared, "merge-base", "--is-ancestor", before, "muster/acme");
      assertThat(a.fetch()).isEmpty();
      assertThat(branch(ann)).isEqualTo(branch(shared));
      assertThat(git.run(ann, "rev-parse", "origin/muster/acme"))
          .isEqualTo(git.run(shared, "rev-parse", "muster/acme"));
      assertThat(git.run(bob, "log", "-1", "--format=%an %cn", "muster/acme"))
          .isEqualTo("Ann Example Ann Example\n");
    }
  }

  @Test
  void showsOpenRunsToOthersAndClosesThem() {
    try (GitHistory a = sharing(ann);
        GitHistory b = sharing(bob)) {
      var run = a.begin("a1", "about to", Map.of("a", "b"), Map.of());
      assertThat(a.push()).isEmpty();
      assertThat(b.fetch()).isEmpty();
      assertThat(b.openRuns()).extracting(RunEntry::runId).containsExactly("a1");
      run.finish("done", Map.of("a", "b"), Map.of());
      assertThat(a.push()).isEmpty();
      assertThat(git.run(shared, "for-each-ref", "refs/muster")).isEmpty();
      assertThat(b.fetch()).isEmpty();
      assertThat(b.openRuns()).isEmpty();
      assertThat(b.interrupted()).isEmpty();

      a.begin("a2", "about to again", Map.of(), Map.of());
      assertThat(a.push()).isEmpty();
      assertThat(b.fetch()).isEmpty();
      b.interrupted().forEach(open -> b.closeInterrupted(open, "closed by bob"));
      assertThat(b.push()).isEmpty();
      assertThat(git.run(shared, "for-each-ref", "refs/muster")).isEmpty();
      assertThat(a.fetch()).isEmpty();
      assertThat(a.openRuns()).isEmpty();
      assertThat(a.interrupted()).isEmpty();
      assertThat(branch(ann)).isEqualTo("closed by bob\ndone\n");
    }
  }

  @Test
  void leavesOpenRunsOfOtherTopologiesToThem() {
    try (GitHistory a = sharing(ann);
        GitHistory other = GitHistory.find(bob.resolve("topology.yaml"), "other").orElseThrow()) {
      other.share(Optional.of("origin"));
      other.begin("o1", "about to", Map.of(), Map.of());
      assertThat(other.push()).isEmpty();
      assertThat(a.fetch()).isEmpty();
      assertThat(git.run(ann, "for-each-ref", "refs/muster")).isEmpty();
      assertThat(a.push()).isEmpty();
      assertThat(git.run(shared, "for-each-ref", "--format=%(refname)", "refs/muster"))
          .isEqualTo("refs/muster/open/o1\n");
    }
  }

  @Test
  void tellsAPushThatFailsAndMakesUpForItNextTime() throws IOException {
    try (GitHistory a = sharing(ann)) {
      Files.move(shared, temp.resolve("away"));
      Git.record(a, "a1", "first");
      assertThat(a.push()).isPresent();
      assertThat(a.push().orElseThrow()).contains("cannot be pushed to origin");
      Files.move(temp.resolve("away"), shared);
      Git.record(a, "a2", "second");
      assertThat(a.push()).isEmpty();
      assertThat(branch(shared)).isEqualTo("second\nfirst\n");
    }
  }

  @Test
  void showsNoCredentialsOfAUrl() {
    try (GitHistory a = Git.history(ann)) {
      assertThat(a.share(Optional.of("http://ann:s3cr3t@127.0.0.1:1/x.git")))
          .contains("http://127.0.0.1:1/x.git");
      Git.record(a, "a1", "first");
      assertThat(a.push().orElseThrow()).contains("127.0.0.1").doesNotContain("s3cr3t", "ann:");
    }
  }

  @Test
  void findsTheOtherRepositoryInTheConfigurationAndRunsNoHook() {
    git.run(ann, "config", "muster.push", shared.toUri().toString());
    Path trace = temp.resolve("trace");
    Path hook = ann.resolve(".git/hooks/pre-push");
    Git.write(hook, "#!/bin/sh\ntouch '" + trace + "'\nexit 1\n");
    assertThat(hook.toFile().setExecutable(true)).isTrue();
    try (GitHistory a = Git.history(ann)) {
      assertThat(a.share(Optional.empty()).orElseThrow()).endsWith("shared.git/");
      Git.record(a, "a1", "first");
      assertThat(a.push()).isEmpty();
      assertThat(branch(shared)).isEqualTo("first\n");
      assertThat(a.share(Optional.of("none"))).isEmpty();
    }
    assertThat(trace).doesNotExist();
  }

  @Test
  void sharesFromAShallowClone() {
    try (GitHistory a = sharing(ann)) {
      Git.record(a, "a1", "first");
      assertThat(a.push()).isEmpty();
    }
    git.run(temp, "clone", "-q", "--depth", "1", shared.toUri().toString(), "shallow");
    Path shallow = temp.resolve("shallow");
    try (GitHistory s = sharing(shallow)) {
      assertThat(s.fetch()).isEmpty();
      Git.record(s, "s1", "second");
      assertThat(s.push()).isEmpty();
    }
    assertThat(branch(shared)).isEqualTo("second\nfirst\n");
    git.assertSound(shallow);
  }

  @Test
  void sharesOverTheUsersOwnSsh() {
    Path ssh = temp.resolve("my-ssh");
    // what the server would do: run the command in a shell
    Git.write(ssh, "#!/bin/sh\nfor last; do :; done\nexec sh -c \"$last\"\n");
    assertThat(ssh.toFile().setExecutable(true)).isTrue();
    git.run(ann, "config", "core.sshCommand", ssh.toString());
    git.run(ann, "remote", "set-url", "origin", "ssh://git@localhost" + shared);
    try (GitHistory a = sharing(ann)) {
      Git.record(a, "a1", "first");
      assertThat(a.push()).isEmpty();
    }
    assertThat(branch(shared)).isEqualTo("first\n");
  }
}
