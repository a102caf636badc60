package dev.muster.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What the distribution is made of, as the build left it: jars, SBOM, archive, and what is said of
 * them.
 */
class SupplyChainIT {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final Path DISTRIBUTION = HOME.resolve("sandbox/target/muster");
  private static final String PICOCLI = "info.picocli:picocli";

  @SuppressWarnings("NullAway.Init")
  private static Sbom sbom;

  @BeforeAll
  static void readSbom() throws IOException {
    sbom = Sbom.read(DISTRIBUTION.resolve("sbom.cdx.json"));
  }

  private static Map<String, String> jars() throws IOException, GeneralSecurityException {
    Map<String, String> sums = new TreeMap<>();
    try (Stream<Path> files = Files.list(DISTRIBUTION.resolve("lib"))) {
      for (Path file : files.toList()) {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        String sum = HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
        sums.put(file.getFileName().toString(), sum);
      }
    }
    return sums;
  }

  @Test
  void theSbomNamesEachJarByItsContentAndNothingElse() throws Exception {
    Map<String, String> named = new TreeMap<>();
    Map<String, String> found = jars();
    for (Sbom.Component component : sbom.components()) {
      if (component.compiledIn()) {
        assertThat(component.name()).isEqualTo(PICOCLI);
      } else if (component.name().equals("dev.muster:muster-sandbox")) {
        // The application itself: described, not hashed.
        named.put(component.jar(), found.getOrDefault(component.jar(), "is missing"));
      } else {
        named.put(component.jar(), component.sha256());
      }
    }
    assertThat(found).isEqualTo(named);
  }

  @Test
  void whatIsCompiledInIsReallyThereAndOfThatVersion() throws Exception {
    Path engine = DISTRIBUTION.resolve("lib").resolve(sbom.named("dev.muster:muster-engine").jar());
    try (JarFile jar = new JarFile(engine.toFile())) {
      byte[] code = jar.getInputStream(jar.getEntry("picocli/CommandLine.class")).readAllBytes();
      String version = sbom.named(PICOCLI).jar().replaceAll("picocli-|-sources|\\.jar", "");
      assertThat(new String(code, java.nio.charset.StandardCharsets.ISO_8859_1)).contains(version);
    }
  }

  @Test
  void theJarsOfOthersAreThoseThatWereLookedAt() throws Exception {
    Map<String, String> pinned = new TreeMap<>();
    for (String line : Files.readAllLines(HOME.resolve("sandbox/libraries.sha256"))) {
      String[] parts = line.split("  ", 2);
      pinned.put(parts[1], parts[0]);
    }
    Map<String, String> found = jars();
    found.keySet().removeIf(name -> name.startsWith("muster-"));
    assertThat(found)
        .as(
            "after a change that was meant: (cd sandbox/target/muster/lib && sha256sum"
                + " $(ls | grep -v ^muster-)) > sandbox/libraries.sha256")
        .isEqualTo(pinned);
  }

  @Test
  void theArchiveHoldsJustTheFolder() throws IOException {
    Set<String> files = new TreeSet<>();
    try (Stream<Path> found = Files.walk(DISTRIBUTION)) {
      found
          .filter(Files::isRegularFile)
          .forEach(file -> files.add("muster/" + DISTRIBUTION.relativize(file)));
    }
    try (Stream<Path> found = Files.list(DISTRIBUTION.resolveSibling("."))) {
      List<Path> archives = found.filter(file -> file.toString().endsWith(".tar.gz")).toList();
      assertThat(archives).hasSize(1);
      Tools.Said said =
          Tools.run(HOME, Map.of(), List.of("tar", "-tzf", archives.get(0).toString()));
      assertThat(said.code()).as(said.text()).isZero();
      List<String> packed = said.text().lines().filter(name -> !name.endsWith("/")).toList();
      assertThat(packed).containsExactlyInAnyOrderElementsOf(files);
    }
  }

  @Test
  void designSaysWhatForAndUnderWhichLicenceOfEachLibrary() throws IOException {
    Map<String, String> needed = new TreeMap<>();
    for (String module : List.of("dev.muster:muster-engine", "dev.muster:muster-sandbox")) {
      for (Sbom.Component library : sbom.needs(sbom.named(module))) {
        if (!library.name().startsWith("dev.muster:")) {
          String licences = String.join(", ", library.licences());
          needed.put(library.name(), licences + " | " + sbom.below(library).size());
        }
      }
    }
    String design = Files.readString(HOME.resolve("DESIGN.md"));
    String section = design.substring(design.indexOf("\n## Libraries"));
    section = section.substring(0, section.indexOf("\n## ", 1));
    Map<String, String> told = new TreeMap<>();
    Pattern.compile("(?m)^\\| ([^ |]+:[^ |]+) \\| [^|]+ \\| [^|]+ \\| ([^|]+ \\| \\d+) \\|$")
        .matcher(section)
        .results()
        .forEach(row -> told.put(row.group(1), row.group(2)));
    assertThat(told).isEqualTo(needed);
    assertThat(section)
        .contains(
            "In all " + (Files.readAllLines(HOME.resolve("sandbox/libraries.sha256")).size()));
  }
}
