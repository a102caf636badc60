package dev.muster.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runners are processes of their own, perhaps on machines of their own. */
class RacingProcessesTest {
  @TempDir Path temp;
  private Git git;

  @BeforeEach
  void home() {
    git = new Git(temp);
  }

  /** A runner that records so many runs, and shares them where a remote is named. */
  static final class Runner {
    private Runner() {}

    public static void main(String[] args) {
      Path home = Path.of(args[0]);
      QuietSystem.install(new QuietSystem(home, home.resolve(".config")));
      try (GitHistory history = Git.history(Path.of(args[1]))) {
        boolean shared = history.share(Optional.of(args[4])).isPresent();
        for (int round = 0; round < Integer.parseInt(args[3]); round++) {
          String id = args[2] + "-" + round;
          if (shared) {
            history.fetch();
          }
          var run = history.begin(id, "about to", Map.of("a", id), Map.of());
          run.finish("run " + id, Map.of("a", id), Map.of("Result", "done"));
          if (shared) {
            history.push();
          }
        }
      }
    }
  }

  private Process start(Path repository, String name, int rounds, String remote) throws Exception {
    Path said = temp.resolve(name + ".out");
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Runner.class.getName(),
            git.home.toString(),
            repository.toString(),
            name,
            String.valueOf(rounds),
            remote)
        .redirectErrorStream(true)
        .redirectOutput(said.toFile())
        .start();
  }

  private void end(Process process, String name) throws Exception {
    boolean ended = process.waitFor(300, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertThat(ended).as(name + " ends").isTrue();
    assertThat(process.exitValue()).as(Files.readString(temp.resolve(name + ".out"))).isZero();
  }

  private static Set<String> expected(int rounds) {
    Set<String> expected = new TreeSet<>();
    for (int i = 0; i < rounds; i++) {
      expected.add("run ann-" + i);
      expected.add("run bob-" + i);
    }
    return expected;
  }

  private List<String> recorded(Path repository) {
    return new ArrayList<>(
        git.run(repository, "log", "--format=%s", "muster/acme").lines().toList());
  }

  @Test
  void loseNoRecordInFiftyRoundsOnOneRepository() throws Exception {
    Path repository = git.repository("acme");
    Process ann = start(repository, "ann", 50, "none");
    Process bob = start(repository, "bob", 50, "none");
    end(ann, "ann");
    end(bob, "bob");
    assertThat(recorded(repository)).hasSize(100).containsExactlyInAnyOrderElementsOf(expected(50));
    assertThat(git.run(repository, "for-each-ref", "refs/muster")).isEmpty();
    git.assertSound(repository);
  }

  @Test
  void loseNoRecordInTheRepositoryThatTheyShare() throws Exception {
    Path seed = git.repository("seed");
    Path shared = temp.resolve("shared.git");
    git.run(temp, "clone", "-q", "--bare", seed.toString(), shared.toString());
    git.run(temp, "clone", "-q", shared.toString(), "ann-clone");
    git.run(temp, "clone", "-q", shared.toString(), "bob-clone");
    Process ann = start(temp.resolve("ann-clone"), "ann", 10, "origin");
    Process bob = start(temp.resolve("bob-clone"), "bob", 10, "origin");
    end(ann, "ann");
    end(bob, "bob");
    // whoever was last refused brings the rest along with the next run
    for (String clone : List.of("ann-clone", "bob-clone")) {
      try (GitHistory history = Git.history(temp.resolve(clone))) {
        history.share(Optional.of("origin"));
        assertThat(history.push()).isEmpty();
      }
    }
    assertThat(recorded(shared)).hasSize(20).containsExactlyInAnyOrderElementsOf(expected(10));
    git.assertSound(shared);
    git.assertSound(temp.resolve("ann-clone"));
    git.assertSound(temp.resolve("bob-clone"));
  }
}
