package dev.muster.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The script, with a {@code go} that writes a few bytes instead of building. */
@Timeout(60)
final class BinariesTest {
  private static final String GO =
      """
      #!/bin/sh
      while [ "$1" != -o ]; do shift; done
      echo "$2" >> "$CALLS"
      while [ -e "$CALLS.wait" ]; do sleep 0.05; done
      case "$2" in
        *kube-apiserver) [ ! -e "$CALLS.fail" ] || { echo half > "$2"; exit 1; } ;;
      esac
      echo built > "$2"
      chmod +x "$2"
      """;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  private record Ran(int code, String out, String err) {}

  @BeforeEach
  void writeGo() throws IOException {
    executable(Files.createDirectories(folder.resolve("bin")).resolve("go"), GO);
  }

  @Test
  void buildsOnceAndThenUsesTheCache() throws Exception {
    Ran first = run("");
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(Path.of(first.out().strip()).resolve("etcd")).isExecutable();
    assertThat(Path.of(first.out().strip()).resolve("kube-apiserver")).isExecutable();
    assertThat(run("").out()).isEqualTo(first.out());
    assertThat(calls()).hasSize(2);
    assertThat(cached()).containsExactly(Path.of(first.out().strip()));
  }

  @Test
  void buildsOnceWhenRunTwiceAtOnce() throws Exception {
    Path wait = Files.createFile(folder.resolve("calls.wait"));
    Process one = start("");
    Wait.until("the first one builds", () -> Files.exists(folder.resolve("calls")));
    Process two = start("");
    String said = firstLine(two);
    assertThat(said).contains("waiting for the build by " + one.pid() + "@");
    Files.delete(wait);
    assertThat(finish(one).out()).isEqualTo(finish(two).out());
    assertThat(calls()).hasSize(2);
  }

  @Test
  void neverCountsAHalfBuildAsDone() throws Exception {
    Path fail = Files.createFile(folder.resolve("calls.fail"));
    Ran failed = run("");
    assertThat(failed.code()).isNotZero();
    assertThat(failed.out()).isEmpty();
    assertThat(cached()).isEmpty();

    Files.delete(fail);
    assertThat(run("").code()).isZero();
  }

  @Test
  void takesOverWhatAKilledBuildLeft() throws Exception {
    Path wait = Files.createFile(folder.resolve("calls.wait"));
    Process killed = start("");
    Wait.until("it builds", () -> Files.exists(folder.resolve("calls")));
    List<ProcessHandle> all = killed.descendants().toList();
    killed.destroyForcibly().waitFor();
    all.forEach(ProcessHandle::destroyForcibly);
    assertThat(cached()).hasSize(2);

    Files.delete(wait);
    Ran next = run("");
    assertThat(next.code()).as(next.err()).isZero();
    assertThat(next.err()).contains("removing the lock of " + killed.pid() + "@");
    assertThat(cached()).containsExactly(Path.of(next.out().strip()));
  }

  @Test
  void usesAFolderThatHasBothAndRefusesOneThatHasNot() throws Exception {
    Path own = Files.createDirectories(folder.resolve("own"));
    executable(own.resolve("etcd"), "");
    Ran refused = run(own.toString());
    assertThat(refused.code()).isNotZero();
    assertThat(refused.err()).contains("does not hold the programs: etcd kube-apiserver");

    executable(own.resolve("kube-apiserver"), "");
    assertThat(run(own.toString()).out()).isEqualTo(own + "\n");
    assertThat(folder.resolve("calls")).doesNotExist();
  }

  private Process start(String given) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(Binaries.script().toString());
    builder.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
    builder.environment().put("CALLS", folder.resolve("calls").toString());
    builder.environment().put("MUSTER_TESTBED_CACHE", folder.resolve("cache").toString());
    builder.environment().put("MUSTER_TESTBED_BINARIES", given);
    return builder.start();
  }

  private Ran run(String given) throws IOException, InterruptedException {
    return finish(start(given));
  }

  private static Ran finish(Process process) throws IOException, InterruptedException {
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(process.waitFor(), out, err);
  }

  private static String firstLine(Process process) throws IOException {
    return process.errorReader(StandardCharsets.UTF_8).readLine();
  }

  private List<String> calls() throws IOException {
    return Files.readAllLines(folder.resolve("calls"));
  }

  private List<Path> cached() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("cache"))) {
      return files.toList();
    }
  }

  private static void executable(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
