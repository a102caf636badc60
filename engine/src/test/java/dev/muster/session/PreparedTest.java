package dev.muster.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.expression.Compiled;
import dev.muster.problem.MusterException;
import dev.muster.resource.Redactor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two runs of the program in a row, with a folder for what they find out. */
@Isolated("what is compiled is kept for the whole process")
final class PreparedTest {
  private static final String PLAN = "src/test/resources/plans/garden.yaml";

  @TempDir Path folder;
  private Path cache = Path.of("");
  private Path topology = Path.of("");

  @BeforeEach
  void begin() throws IOException {
    cache =
        Files.createDirectory(
            folder.resolve("cache"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    System.setProperty("muster.cache", cache.toString());
    Files.copy(Path.of(PLAN), folder.resolve("garden.yaml"));
    topology = folder.resolve("topology.yaml");
    write("  host: {access: {kubeconfig: {context: host}}}\n");
    Prepared.forget();
  }

  @AfterEach
  void end() {
    System.clearProperty("muster.cache");
    Prepared.forget();
  }

  private void write(String host) throws IOException {
    Files.writeString(
        topology,
        "apiVersion: muster.dev/v1alpha1\nkind: Topology\nmetadata: {name: acme}\nspec:\n"
            + "  plan: ./garden.yaml\n"
            + host);
  }

  /** As a process of its own; whether it had to compile. */
  private boolean compiles() {
    Prepared.forget();
    return compilesAgain();
  }

  /** In the same process; what it has found is written down however it ends. */
  private boolean compilesAgain() {
    try {
      Loader.load(topology, new SecretSources(SecretSources.Extent.NONE, new Redactor()));
      return Compiled.grown();
    } finally {
      Prepared.keep();
    }
  }

  private List<String> kept() throws IOException {
    try (Stream<Path> files = Files.list(cache)) {
      return files
          .map(file -> file.getFileName().toString().replaceAll("-.*", ""))
          .sorted()
          .toList();
    }
  }

  @Test
  void aPlanIsCompiledOnceAndEditedTopologiesAreCheckedAnew() throws IOException {
    write("  host: {access: {kubeconfig: {context: host}}}\n");
    assertThat(compiles()).isTrue();
    assertThat(kept()).containsExactly("plan", "topology");
    assertThat(compiles()).isFalse();

    write("  host: {access: {kubeconfig: {context: host}}, colour: green}\n");
    assertThatThrownBy(this::compiles)
        .isInstanceOf(MusterException.class)
        .hasMessageContaining("colour");
    assertThat(kept()).containsExactly("plan", "topology");
  }

  @Test
  void anEditedPlanIsCheckedAnew() throws IOException {
    write("  host: {access: {kubeconfig: {context: host}}}\n");
    compiles();
    Path plan = folder.resolve("garden.yaml");
    Files.writeString(plan, Files.readString(plan).replaceFirst("kind: Plan", "kind: Planet"));
    assertThatThrownBy(this::compiles).hasMessageContaining("Planet");
  }

  /** What is wrong with each is found by a check that is left out for a plan that is known. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "surprise: 1                                 | unknown key \"surprise\"",
        "allows: {host: []}                          | not in `allows`",
        "status: [{column: X, value: ${host.nought}}] | nought"
      })
  void aPlanThatIsWrongStaysWrong(String more, String problem) throws IOException {
    Path plan = folder.resolve("garden.yaml");
    String text = Files.readString(plan).replaceFirst("(?m)^spec:$", "spec:\n  " + quoted(more));
    Files.writeString(plan, text);
    write("  host: {access: {kubeconfig: {context: host}}}\n");
    assertThatThrownBy(this::compiles).hasMessageContaining(problem);
    assertThatThrownBy(this::compilesAgain).hasMessageContaining(problem);
    assertThatThrownBy(this::compiles).as("another process").hasMessageContaining(problem);
    assertThatThrownBy(() -> Loader.plan("garden.yaml", text)).hasMessageContaining(problem);
    assertThat(kept()).isEmpty();
  }

  private static String quoted(String replacement) {
    return Matcher.quoteReplacement(replacement);
  }

  /** One process, as that of a program that uses the library. */
  @Test
  void whatWasSoundIsNotCheckedAgainAndWhatIsEditedIs() throws IOException {
    System.clearProperty("muster.cache");
    write("  host: {access: {kubeconfig: {context: host}}}\n");
    Path plan = folder.resolve("garden.yaml");
    String text = Files.readString(plan);
    assertThat(Prepared.of(text).known()).isFalse();
    compilesAgain();
    assertThat(Prepared.of(text).known()).isTrue();
    assertThat(Prepared.of(text).knows(Files.readString(topology))).isTrue();
    write("  host: {access: {kubeconfig: {context: host}}, colour: green}\n");
    assertThat(Prepared.of(text).knows(Files.readString(topology))).isFalse();
    assertThatThrownBy(this::compilesAgain).hasMessageContaining("colour");
    assertThatThrownBy(this::compilesAgain).hasMessageContaining("colour");
    assertThat(Prepared.of(text + "#").known()).isFalse();
  }

  @Test
  void whatIsDamagedIsWorkedOutAnew() throws IOException {
    write("  host: {access: {kubeconfig: {context: host}}}\n");
    compiles();
    try (Stream<Path> files = Files.list(cache)) {
      for (Path file : files.toList()) {
        Files.writeString(file, "x");
      }
    }
    assertThat(compiles()).isTrue();
    assertThat(compiles()).isFalse();
  }

  @Test
  void aFolderThatOthersCanWriteToIsNotUsed() throws IOException {
    write("  host: {access: {kubeconfig: {context: host}}}\n");
    compiles();
    Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwx---"));
    assertThat(compiles()).isTrue();
  }

  @Test
  void nothingOfTheTopologyLiesThere() throws IOException {
    write("  host: {access: {kubeconfig: {context: a-name-that-only-this-file-has}}}\n");
    compiles();
    try (Stream<Path> files = Files.list(cache)) {
      for (Path file : files.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .isEqualTo("rw-------");
        assertThat(
                new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
            .doesNotContain("a-name-that-only-this-file-has");
      }
    }
  }

  @Test
  void onlySomeAreKept() throws IOException {
    for (int i = 0; i < 70; i++) {
      write("  host: {access: {kubeconfig: {context: host-" + i + "}}}\n");
      Prepared.forget();
      Loader.load(topology, new SecretSources(SecretSources.Extent.NONE, new Redactor()));
    }
    Compiled.forget();
    Loader.load(topology, new SecretSources(SecretSources.Extent.NONE, new Redactor()));
    Prepared.keep();
    try (Stream<Path> files = Files.list(cache)) {
      assertThat(files.filter(file -> file.getFileName().toString().startsWith("topology")))
          .hasSize(64);
    }
  }
}
