package dev.muster.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.history.GitSource.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitSourceTest {
  @TempDir Path temp;
  private Git git;
  private Path repository;
  private Path file;
  private String head = "";

  @BeforeEach
  void repository() {
    git = new Git(temp);
    repository = git.repository("acme");
    file = repository.resolve("topology.yaml");
    head = git.run(repository, "rev-parse", "HEAD").strip();
  }

  @Test
  void namesTheCommitOfAnUnchangedFile() {
    assertThat(GitSource.of(file).trailer()).isEqualTo(head);
    Git.write(file, Git.TOPOLOGY.replace("\n", "\r\n"));
    assertThat(GitSource.of(file).trailer()).isEqualTo(head);
  }

  @Test
  void saysThatTheFileDiffersFromItsCommit() {
    Git.write(file, Git.TOPOLOGY + "# more\n");
    assertThat(GitSource.of(file).trailer()).isEqualTo(head + " (dirty)");
    git.run(repository, "add", ".");
    assertThat(GitSource.of(file).state()).isEqualTo(State.CHANGED);
  }

  @Test
  void knowsAFileThatNoCommitHas() {
    Path other = repository.resolve("deep/other.yaml");
    Git.write(other, "x");
    assertThat(GitSource.of(other).trailer()).isEqualTo("none");
    assertThat(GitSource.of(other).commit()).contains(head);
    git.run(repository, "add", ".");
    assertThat(GitSource.of(other).trailer()).isEqualTo("none");
    git.run(repository, "commit", "-q", "-m", "Add other");
    assertThat(GitSource.of(other).state()).isEqualTo(State.COMMITTED);
  }

  @Test
  void looksAtTheFileBehindALink() throws IOException {
    Path link = temp.resolve("link.yaml");
    Files.createSymbolicLink(link, file);
    assertThat(GitSource.of(link).trailer()).isEqualTo(head);
  }

  @Test
  void isNoneOutsideOfGitAndBeforeTheFirstCommit() {
    Git.write(temp.resolve("plain.yaml"), "x");
    assertThat(GitSource.of(temp.resolve("plain.yaml")).trailer()).isEqualTo("none");
    assertThat(GitSource.of(temp.resolve("missing.yaml")).trailer()).isEqualTo("none");
    Path fresh = Git.folder(temp.resolve("fresh"));
    git.run(fresh, "init", "-q");
    Git.write(fresh.resolve("topology.yaml"), "x");
    assertThat(GitSource.of(fresh.resolve("topology.yaml")).trailer()).isEqualTo("none");
  }
}
