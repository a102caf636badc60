package dev.muster.trial;

import dev.muster.problem.Problems;
import dev.muster.yaml.YamlNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

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

  /** A check that nothing could fail is none. */
  void check(Problems problems) {
    for (Stage stage : stages()) {
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
}
