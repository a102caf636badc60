package dev.muster.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.cli.Main;
import dev.muster.problem.MusterException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Repositories that somebody else has filled: links, names, authors and sizes that mean harm. */
class HostileRepositoryTest {
  private static final String ESCAPES = "\u001b]0;owned\u0007\u009b2J\u202e";

  @TempDir Path temp;
  private Git git;
  private Path repository;
  private Path secret;

  @BeforeEach
  void repository() {
    git = new Git(temp);
    repository = git.repository("acme");
    secret = temp.resolve("secret");
    Git.write(secret, "kind: Topology\nmetadata: {name: canary}\n");
  }

  private String says(String... args) {
    StringWriter text = new StringWriter();
    PrintWriter writer = new PrintWriter(text, true);
    Main.run(writer, writer, false, args);
    return text.toString();
  }

  /** Commits what a shell script makes of the record's files, as git itself would. */
  private void tamper(String what) {
    Path tree = temp.resolve("tampered");
    git.run(repository, "worktree", "add", "-q", tree.toString(), "muster/acme");
    shell(tree, what);
    git.run(tree, "add", "-A");
    git.run(tree, "commit", "-q", "-m", "tamper\n\nResult: converged\nRun-Id: run-2");
    git.run(repository, "worktree", "remove", "--force", tree.toString());
  }

