package dev.muster.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.problem.MusterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepositoryKindsTest {
  @TempDir Path temp;
  private Git git;

  @BeforeEach
  void home() {
    git = new Git(temp);
  }

  private static void recordOne(Path folder) {
    try (GitHistory history = Git.history(folder)) {
      Git.record(history, "r1", "first");
      history.begin("r2", "apply", Map.of("a", "b"), Map.of());
      assertThat(history.interrupted()).hasSize(1);
      history.closeInterrupted(history.interrupted().get(0), "closed");
      assertThat(history.runs(5)).extracting(RunEntry::runId).containsExactly("r2", "r1");
    }
  }

  @Test
  void recordsFromALinkedWorkTree() {
    Path repository = git.repository("acme");
    Path linked = temp.resolve("linked");
    git.run(repository, "worktree", "add", "-q", linked.toString());
    Git.write(linked.resolve("topology.yaml"), Git.TOPOLOGY + "# dirty\n");
    String status = git.run(linked, "status", "--porcelain=v2");
    recordOne(linked);
    assertThat(git.run(linked, "status", "--porcelain=v2")).isEqualTo(status);
    assertThat(git.run(repository, "log", "--format=%s", "muster/acme"))
        .isEqualTo("closed\nfirst\n");
    assertThat(git.run(repository, "for-each-ref", "refs/muster")).isEmpty();
    assertThat(GitSource.of(linked.resolve("topology.yaml")).trailer())
        .isEqualTo(git.run(linked, "rev-parse", "HEAD").strip() + " (dirty)");
    git.assertSound(repository);
  }

  @Test
  void recordsInABareRepository() {
    Path bare = Git.folder(temp.resolve("acme.git"));
    git.run(bare, "init", "-q", "--bare");
    Git.write(bare.resolve("files/topology.yaml"), Git.TOPOLOGY);
    recordOne(bare.resolve("files"));
    assertThat(git.run(bare, "log", "--format=%s", "muster/acme")).isEqualTo("closed\nfirst\n");
    assertThat(GitSource.of(bare.resolve("files/topology.yaml")).trailer()).isEqualTo("none");
    git.assertSound(bare);
  }

  @Test
  void recordsInTheSubmoduleThatHoldsTheFile() {
    Path inner = git.repository("inner");
    Path outer = git.repository("outer");
    git.run(outer, "submodule", "--quiet", "add", inner.toString(), "clusters");
    git.run(outer, "commit", "-q", "-m", "Add clusters");
    Path folder = outer.resolve("clusters");
    recordOne(folder);
    assertThat(git.run(folder, "log", "--format=%s", "muster/acme")).isEqualTo("closed\nfirst\n");
    assertThat(git.run(outer, "for-each-ref", "--format=%(refname)"))
        .isEqualTo("refs/heads/main\n");
    assertThat(git.run(outer, "status", "--porcelain")).isEmpty();
    git.assertSound(folder);
    git.assertSound(outer);
  }

  @Test
  void refusesABranchThatIsCheckedOut() {
    Path repository = git.repository("acme");
    recordOne(repository);
    Path linked = temp.resolve("linked");
    git.run(repository, "worktree", "add", "-q", linked.toString(), "muster/acme");
    assertThatThrownBy(() -> recordOne(repository))
        .isInstanceOf(MusterException.class)
        .hasMessageContaining("branch muster/acme is checked out")
        .hasMessageContaining("git worktree add --detach")
        .hasMessageContaining("--no-history");
    assertThat(git.run(linked, "status", "--porcelain")).isEmpty();
  }

  @Test
  void refusesABranchThatIsAnotherName() {
    Path repository = git.repository("acme");
    git.run(repository, "symbolic-ref", "refs/heads/muster/acme", "refs/heads/main");
    String main = git.run(repository, "rev-parse", "main");
    assertThatThrownBy(() -> recordOne(repository)).hasMessageContaining("symbolic ref");
    assertThat(git.run(repository, "rev-parse", "main")).isEqualTo(main);
  }

  @Test
  void refusesABranchInTheWay() {
    Path repository = git.repository("acme");
    git.run(repository, "branch", "muster");
    assertThatThrownBy(() -> recordOne(repository))
        .hasMessageContaining("git cannot hold refs/heads/muster/acme beside refs/heads/muster");
    git.run(repository, "branch", "-m", "muster", "old");
    recordOne(repository);
  }

  @Test
  void followsNoSymbolicLinkOutOfTheGitDirectory() throws IOException {
    Path outside = Git.folder(temp.resolve("outside"));
    for (String link :
        new String[] {
          "refs/heads/muster", "refs/muster", "refs/muster/open", "logs/refs/heads/muster"
        }) {
      Path repository = git.repository("acme-" + link.replace('/', '-'));
      Path place = repository.resolve(".git").resolve(link);
      Git.write(place.resolveSibling("beside"), "");
      Files.delete(place.resolveSibling("beside"));
      Files.createSymbolicLink(place, outside);
      assertThatThrownBy(() -> recordOne(repository))
          .as(link)
          .isInstanceOf(MusterException.class)
          .hasMessageContaining("is a symbolic link");
      assertThat(Git.contents(outside)).as(link).isEmpty();
    }
  }

  @Test
  void saysThatARepositoryIsDamaged() throws IOException {
    Path gone = Git.folder(temp.resolve("gone"));
    Git.write(gone.resolve(".git"), "gitdir: /nowhere/at/all\n");
    assertRefused(gone, "cannot be opened");

    Path headless = git.repository("headless");
    Files.delete(headless.resolve(".git/HEAD"));
    assertRefused(headless, "is damaged or not readable");

    Path config = git.repository("config");
    Git.write(config.resolve(".git/config"), "[core\nbare = ");
    assertRefused(config, "cannot be opened");

    Path objects = git.repository("objects");
    Files.move(objects.resolve(".git/objects"), temp.resolve("moved"));
    Git.folder(objects.resolve(".git/objects"));
    Git.write(objects.resolve(".git/refs/heads/muster/acme"), "1".repeat(40) + "\n");
    assertThatThrownBy(() -> Git.history(objects).runs(3))
        .isInstanceOf(MusterException.class)
        .hasMessageContaining("object " + "1".repeat(40) + " is missing")
        .hasMessageContaining("git fsck");
  }

  private static void assertRefused(Path folder, String why) {
    Git.write(folder.resolve("topology.yaml"), Git.TOPOLOGY);
    assertThatThrownBy(() -> Git.history(folder))
        .isInstanceOf(MusterException.class)
        .hasMessageContaining(why)
        .hasMessageContaining("--no-history")
        .hasMessageNotContaining("Exception");
  }

  @Test
  void refusesARepositoryWithOtherObjectNames() {
    Path repository = Git.folder(temp.resolve("sha256"));
    git.run(repository, "init", "-q", "--object-format=sha256");
    assertRefused(repository, "sha256");
  }

  @Test
  void refusesARepositoryThatKeepsItsRefsInAnotherWay() {
    Path repository = git.repository("reftable");
    Git.write(
        repository.resolve(".git/config"),
        "[core]\nrepositoryformatversion = 1\n[extensions]\nrefStorage = reftable\n");
    assertRefused(repository, "keeps its refs as reftable");
  }

  @Test
  void recordsWithObjectsAndRefsOfOthersAndPackedOnes() {
    Path origin = git.repository("origin");
    recordOne(origin);
    git.run(temp, "clone", "-q", "--shared", origin.toString(), "borrowing");
    Path borrowing = temp.resolve("borrowing");
    git.run(borrowing, "fetch", "-q", "origin", "muster/acme:muster/acme");
    git.run(borrowing, "pack-refs", "--all");
    git.run(borrowing, "gc", "-q");
    try (GitHistory history = Git.history(borrowing)) {
      Git.record(history, "r3", "third");
      assertThat(history.runs(5)).extracting(RunEntry::runId).containsExactly("r3", "r2", "r1");
    }
    git.run(borrowing, "pack-refs", "--all");
    git.assertSound(borrowing);
    git.assertSound(origin);
  }

  @Test
  void recordsInAShallowClone() {
    Path origin = git.repository("origin");
    git.run(origin, "commit", "-q", "--allow-empty", "-m", "second");
    git.run(temp, "clone", "-q", "--depth", "1", origin.toUri().toString(), "shallow");
    recordOne(temp.resolve("shallow"));
    git.assertSound(temp.resolve("shallow"));
  }

  @Test
  void saysWhyNothingCanBeWritten() throws IOException {
    Path repository = git.repository("acme");
    Path refs = repository.resolve(".git/refs/muster");
    Git.write(refs, "a file where a folder must be");
    try (GitHistory history =
        GitHistory.find(repository.resolve("topology.yaml"), "acme", Duration.ofMillis(300))
            .orElseThrow()) {
      assertThatThrownBy(() -> history.begin("r1", "apply", Map.of(), Map.of()))
          .isInstanceOf(MusterException.class)
          .hasMessageContaining("run r1 cannot be recorded")
          .hasMessageContaining("refs/muster")
          .hasMessageContaining("--no-history")
          .hasMessageNotContaining("Exception");
      Files.delete(refs);
      Git.record(history, "r1", "first");
    }
    git.assertSound(repository);
  }
}
