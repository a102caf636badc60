package dev.muster.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However a fleet ends, nothing of it is left: no process and no file. */
@Timeout(180)
@Isolated("it takes every process that appears for one of its own")
final class EndIT {
  @Test
  void leavesNothingWhenClosed() {
    List<ProcessHandle> before = ProcessHandle.current().descendants().toList();
    TestFleet fleet = TestFleet.start("host");
    List<ProcessHandle> servers =
        ProcessHandle.current().descendants().filter(p -> !before.contains(p)).toList();
    assertThat(servers).hasSizeGreaterThanOrEqualTo(4);
    fleet.close();
    assertThat(servers).noneMatch(ProcessHandle::isAlive);
    assertThat(fleet.folder()).doesNotExist();
  }

  @Test
  void endsByItselfAfterItsTime() {
    try (TestFleet fleet = TestFleet.start(Duration.ofSeconds(1), "host")) {
      Wait.until("the folder is gone", () -> !Files.exists(fleet.folder()));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void leavesNothingWhenTheJvmIsKilled(boolean forcibly) throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Process jvm =
        new ProcessBuilder(
                java.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                KilledFleet.class.getName())
            .redirectError(Redirect.INHERIT)
            .start();
    try (BufferedReader out = jvm.inputReader()) {
      Path folder = Path.of(out.readLine());
      List<ProcessHandle> servers = jvm.descendants().toList();
      assertThat(servers).hasSizeGreaterThanOrEqualTo(4).allMatch(ProcessHandle::isAlive);
      assertThat(folder).exists();

      if (forcibly) {
        jvm.destroyForcibly();
      } else {
        jvm.destroy();
      }
      Wait.until("the servers end", () -> servers.stream().noneMatch(ProcessHandle::isAlive));
      Wait.until("the folder is gone", () -> !Files.exists(folder));
    } finally {
      jvm.destroyForcibly();
    }
  }
}