  private static void shell(Path folder, String command) {
    try {
      Process process =
          new ProcessBuilder("sh", "-ec", command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes());
      assertThat(process.waitFor()).as(said).isZero();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aRecordThatIsALinkIsNotFollowed() {
    try (GitHistory history = Git.history(repository)) {
      Git.record(history, "run-1", "first");
    }
    tamper(
        "rm topology.yaml; ln -s " + secret + " topology.yaml; ln -s " + temp + " live; ln -s / x");
    try (GitHistory history = Git.history(repository)) {
      RunEntry run = history.run("run-2").orElseThrow();
      assertThat(history.files(run)).containsOnlyKeys("result.json");
      assertThat(history.file(run, "topology.yaml")).isEmpty();
      assertThat(history.file(run, "live/secret")).isEmpty();
      assertThat(history.file(run, "../secret")).isEmpty();
      Git.record(history, "run-3", "goes on");
      assertThat(history.files(history.run("run-3").orElseThrow()).get("topology.yaml"))
          .isEqualTo(Git.TOPOLOGY);
    }
    git.assertSound(repository);
    String file = repository.resolve("topology.yaml").toString();
    assertThat(says("show", "run-2", "-f", file)).doesNotContain("canary");
    assertThat(secret).content().contains("canary");
  }

  @Test
  void aRepositoryBehindALinkIsTheOneThatGitUses() throws IOException {
    Files.move(repository.resolve(".git"), temp.resolve("elsewhere"));
    Files.createSymbolicLink(repository.resolve(".git"), temp.resolve("elsewhere"));
    try (GitHistory history = Git.history(repository)) {
      Git.record(history, "run-1", "first");
    }
    assertThat(git.run(repository, "log", "--format=%s", "muster/acme")).isEqualTo("first\n");
    git.assertSound(repository);
  }

  @Test
  void aLinkThatLeadsToItselfIsNoRepository() throws IOException {
    Path folder = Git.folder(temp.resolve("loop"));
    Git.write(folder.resolve("topology.yaml"), Git.TOPOLOGY);
    Files.createSymbolicLink(folder.resolve(".git"), Path.of(".git"));
    assertThat(GitHistory.find(folder.resolve("topology.yaml"), "acme")).isEmpty();
  }

  @Test
  void refsThatAreLinksLeadToNoOtherFile() throws IOException {
    Path branch = repository.resolve(".git/refs/heads/muster/acme");
    Git.folder(repository.resolve(".git/refs/heads/muster"));
    Files.createSymbolicLink(branch, secret);
    try {
      try (GitHistory history = Git.history(repository)) {
        Git.record(history, "run-1", "first");
      }
    } catch (MusterException told) {
      assertThat(told).hasMessageNotContaining("canary");
    }
    assertThat(secret).content().isEqualTo("kind: Topology\nmetadata: {name: canary}\n");
  }

  @Test
  void aTopologyOfACommitThatIsALinkIsNoFile() {
    shell(repository, "rm topology.yaml; ln -s " + secret + " topology.yaml; ln -s / root");
    git.run(repository, "add", "-A");
    git.run(repository, "commit", "-q", "-m", "links");
    Path file = repository.resolve("topology.yaml");

    assertThatThrownBy(() -> GitCheckout.at(file, "HEAD").close())
        .isInstanceOf(MusterException.class)
        .hasMessageContaining("has no file topology.yaml");
    String place = "git+file://" + repository + "//";
    for (String path : new String[] {"root" + secret, "../secret", "a/../../secret", "."}) {
      assertThatThrownBy(() -> GitCheckout.open(place + path).close())
          .as(path)
          .isInstanceOf(MusterException.class)
          .hasMessageContaining("has no file");
    }
  }

  @Test
  void entriesThatLeadOutOfTheFolderAreNotBrought() {
    String blob = blob();
    String evil = tree("100644 blob " + blob + "\tx");
    String top =
        tree(
            "100644 blob " + blob + "\ttopology.yaml",
            "040000 tree " + evil + "\t..",
            "040000 tree " + evil + "\t.git",
            "040000 tree " + evil + "\t.repository");
    String commit = git.run(repository, "commit-tree", top, "-m", "evil").strip();

    try (GitCheckout checkout = GitCheckout.at(repository.resolve("topology.yaml"), commit)) {
      Path outside = checkout.place("../x").normalize();
      boolean before = Files.exists(outside); // somebody else's, in the folder of all
      for (String name :
          new String[] {"../x", "a/../../x", "/x", ".git/x", ".repository/x", "./x", "", "x//y"}) {
        assertThat(checkout.bring(name)).as(name).isFalse();
        assertThat(checkout.lead(name)).as(name).isEmpty();
      }
      assertThat(Files.exists(outside)).isEqualTo(before);
    }
  }

  private String blob() {
    return git.run(repository, "rev-parse", "HEAD:topology.yaml").strip();
  }

  /** A tree that git would not make of a folder. */
  private String tree(String... entries) {
    StringBuilder raw = new StringBuilder();
    for (String entry : entries) {
      String[] parts = entry.split("[ \t]");
      raw.append(String.format("printf '%s %s\\0'; ", parts[0].replaceFirst("^0", ""), parts[3]));
      raw.append("printf '").append(parts[2].replaceAll("(..)", "\\\\x$1")).append("'; ");
    }
    Path script = temp.resolve("tree.sh");
    Git.write(script, "{ " + raw + "} | git hash-object -t tree -w --stdin --literally > out\n");
    try {
      Process process =
          new ProcessBuilder("bash", script.toString())
              .directory(repository.toFile())
              .inheritIO()
              .start();
      assertThat(process.waitFor()).isZero();
      String id = Files.readString(repository.resolve("out")).strip();
      Files.delete(repository.resolve("out"));
      return id;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void authorsAndMessagesOfOthersCannotDoAnythingToATerminal() {
    try (GitHistory history = Git.history(repository)) {
      Git.record(history, "run-1", "first");
    }
    git.run(repository, "config", "user.name", "A " + ESCAPES + " B");
    git.run(repository, "config", "user.email", "x" + ESCAPES + "@y");
    tamper("echo '" + ESCAPES + "' > note.txt");
    git.run(repository, "config", "--unset", "user.name");
    String file = repository.resolve("topology.yaml").toString();
    for (String[] command :
        new String[][] {
          {"history", "-f", file},
          {"history", "-o", "json", "-f", file},
          {"show", "run-2", "-f", file},
          {"diff", "run-1", "run-2", "-f", file}
        }) {
      assertThat(
              says(command)
                  .codePoints()
                  .filter(c -> c == 0x1b || c == 7 || c == 0x9b || c == 0x202e))
          .as(String.join(" ", command))
          .isEmpty();
    }
  }

  @Test
  void anAuthorsNameCannotForgeAnotherAuthorOrALineOfTheCommit() {
    git.run(repository, "config", "user.name", "Ann> 1 +0000\nparent x <evil" + ESCAPES);
    git.run(repository, "config", "user.email", "ann@x> <evil@y\n\nRun-Id: forged");
    try (GitHistory history = Git.history(repository)) {
      Git.record(history, "run-1", "first");
      assertThat(history.runs(10)).extracting(RunEntry::runId).containsExactly("run-1");
    }
    git.assertSound(repository);
    assertThat(git.run(repository, "log", "--format=%H", "muster/acme")).hasLineCount(1);
    assertThat(git.run(repository, "cat-file", "-p", "muster/acme"))
        .doesNotContain("\u001b", "\nparent x", "\nRun-Id: forged");
  }

  @Test
  void aFileThatIsTooLargeForARecordIsToldAndNotReadIn() throws IOException {
    try (GitHistory history = Git.history(repository)) {
      Git.record(history, "run-1", "first");
    }
    try (RandomAccessFile sparse = new RandomAccessFile(temp.resolve("large").toFile(), "rw")) {
      sparse.setLength(65 << 20);
    }
    tamper("cp " + temp.resolve("large") + " result.json");
    String file = repository.resolve("topology.yaml").toString();
    assertThat(says("show", "run-2", "-f", file)).doesNotContain("fault in muster", "\tat ");
    try (GitHistory history = Git.history(repository)) {
      RunEntry run = history.run("run-2").orElseThrow();
      assertThatThrownBy(() -> history.file(run, "result.json"))
          .isInstanceOf(MusterException.class);
      Git.record(history, "run-3", "goes on");
    }
  }

  @Test
  void namesOfRecordedFilesLeadNowhereElse() {
    try (GitHistory history = Git.history(repository)) {
      for (String path :
          new String[] {
            "../x", "/etc/x", "a/../x", ".git/config", "a//b", "a\0b", "a\nb", "GIT~1/x"
          }) {
        assertThatThrownBy(() -> history.begin("run-1", "s", Map.of(path, ""), Map.of()))
            .as(path)
            .isInstanceOf(MusterException.class);
      }
      assertThat(history.openRuns()).isEmpty();
    }
  }
}
