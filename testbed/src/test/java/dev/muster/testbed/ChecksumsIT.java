package dev.muster.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the testbed downloads is what it was when it was pinned, or it is not used. */
@Timeout(600)
class ChecksumsIT {
  @TempDir private Path folder;

  /** The testbed's scripts and pins, without its tests. */
  private Path copied() throws IOException {
    return copied(Binaries.script().resolveSibling(""));
  }

  private Path copied(Path scripts) throws IOException {
    Path from = scripts.toAbsolutePath().normalize();
    Path to = folder.resolve(from.getFileName());
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path relative = from.relativize(file);
        if (!relative.startsWith("src") && !relative.startsWith("target")) {
          Path copy = to.resolve(relative);
          Files.createDirectories(copy.getParent());
          Files.copy(file, copy, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
    return to;
  }

  private Tools.Said run(Path testbed, String command) {
    String cache = folder.resolve("cache").toString();
    return Tools.run(
        testbed,
        Map.of("MUSTER_TESTBED_CACHE", cache, "MUSTER_TESTBED_BINARIES", ""),
        List.of("bash", "-c", command));
  }

  private static void falsify(Path file, String line) throws IOException {
    String text = Files.readString(file);
    Matcher found = Pattern.compile(line).matcher(text);
    assertThat(found.find()).as(line + " in " + file).isTrue();
    char old = text.charAt(found.end());
    String changed =
        text.substring(0, found.end()) + (old == 'a' ? 'b' : 'a') + text.substring(found.end() + 1);
    Files.writeString(file, changed);
  }

  @ParameterizedTest
  @CsvSource({
    "./binaries, servers/go.sum, 'k8s.io/kubernetes v[0-9.]+ h1:'",
    "./binaries, servers/go.sum, 'go.etcd.io/etcd/server/v3 v[0-9.]+/go.mod h1:'",
    "./tools actionlint, actionlint/go.sum, 'github.com/rhysd/actionlint v[0-9.]+ h1:'",
    "./promlint/check, promlint/go.sum, 'github.com/prometheus/common v[0-9.]+ h1:'"
  })
  void aModuleOfGoWithAnotherSumIsNotBuilt(String command, String sums, String line)
      throws IOException {
    Path testbed = copied();
    falsify(testbed.resolve(sums), line);
    Tools.Said said = run(testbed, command);
    assertThat(said.code()).isNotZero();
    assertThat(said.text()).contains("checksum mismatch").contains("SECURITY ERROR");
  }

  @ParameterizedTest
  @CsvSource({
    "kubectl, kubectl/go.sum, 'k8s.io/kubectl v[0-9.]+ h1:', checksum mismatch",
    "tofu, tools, 'tofu_sum=h1:', does not have the checksum"
  })
  void aProgramOfTheBenchmarkWithAnotherSumIsNotBuilt(
      String program, String sums, String line, String complaint) throws IOException {
    Path bench = copied(Path.of("../bench"));
    falsify(bench.resolve(sums), line);
    Tools.Said said = run(bench, "./tools " + program);
    assertThat(said.code()).isNotZero();
    assertThat(said.text()).contains(complaint);
  }

  @Test
  void aPackageOfPyPiWithAnotherHashIsNotInstalled() throws IOException {
    Path testbed = copied();
    Path pins = testbed.resolve("check-jsonschema/requirements.txt");
    String text = Files.readString(pins);
    // All hashes of one package, as each file of it has its own.
    Matcher one = Pattern.compile("idna==.*?(?=\n[a-z])", Pattern.DOTALL).matcher(text);
    assertThat(one.find()).isTrue();
    String wrong = one.group().replaceAll("sha256:[0-9a-f]{4}", "sha256:0000");
    assertThat(wrong).isNotEqualTo(one.group());
    Files.writeString(pins, text.replace(one.group(), wrong));
    Tools.Said said = run(testbed, "./tools check-jsonschema");
    assertThat(said.code()).isNotZero();
    assertThat(said.text()).contains("DO NOT MATCH THE HASHES");
  }

  @Test
  void nothingIsPinnedWithoutAHash() throws IOException {
    Path testbed = copied();
    String pins = Files.readString(testbed.resolve("check-jsonschema/requirements.txt"));
    assertThat(pins.lines().filter(line -> line.contains("==")))
        .hasSize(15)
        .allMatch(line -> line.endsWith(" \\"));
    Files.writeString(
        testbed.resolve("check-jsonschema/requirements.txt"),
        pins.replaceAll("(?s)(idna==[0-9.]+).*?(?=\n[a-z])", "$1"));
    Tools.Said said = run(testbed, "./tools check-jsonschema");
    assertThat(said.code()).isNotZero();
    assertThat(said.text()).contains("Hashes are required").contains("idna");
  }

  @Test
  void noScriptTakesWhatAptCannotVerify() throws IOException {
    Path testbed = copied();
    for (String script : List.of("tools", "browser/install", "binaries", "promlint/check")) {
      assertThat(Files.readString(testbed.resolve(script)))
          .doesNotContainIgnoringCase("unauthenticated")
          .doesNotContainIgnoringCase("trusted=yes")
          .doesNotContain("curl", "wget", "GONOSUM", "GOINSECURE", "trusted-host");
    }
  }
}
