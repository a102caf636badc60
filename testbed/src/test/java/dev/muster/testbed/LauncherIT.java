package dev.muster.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The distribution's launcher: what it makes at the first call, and what later calls do with it.
 */
@Timeout(value = 300)
class LauncherIT {
  private static final Path DISTRIBUTION =
      Path.of("../sandbox/target/muster").toAbsolutePath().normalize();
  private static final Path MUSTER = DISTRIBUTION.resolve("bin/muster");
  private static final Path TOPOLOGY =
      Path.of("../examples/smallest.yaml").toAbsolutePath().normalize();
  private static final int MANY = 1_000;

  @TempDir Path folder;
  private Path cache = Path.of("");

  /** How a call ended, and the classes that it loaded. */
  private record Call(int code, String output, List<String> classes) {
    long mapped() {
      return classes.stream().filter(line -> line.contains("shared objects file (top)")).count();
    }

    boolean loaded(String start) {
      return classes.stream().anyMatch(line -> line.contains(" " + start));
    }
  }

  @BeforeEach
  void place() {
    // With a space, which a path may have.
    cache = folder.resolve("a cache");
  }

  private Call call(Map<String, String> environment, String... args) throws Exception {
    return call(MUSTER, environment, args);
  }

  private Call call(Path muster, Map<String, String> environment, String... args) throws Exception {
    Path log = folder.resolve("classes.txt");
    Files.deleteIfExists(log);
    List<String> command = new ArrayList<>(List.of(muster.toString()));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Path output = folder.resolve("output.txt");
    builder.redirectOutput(output.toFile());
    builder.environment().put("MUSTER_CACHE", cache.toString());
    builder.environment().put("MUSTER_JAVA_OPTS", "-Xlog:class+load:file=" + log);
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(200, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    List<String> classes = Files.exists(log) ? Files.readAllLines(log) : List.of();
    return new Call(process.exitValue(), Files.readString(output), classes);
  }

  private Call validate() throws Exception {
    return call(Map.of(), "validate", "-f", TOPOLOGY.toString());
  }

  /** Each Java of this machine, at least the one that runs the tests. */
  static Set<Path> javas() throws IOException {
    Set<Path> homes = new TreeSet<>();
    homes.add(Path.of(System.getProperty("java.home")).toRealPath());
    Path all = Path.of("/usr/lib/jvm");
    if (Files.isDirectory(all)) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(all)) {
        for (Path home : found) {
          if (Files.isExecutable(home.resolve("bin/java"))) {
            homes.add(home.toRealPath());
          }
        }
      }
    }
    return homes;
  }

  private List<Path> archives() throws IOException {
    if (!Files.isDirectory(cache)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(cache)) {
      return files.filter(file -> file.endsWith("classes.jsa")).toList();
    }
  }

  @Test
  void theFirstCallMakesAnArchiveAndLaterOnesStartFromIt() throws Exception {
    Call first = validate();
    assertThat(first.code()).as(first.output()).isZero();
    assertThat(archives()).hasSize(1);
    assertThat(Files.size(archives().get(0))).isGreaterThan(1 << 20);
    assertThat(Files.list(archives().get(0).getParent()))
        .as("what is left of making it")
        .noneMatch(file -> file.endsWith("making"));
    Call second = validate();
    assertThat(second.output()).isEqualTo(first.output());
    assertThat(second.mapped()).isGreaterThan(MANY);
    // Neither the compiler of expressions nor the checker of schemas is needed for a known file.
    assertThat(second.loaded("org.antlr")).isFalse();
    assertThat(second.loaded("dev.harrel")).isFalse();

    // What an earlier call has found wrong is no more right for the next one.
    Path wrong = folder.resolve("wrong.yaml");
    Files.writeString(
        wrong, Files.readString(TOPOLOGY).replace("spec:", "spec:\n  plan: ./plan.yaml"));
    String plan = Files.readString(Path.of("../plans/kubesphere.yaml"));
    Files.writeString(
        folder.resolve("plan.yaml"), plan.replaceFirst("(?m)^spec:$", "spec:\n  surprise: 1"));
    for (int i = 0; i < 3; i++) {
      Call refused = call(Map.of(), "validate", "-f", wrong.toString());
      assertThat(refused.output()).contains("unknown key \"surprise\"");
      assertThat(refused.code()).isEqualTo(1);
    }

    Path archive = archives().get(0);
    Files.delete(archive);
    Files.write(archive, new byte[] {1, 2, 3});
    Call damaged = validate();
    assertThat(damaged.output()).isEqualTo(first.output());
    assertThat(damaged.mapped()).isZero();

    Files.write(archive, new byte[0]);
    assertThat(validate().output()).isEqualTo(first.output());
    assertThat(archive).as("says that this JVM cannot").isEmptyFile();
  }

  /**
   * JVMs take an archive for the same files in the same place; some call anything else an error.
   */
  @ParameterizedTest
  @MethodSource("javas")
  void anArchiveIsForTheJarsThatItWasMadeOf(Path java) throws Exception {
    Map<String, String> environment = Map.of("JAVA_HOME", java.toString());
    String[] validate = {"validate", "-f", TOPOLOGY.toString()};
    Path place = copyOfTheDistribution(folder.resolve("a/longer/place"));
    Call first = call(place.resolve("bin/muster"), environment, validate);
    assertThat(first.code()).as(first.output()).isZero();
    Path archive = archives().get(0);

    // The same build elsewhere knows nothing of it.
    Path moved = Files.move(place, folder.resolve("moved"));
    Path muster = moved.resolve("bin/muster");
    assertThat(call(muster, environment, "schema", "plan").mapped()).isZero();
    Path own;
    try (Stream<Path> folders = Files.list(cache)) {
      own = folders.filter(kept -> !archive.startsWith(kept)).findAny().orElseThrow();
    }
    // One that is refused, since a jar has another time, is done without, and without a word.
    Files.copy(archive, own.resolve("classes.jsa"));
    Instant copied = Files.getLastModifiedTime(own.resolve("classes.jsa")).toInstant();
    Path jar = moved.resolve("lib/muster-engine-0.1.0-SNAPSHOT.jar");
    Files.setLastModifiedTime(jar, FileTime.from(copied.minus(Duration.ofDays(9))));
    Call wrong = call(muster, environment, validate);
    assertThat(wrong.output()).isEqualTo(first.output());
    assertThat(wrong.mapped()).isZero();

    // As after another build of the same.
    Files.setLastModifiedTime(jar, FileTime.from(copied.plusMillis(1)));
    assertThat(call(muster, environment, validate).output()).isEqualTo(first.output());
    Call later = call(muster, environment, validate);
    assertThat(later.output()).isEqualTo(first.output());
    assertThat(later.mapped()).isGreaterThan(MANY);

    // A clock that was wrong does not make each call do it again.
    Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plus(Duration.ofDays(9))));
    FileTime made = Files.getLastModifiedTime(own.resolve("classes.jsa"));
    assertThat(call(muster, environment, validate).output()).isEqualTo(first.output());
    assertThat(Files.getLastModifiedTime(own.resolve("classes.jsa"))).isEqualTo(made);
    assertThat(Files.exists(own.resolve("making"))).isFalse();
  }

  private static Path copyOfTheDistribution(Path target) throws IOException {
    Files.createDirectories(target);
    try (Stream<Path> files = Files.walk(DISTRIBUTION)) {
      for (Path file : files.filter(file -> !file.equals(DISTRIBUTION)).toList()) {
        Path copy = target.resolve(DISTRIBUTION.relativize(file));
        Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    return target;
  }

  @Test
  void withoutAPlaceForItAllWorksAsWell() throws Exception {
    Call none = call(Map.of("MUSTER_CACHE", ""), "validate", "-f", TOPOLOGY.toString());
    assertThat(none.code()).as(none.output()).isZero();
    Path file = Files.writeString(folder.resolve("file"), "");
    Call impossible =
        call(
            Map.of("MUSTER_CACHE", file.resolve("below").toString()),
            "validate",
            "-f",
            TOPOLOGY.toString());
    assertThat(impossible.output()).isEqualTo(none.output());
    assertThat(impossible.mapped()).isZero();
  }

  @Test
  void pagesThatAreTheSameEachTimeStartNoJvm() throws Exception {
    Call version = call(Map.of(), "--version");
    assertThat(version.output()).matches("muster \\S+\\n");
    assertThat(call(Map.of(), "-V").output()).isEqualTo(version.output());
    Call help = call(Map.of(), "--help");
    assertThat(help.output()).startsWith("Usage: muster");
    for (Call call : List.of(version, help, call(Map.of(), "-h"), call(Map.of()))) {
      assertThat(call.code()).isZero();
      assertThat(call.classes()).isEmpty();
    }
    assertThat(archives()).isEmpty();
  }

  /** What is no number of columns counts as 80, but the launcher leaves that to the program. */
  @Test
  void theProgramSaysTheSameAsThePages() throws Exception {
    Map<String, String> columns = Map.of("COLUMNS", "eighty");
    Call itself = call(columns, "--help");
    assertThat(itself.classes()).isNotEmpty();
    assertThat(itself.output()).isEqualTo(call(Map.of(), "--help").output());
    assertThat(call(columns).output()).isEqualTo(itself.output());
    Call wide = call(Map.of("COLUMNS", "120"), "--help");
    assertThat(wide.output()).isNotEqualTo(itself.output());
    // Two options, so not the page; the first of them that ends the program answers.
    Call version = call(Map.of(), "--version", "--no-color");
    assertThat(version.classes()).isNotEmpty();
    assertThat(version.output()).isEqualTo(call(Map.of(), "--version").output());
  }

  @Test
  void aCommandLoadsOnlyTheLibrariesThatItNeeds() throws Exception {
    Call schema = call(Map.of(), "schema", "plan");
    assertThat(schema.loaded("dev.cel")).isFalse();
    for (Call call : List.of(schema, validate())) {
      assertThat(call.code()).as(call.output()).isZero();
      assertThat(call.loaded("io.fabric8")).isFalse();
      assertThat(call.loaded("org.eclipse.jgit")).isFalse();
      assertThat(call.loaded("jdk.internal.net.http")).isFalse();
    }
  }

  @Test
  void theFastTlsIsLoadedFromWhereTheFirstCallHasPutIt() throws Exception {
    try (TestFleet fleet = TestFleet.start("host")) {
      Files.writeString(folder.resolve("kubeconfig.yaml"), fleet.auditedKubeconfig());
      Path topology =
          Files.writeString(
              folder.resolve("topology.yaml"),
              """
              apiVersion: muster.dev/v1alpha1
              kind: Topology
              metadata: {name: acme}
              spec:
                defaults: {access: {kubeconfig: {file: kubeconfig.yaml}}}
                host: {proxy: {address: "http://203.0.113.7:8080"}}
                members: []
              """);
      String[] plan = {"plan", "-f", topology.toString()};
      Call few = call(Map.of(), plan);
      // That server is no KubeSphere, which is seen only when it has been asked.
      assertThat(fleet.cluster("host").audit().requests()).isNotEmpty();
      assertThat(few.loaded("io.netty")).isFalse();
      try (Stream<Path> kept = Files.list(archives().get(0).getParent())) {
        assertThat(kept).anyMatch(file -> file.toString().endsWith(".so"));
      }

      Path temporary = Files.createDirectories(folder.resolve("temporary"));
      Map<String, String> fast =
          Map.of("MUSTER_TLS", "native", "JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + temporary);
      Call many = call(fast, plan);
      assertThat(many.output()).endsWith(few.output());
      assertThat(many.loaded("io.netty.handler.ssl.OpenSslEngine")).isTrue();
      assertThat(many.loaded("sun.security.ssl.ClientHandshakeContext")).isFalse();
      assertThat(temporary).as("where a library would be put").isEmptyDirectory();

      Call none = call(Map.of("MUSTER_TLS", "jdk"), plan);
      assertThat(none.output()).isEqualTo(few.output());
      assertThat(none.loaded("io.netty")).isFalse();
      Call wrong = call(Map.of("MUSTER_TLS", "openssl"), plan);
      assertThat(wrong.code()).isEqualTo(1);
      assertThat(wrong.output()).contains("MUSTER_TLS", "auto, jdk or native");
    }
  }
}
