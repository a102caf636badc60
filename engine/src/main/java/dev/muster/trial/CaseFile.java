package dev.muster.trial;

import dev.muster.plan.Plan;
import dev.muster.problem.Problems;
import dev.muster.yaml.YamlNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * A case as it is written.
 *
 * @param root the folder of its suite
 * @param file {@code case.yaml}
 */
public record CaseFile(Path root, Path file, YamlNode document) {
  /** What makes a folder a case. */
  public static final String FILE = "case.yaml";

  private static final Instant USUAL = Instant.parse("2026-01-01T00:00:00Z");

  /** The folders from the suite's to its own. */
  public String name() {
    Path folder = file.toAbsolutePath().normalize().getParent();
    Path top = root.toAbsolutePath().normalize();
    return folder == null || folder.equals(top) ? "." : top.relativize(folder).toString();
  }

  Path beside(String path) {
    return file.resolveSibling(path).normalize();
  }

  /** What time it is at the beginning. */
  Instant now() {
    return document.child("now").map(node -> Instant.parse(node.json().asText())).orElse(USUAL);
  }

  List<Stage> stages() {
    return document.child("stages").stream()
        .flatMap(node -> ((YamlNode.Sequence) node).elements().stream())
        .map(node -> new Stage((YamlNode.Mapping) node))
        .toList();
  }

  /**
   * A check that nothing could fail is none, and neither is one of something that the plan does not
   * have.
   */
  void check(Plan plan, Problems problems) {
    for (Stage stage : stages()) {
      stage.rotated().ifPresent(name -> checkRotation(plan, stage, name, problems));
      if (stage.expectations().isEmpty()) {
        problems.error(
            stage.node().where(),
            "this stage expects nothing, so it could never fail",
            "add what is expected: "
                + String.join(", ", Stage.EXPECTATIONS)
                + "; `changes:` alone, filled in by --update, is a beginning");
      }
    }
  }

  private static void checkRotation(Plan plan, Stage stage, YamlNode name, Problems problems) {
    Set<String> names = plan.rotations().keySet();
    if (!names.contains(name.json().asText())) {
      problems.error(
          name.where(),
          "the plan " + plan.name() + " has no rotation \"" + name.json().asText() + "\"",
          names.isEmpty() ? "it has none" : "it has: " + String.join(", ", names));
    }
    stage
        .node()
        .child("options")
        .ifPresent(
            options ->
                problems.error(
                    options.where(),
                    "a rotation is for the whole fleet, so this stage has no options",
                    "take options out, or rotate"));
  }
}
