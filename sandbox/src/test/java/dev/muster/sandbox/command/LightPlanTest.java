package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a command that only reads does without: the client for watches takes long to load. */
@Timeout(300)
class LightPlanTest {
  @Test
  void planOverTlsLoadsNoClientLibrary() throws Exception {
    try (Fleet fleet = Fleet.of(2, "3.3")) {
      List<String> said =
          run(fleet.folder, "plan", "-f", fleet.folder.resolve("topology.yaml").toString());

      assertThat(said).anyMatch(line -> line.contains("step register[m2] on host"));
      assertThat(said).anyMatch(line -> line.contains(" dev.muster.wire.Tls "));
      assertThat(said)
          .noneMatch(
              line ->
                  line.contains(" io.fabric8.")
                      || line.contains(" io.netty.")
                      || line.contains(" jdk.internal.net.http."));
    }
  }

  private static List<String> run(Path folder, String... words) throws Exception {
    Path output = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Xlog:class+load",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.muster.cli.Main");
    builder.command().addAll(List.of(words));
    Process process =
        builder
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    process.getOutputStream().close();
    assertThat(process.waitFor(240, TimeUnit.SECONDS)).isTrue();
    try (Stream<String> lines = Files.lines(output)) {
      return lines.toList();
    }
  }
}
