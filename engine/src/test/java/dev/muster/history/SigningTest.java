package dev.muster.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.problem.MusterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What git's own configuration says of signatures holds, and git itself verifies them. */
class SigningTest {
  @TempDir Path temp;
  private Git git;
  private Path repository;

  @BeforeEach
  void repository() {
    git = new Git(temp);
    repository = git.repository("acme");
  }

  @AfterEach
  void sound() {
    git.assertSound(repository);
  }

  private void sshKey(String passphrase) throws Exception {
    Path key = temp.resolve("key");
    program("ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-f", key.toString());
    String allowed = "ann@example.org " + Files.readString(temp.resolve("key.pub"));
    Git.write(temp.resolve("allowed"), allowed);
    git.run(repository, "config", "commit.gpgSign", "true");
    git.run(repository, "config", "gpg.format", "ssh");
    git.run(repository, "config", "user.signingKey", key.toString());
    git.run(repository, "config", "gpg.ssh.allowedSignersFile", temp.resolve("allowed").toString());
  }

  private void program(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(String.join(" ", command)).isTrue();
    assertThat(process.exitValue()).as(String.join(" ", command)).isZero();
  }

  @Test
  void signsWithAnSshKey() throws Exception {
    sshKey("");
    try (GitHistory history = Git.history(repository)) {
      var run = history.begin("r1", "apply", Map.of("a", "b"), Map.of());
      assertThat(git.run(repository, "verify-commit", "refs/muster/open/r1"))
          .contains("Good \"git\" signature for ann@example.org");
      run.finish("done", Map.of("a", "b"), Map.of());
      history.begin("r2", "apply", Map.of("a", "b"), Map.of());
      history.interrupted().forEach(i -> history.closeInterrupted(i, "closed"));
      assertThat(history.runs(5)).hasSize(2).allMatch(RunEntry::signed);
      assertThat(history.notes()).isEmpty();
    }
    git.run(repository, "verify-commit", "muster/acme");
    git.run(repository, "verify-commit", "muster/acme~1");
  }

  @Test
  void signsWithAnOpenPgpKeyAndTheProgramThatIsConfigured() throws Exception {
    Path home = Git.folder(temp.resolve("gnupg"));
    assertThat(home.toFile().setReadable(false, false)).isTrue();
    assertThat(home.toFile().setReadable(true, true)).isTrue();
    String who = "Ann Example <ann@example.org>";
    List<String> make = List.of("--batch", "--passphrase", "", "--quick-gen-key", who, "ed25519");
    try {
      Path wrapper = temp.resolve("my-gpg");
      Git.write(wrapper, "#!/bin/sh\nexec gpg --homedir '" + home + "' \"$@\"\n");
      assertThat(wrapper.toFile().setExecutable(true)).isTrue();
      program(
          java.util.stream.Stream.concat(
                  java.util.stream.Stream.of(wrapper.toString()), make.stream())
              .toArray(String[]::new));
      git.run(repository, "config", "commit.gpgSign", "true");
      git.run(repository, "config", "gpg.program", wrapper.toString());
      try (GitHistory history = Git.history(repository)) {
        Git.record(history, "r1", "first");
        assertThat(history.latest().orElseThrow().signed()).isTrue();
      }
      assertThat(git.run(repository, "verify-commit", "muster/acme")).contains("Good signature");
    } finally {
      program("gpgconf", "--homedir", home.toString(), "--kill", "all");
    }
  }

  @Test
  void refusesToBeginWhereAPassphraseIsMissingAndAsksNobody() throws Exception {
    sshKey("a secret phrase");
    String refs = git.run(repository, "for-each-ref");
    try (GitHistory history = Git.history(repository)) {
      assertThatThrownBy(() -> history.begin("r1", "apply", Map.of(), Map.of()))
          .isInstanceOf(MusterException.class)
          .hasMessageContaining("the record cannot be signed")
          .hasMessageContaining("git config muster.sign false")
          .hasMessageContaining("--no-history")
          .hasMessageNotContaining("a secret phrase");
      assertThat(git.run(repository, "for-each-ref")).isEqualTo(refs);
      git.run(repository, "config", "muster.sign", "false");
      Git.record(history, "r1", "first");
      assertThat(history.latest().orElseThrow().signed()).isFalse();
    }
  }

  @Test
  void keepsTheRecordOfARunWhoseKeyWentAway() throws Exception {
    sshKey("");
    try (GitHistory history = Git.history(repository)) {
      var run = history.begin("r1", "apply", Map.of(), Map.of());
      Files.delete(temp.resolve("key"));
      run.finish("done", Map.of(), Map.of("Result", "done"));
      RunEntry entry = history.latest().orElseThrow();
      assertThat(entry.signed()).isFalse();
      assertThat(entry.trailers().get("Unsigned")).contains("ssh-keygen does not sign");
      assertThat(history.notes()).singleElement().asString().contains("is not signed");
      assertThat(history.notes()).isEmpty();
    }
  }

  @Test
  void waitsForASigningProgramNoLongerThanItShould() throws IOException {
    Path slow = temp.resolve("slow");
    Git.write(slow, "#!/bin/sh\nsleep 300\n");
    assertThat(slow.toFile().setExecutable(true)).isTrue();
    assertThatThrownBy(
            () ->
                Program.run(
                    List.of(slow.toString()),
                    new byte[0],
                    Map.of(),
                    java.time.Duration.ofMillis(200)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("did not end within");
  }
}
