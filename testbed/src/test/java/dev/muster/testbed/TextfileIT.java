package dev.muster.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The textfile of {@code drift -o prometheus}, as Prometheus' parser and linter see it. */
@Timeout(600)
class TextfileIT {
  /** The files that the engine's tests hold the renderer to. */
  private static final Path EXAMPLES = Path.of("../engine/src/test/resources/drift-reports");

  @TempDir private Path folder;

  private record Verdict(int code, String series, String complaints) {}

  private Verdict verdict(String text) throws IOException {
    Path in = Files.writeString(folder.resolve("in"), text);
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    try {
      int code =
          new ProcessBuilder(
                  Binaries.script().resolveSibling("promlint").resolve("check").toString())
              .redirectInput(in.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start()
              .waitFor();
      return new Verdict(code, Files.readString(out), Files.readString(err));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String example(String name) throws IOException {
    return Files.readString(EXAMPLES.resolve(name).resolve("report.prom"), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fleet", "nothing", "hostile"})
  void isReadWithoutAComplaint(String name) throws IOException {
    String text = example(name);
    Verdict verdict = verdict(text);
    assertThat(verdict.code()).as(verdict.complaints()).isZero();
    long samples = text.lines().filter(line -> !line.startsWith("#")).count();
    assertThat(verdict.series().lines()).hasSize((int) samples);
  }

  @Test
  void isUnderstoodAsItIsMeant() throws IOException {
    assertThat(verdict(example("fleet")).series().lines())
        .contains(
            "muster_drift_fields GAUGE topology=\"farm\" cluster=\"host\" kind=\"drift\" 2",
            "muster_cluster_reachable GAUGE topology=\"farm\" cluster=\"m3\" role=\"member\" 0",
            "muster_drift_exit_code GAUGE topology=\"farm\" 2",
            "muster_credential_expiry_seconds GAUGE topology=\"farm\" cluster=\"m2\""
                + " credential=\"key of the barn\" -7300");
  }

  @Test
  void aNameFromAClusterMakesNoSeriesOfItsOwn() throws IOException {
    assertThat(verdict(example("hostile")).series().lines())
        .filteredOn(line -> line.startsWith("muster_drift_exit_code"))
        .containsExactly("muster_drift_exit_code GAUGE topology=\"farm\" 1");
  }

  @Test
  void whatIsWrongIsNoticed() throws IOException {
    assertThat(verdict(example("fleet").replaceFirst("# HELP muster_drift_fields.*\n", "")).code())
        .isEqualTo(1);
    assertThat(verdict("muster_drift_fields{cluster=\"a\" b\"} 1\n").code()).isEqualTo(1);
  }
}
