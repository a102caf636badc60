package dev.muster.session;

import dev.muster.history.TextDiff;
import dev.muster.plan.PlanVersions;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problems;
import dev.muster.yaml.TokenEdit;
import dev.muster.yaml.YamlNode;
import dev.muster.yaml.YamlReader;
import java.nio.file.Path;
import java.util.List;

/**
 * A file as the newest version of its kind has it.
 *
 * @param before its text
 * @param now the same text where it is of the newest version already
 * @param from the version that it is of
 * @param to the newest version of its kind
 * @param words how many words are others
 */
public record Migration(Path file, String before, String now, String from, String to, int words) {
  private static final String FIRST = "muster.dev/v1alpha1";
  private static final List<String> OTHERS = List.of("Topology", "PlanTest", "PlanCase");

  /**
   * Reads a file of any kind that people write.
   *
   * @throws MusterException when it is none, is broken, or is of a version that is not known
   */
  public static Migration of(Path file) {
    String text = Loader.read(file, "plan");
    Problems problems = new Problems();
    YamlNode document =
        YamlReader.read(file.toString(), text, problems)
            .orElseThrow(() -> new MusterException(problems.all()));
    if (problems.hasErrors()) {
      throw new MusterException(problems.all());
    }
    String kind = word(document, "kind");
    String version = word(document, "apiVersion");
    if (kind.equals("Plan") && PlanVersions.older(document)) {
      TokenEdit.Edited edited = PlanVersions.migrated(text, document);
      return new Migration(file, text, edited.text(), version, PlanVersions.NEWEST, edited.edits());
    }
    if (!kind.equals("Plan") && !OTHERS.contains(kind)) {
      throw MusterException.of(
          file + " is no file that is migrated",
          "these are: kind Plan, " + String.join(", ", OTHERS));
    }
    String newest = kind.equals("Plan") ? PlanVersions.NEWEST : FIRST;
    if (!version.equals(newest)) {
      throw MusterException.of(
          file + " is of a version that is not known here: " + version,
          "the newest one of kind " + kind + " is " + newest + "; a newer muster may know it");
    }
    return new Migration(file, text, text, version, newest, 0);
  }

  private static String word(YamlNode document, String key) {
    return document.child(key).map(value -> value.json().asText()).orElse("");
  }

  /** Whether there is anything to write. */
  public boolean due() {
    return !now.equals(before);
  }

  /** What is to be written, as a unified diff. */
  public String difference() {
    return TextDiff.unified(file.toString(), before, file.toString(), now);
  }

  /** Writes it. */
  public void write() {
    WholeFile.replace(file, now);
  }
}
