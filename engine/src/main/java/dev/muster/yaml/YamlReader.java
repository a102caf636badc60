package dev.muster.yaml;

import dev.muster.problem.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads muster's own files: YAML 1.2, strict, one meaning for every reader. All that is wrong goes
 * to the {@link Problems}, each with its place; reading goes on as far as it makes sense.
 */
public final class YamlReader {
  private YamlReader() {}

  /**
   * Reads a file of one document.
   *
   * @param file the name for positions
   * @return empty when nothing can be made of the text; then there is a problem
   */
  public static Optional<YamlNode> read(String file, String text, Problems problems) {
    SourceText source = new SourceText(file, text);
    List<Part> documents = documents(source, problems);
    if (documents.isEmpty()) {
      if (!problems.hasErrors()) {
        problems.error(source.file(), "the file is empty");
      }
      return Optional.empty();
    }
    if (documents.size() > 1) {
      problems.error(
          source.where(documents.get(1).start()),
          "a second document, where one is expected",
          "keep each document in a file of its own");
    }
    return Optional.of(new StrictTree(source, problems).node(documents.get(0)));
  }

  /** Reads a file of any number of documents; empty ones are left out. */
  public static List<YamlNode> readAll(String file, String text, Problems problems) {
    SourceText source = new SourceText(file, text);
    List<YamlNode> nodes = new ArrayList<>();
    for (Part document : documents(source, problems)) {
      nodes.add(new StrictTree(source, problems).node(document));
    }
    return nodes;
  }

  private static List<Part> documents(SourceText source, Problems problems) {
    try {
      return PartParser.parse(source).stream().filter(part -> !withoutContent(part)).toList();
    } catch (Refused e) {
      String[] hints = e.hint().isEmpty() ? new String[0] : new String[] {e.hint()};
      problems.error(source.where(e.offset()), e.message(), hints);
      return List.of();
    }
  }

  private static boolean withoutContent(Part part) {
    return part instanceof Part.Scalar scalar && scalar.plain() && scalar.text().isEmpty();
  }
}
