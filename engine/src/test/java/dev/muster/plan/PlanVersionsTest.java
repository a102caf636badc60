package dev.muster.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.Garden;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problem;
import dev.muster.problem.Problems;
import dev.muster.yaml.YamlNode;
import dev.muster.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files of the version before are read as today's, and written anew. Each directory below {@code
 * migrations} has a file {@code before.yaml} and what becomes of it, {@code after.yaml}; {@code
 * -Dgolden.update=true} writes the latter anew.
 */
class PlanVersionsTest {
  private static final Path CASES = Path.of("src/test/resources/migrations");
  private static final List<Path> PLANS =
      List.of(
          Path.of("../plans"),
          Path.of("../examples"),
          Path.of("../bench"),
          Path.of("src/test/resources"));

  static Stream<Path> cases() throws IOException {
    try (Stream<Path> folders = Files.list(CASES)) {
      return folders.sorted().toList().stream();
    }
  }

  /** Every plan of the repository that can be read at all. */
  static Stream<Path> plans() throws IOException {
    Stream<Path> all = Stream.empty();
    for (Path folder : PLANS) {
      try (Stream<Path> files = Files.walk(folder)) {
        List<Path> found =
            files
                .filter(file -> file.toString().endsWith(".yaml"))
                .filter(file -> !file.toString().contains("/target/"))
                .filter(file -> !file.startsWith(CASES))
                .filter(PlanVersionsTest::isOldPlan)
                .sorted()
                .toList();
        all = Stream.concat(all, found.stream());
      }
    }
    return all;
  }

  private static boolean isOldPlan(Path file) {
    return node(file)
        .filter(
            document ->
                document
                    .child("kind")
                    .map(YamlNode::json)
                    .map(JsonNode::asText)
                    .orElse("")
                    .equals("Plan"))
        .filter(PlanVersions::older)
        .isPresent();
  }

  private static Optional<YamlNode> node(Path file) {
    Problems problems = new Problems();
    Optional<YamlNode> node;
    try {
      node = YamlReader.read(file.toString(), Files.readString(file), problems);
    } catch (IOException e) {
      return Optional.empty(); // not UTF-8, and meant so
    }
    return problems.hasErrors() ? Optional.empty() : node;
  }

  private static String migrated(Path file) throws IOException {
    String text = Files.readString(file);
    return PlanVersions.migrated(text, node(file).orElseThrow()).text();
  }

  private record Read(Optional<Plan> plan, List<Problem> problems) {
    static Read of(String text) {
      Problems problems = new Problems();
      Optional<Plan> plan =
          PlanReader.read(
              "plan.yaml", text, Garden.schema("plan"), Garden.schema("topology"), problems);
      return new Read(plan, problems.all());
    }

    /** All that a plan is, as far as it can be compared. */
    List<Object> content() {
      Plan sound = plan.orElseThrow();
      return List.of(
          sound.title(),
          sound.inputs(),
          sound.dependsOn(),
          sound.gates().values().stream()
              .flatMap(gate -> Stream.concat(gate.failed().stream(), gate.why().stream()))
              .flatMap(probe -> probe.templates().stream())
              .map(template -> template.source() + " at " + template.where().line())
              .toList(),
          sound.expiries().stream().map(each -> each.next().source()).toList(),
          sound.doctor().stream().map(each -> each.fix().source()).toList());
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isWrittenAnew(Path folder) throws IOException {
    String now = migrated(folder.resolve("before.yaml"));
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(folder.resolve("after.yaml"), now);
    }
    assertThat(now).isEqualTo(Files.readString(folder.resolve("after.yaml")));
    assertThat(Read.of(now).problems()).isEmpty();
    assertThat(Read.of(now).content())
        .isEqualTo(Read.of(Files.readString(folder.resolve("before.yaml"))).content());
  }

  @ParameterizedTest
  @MethodSource("plans")
  void everyPlanOfTheRepositoryMeansTheSameWhenItIsMigrated(Path file) throws IOException {
    String before = Files.readString(file);
    String now = migrated(file);
    assertThat(now.lines()).hasSameSizeAs(before.lines().toList());

    Read then = Read.of(before);
    Read today = Read.of(now);
    assertThat(today.problems()).hasSameSizeAs(then.problems());
    assertThat(today.plan().isPresent()).isEqualTo(then.plan().isPresent());
    if (then.plan().isPresent()) {
      assertThat(today.content()).isEqualTo(then.content());
    }
  }

  @Test
  void therePlansToMigrate() throws IOException {
    assertThat(plans()).hasSizeGreaterThan(10);
  }

  @Test
  void anErrorInAnOldFileIsToldWithItsOwnKeysAndItsOwnPlace() {
    String old =
        """
        apiVersion: muster.dev/v1alpha1
        kind: Plan
        metadata: {name: x, version: "1"}
        spec:
          objects: {a: {on: host, ref: v1/ConfigMap/default/a}}
          gates:
            open:
              timeout: {key: open, default: 1s}
              ready: []
              failed:
              - {if: "${host.b == 1}", cause: c}
              - {when: "${true}", cause: c, next: n}
          steps: [{id: s, on: host, title: t, gate: open}]
        """;
    List<Problem> problems = Read.of(old).problems();

    assertThat(problems)
        .extracting(problem -> problem.where().line() + " " + problem.message())
        .anySatisfy(text -> assertThat(text).startsWith("11 ").contains("needs the key \"next\""))
        .anySatisfy(text -> assertThat(text).startsWith("12 ").contains("\"when\""))
        .anySatisfy(text -> assertThat(text).startsWith("11 ").contains("b"));
    assertThat(Read.of(old.replace("v1alpha1", "v1beta1")).problems())
        .extracting(Problem::message)
        .anySatisfy(text -> assertThat(text).contains("\"if\""));
  }

  @Test
  void aVersionThatIsNotKnownIsToldAtItsPlace() {
    List<Problem> problems =
        Read.of(
                """
                apiVersion: muster.dev/v9
                kind: Plan
                metadata: {name: x, version: "1"}
                spec:
                  objects: {a: {on: host, ref: v1/ConfigMap/default/a}}
                  steps: [{id: s, on: host, title: t, ensure: {a: {data: {x: z}}}}]
                """)
            .problems();
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0).text())
        .startsWith("plan.yaml:1:13: error: \"apiVersion\" cannot be \"muster.dev/v9\"")
        .contains("it has to be muster.dev/v1beta1")
        .contains("a newer muster may know it");
  }

  @Test
  void aWordThatIsWrittenInAnUnusualWayIsLeftToItsAuthor() {
    String text = "apiVersion: \"muster.dev/v1\\x61lpha1\"\nkind: Plan\n";
    YamlNode node = YamlReader.read("plan.yaml", text, new Problems()).orElseThrow();

    assertThatThrownBy(() -> PlanVersions.migrated(text, node))
        .isInstanceOf(MusterException.class)
        .hasMessageContaining("unusual way");
  }
}
