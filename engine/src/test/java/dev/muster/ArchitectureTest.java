package dev.muster;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may use whom: the packages of the engine in layers, and each library in its one package. */
class ArchitectureTest {
  private static final String ROOT = "dev.muster";
  private static final String FIXTURE = "dev.muster.fixture";

  /** A package uses packages of lower numbers only. */
  private static final Map<String, Integer> LAYERS =
      Map.ofEntries(
          Map.entry("bound", -1),
          Map.entry("digest", -1),
          Map.entry("problem", 0),
          Map.entry("resource", 1),
          Map.entry("yaml", 1),
          Map.entry("credential", 1),
          Map.entry("expression", 2),
          Map.entry("fetch", 2),
          Map.entry("topology", 2),
          Map.entry("live", 2),
          Map.entry("wire", 0),
          Map.entry("plan", 3),
          Map.entry("desired", 5),
          Map.entry("diff", 5),
          Map.entry("gate", 5),
          Map.entry("kube", 5),
          Map.entry("lint", 6),
          Map.entry("changes", 6),
          Map.entry("apply", 7),
          Map.entry("courier", 7),
          Map.entry("drift", 7),
          Map.entry("held", 7),
          Map.entry("intake", 7),
          Map.entry("notify", 7),
          Map.entry("rehearsal", 7),
          Map.entry("report", 8),
          Map.entry("history", 8),
          Map.entry("rights", 8),
          Map.entry("schedule", 8),
          Map.entry("graph", 9),
          Map.entry("records", 9),
          Map.entry("session", 9),
          Map.entry("trial", 10),
          Map.entry("api", 10),
          Map.entry("cli", 11));

  private static final JavaClasses ENGINE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  @Test
  void everyPackageHasALayer() {
    Set<String> packages =
        ENGINE.stream().map(c -> part(c, ROOT)).collect(Collectors.toCollection(TreeSet::new));
    assertThat(packages).containsExactlyElementsOf(new TreeSet<>(LAYERS.keySet()));
  }

  @Test
  void packagesUseLowerLayersOnly() {
    layered(ROOT).check(ENGINE);
  }

  @Test
  void packagesAreFreeOfCycles() {
    acyclic(ROOT).check(ENGINE);
  }

  @Test
  void historyKnowsRunsAndNothingOfHowTheyAreMade() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".history..")
        .should(useOtherPackagesThan(ROOT, Set.of("history", "problem", "apply", "resource")))
        .check(ENGINE);
  }

  @ParameterizedTest
  @CsvSource({
    "org.yaml.snakeyaml, yaml",
    "dev.cel, expression",
    "com.github.fge, diff",
    "io.fabric8, kube",
    "io.netty, wire",
    "org.snakeyaml.engine, kube",
    "org.eclipse.jgit, history",
    "picocli, cli",
    "dev.harrel, topology",
    "com.google.re2j, bound"
  })
  void eachLibraryHasOnePackage(String library, String home) {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + "." + home + "..", "picocli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library + "..")
        .check(ENGINE);
    assertThat(ENGINE.stream().filter(c -> part(c, ROOT).equals(home)))
        .as("a library that nobody uses is not to be listed")
        .anyMatch(
            c ->
                c.getDirectDependenciesFromSelf().stream()
                    .anyMatch(d -> d.getTargetClass().getPackageName().startsWith(library)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"plan", "desired", "diff", "gate"})
  void whatIsComputedNeedsNoFileNetworkClockOrThread(String pure) {
    pure(ROOT + "." + pure).check(ENGINE);
  }

  @Test
  void noticesAPackageThatLooksUpward() {
    JavaClasses fixture = new ClassFileImporter().importPackages(FIXTURE);
    assertThatThrownBy(() -> layered(FIXTURE).check(fixture))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("problem (0) uses cli (11)")
        .hasMessageNotContaining("cli (9) uses problem (0)");
  }

  @Test
  void noticesACycle() {
    JavaClasses fixture = new ClassFileImporter().importPackages(FIXTURE);
    assertThatThrownBy(() -> acyclic(FIXTURE).check(fixture))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Cycle detected");
  }

  @Test
  void noticesAClockAndAFile() {
    JavaClasses fixture = new ClassFileImporter().importPackages(FIXTURE);
    assertThatThrownBy(() -> pure(FIXTURE + ".problem").check(fixture))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("java.time.Clock")
        .hasMessageContaining("java.nio.file.Files");
  }

  private static ArchRule layered(String root) {
    return ArchRuleDefinition.classes()
        .that()
        .resideInAPackage(root + "..")
        .should(
            new ArchCondition<>("use lower layers only") {
              @Override
              public void check(JavaClass user, ConditionEvents events) {
                for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
                  String from = part(user, root);
                  String to = part(dependency.getTargetClass(), root);
                  if (!to.isEmpty() && !to.equals(from) && layer(to) >= layer(from)) {
                    String text =
                        from + " (" + layer(from) + ") uses " + to + " (" + layer(to) + ")";
                    events.add(
                        SimpleConditionEvent.violated(
                            user, text + ": " + dependency.getDescription()));
                  }
                }
              }
            });
  }

  private static ArchRule acyclic(String root) {
    return slices().matching(root + ".(*)..").should().beFreeOfCycles();
  }

  private static ArchRule pure(String pack) {
    return noClasses()
        .that()
        .resideInAPackage(pack + "..")
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "java\\.io\\.File.*|java\\.nio\\.file\\.Files|java\\.net\\..*|java\\.time\\.Clock"
                + "|java\\.lang\\.Thread.*|java\\.util\\.concurrent\\..*Executor.*")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(java.time.Instant.class, "now");
  }

  private static ArchCondition<JavaClass> useOtherPackagesThan(String root, Set<String> allowed) {
    return new ArchCondition<>("use other packages than " + allowed) {
      @Override
      public void check(JavaClass user, ConditionEvents events) {
        for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
          String to = part(dependency.getTargetClass(), root);
          if (!to.isEmpty() && !allowed.contains(to)) {
            events.add(SimpleConditionEvent.satisfied(user, dependency.getDescription()));
          }
        }
      }
    };
  }

  private static int layer(String part) {
    Integer layer = LAYERS.get(part);
    assertThat(layer).as("layer of " + part).isNotNull();
    return layer;
  }

  /** The package right below the root, or nothing for a class of somebody else. */
  private static String part(JavaClass type, String root) {
    String name = type.getPackageName();
    return name.startsWith(root + ".")
        ? name.substring(root.length() + 1).replaceAll("\\..*", "")
        : "";
  }
}
