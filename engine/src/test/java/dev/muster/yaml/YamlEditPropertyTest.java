package dev.muster.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.muster.problem.MusterException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class YamlEditPropertyTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CASES = Integer.getInteger("muster.cases", 3000);

  @Test
  void editsChangeTheirFieldAndNoOtherLine() {
    for (long seed = 0; seed < CASES; seed++) {
      Optional<String> failure = failure(seed, 12);
      if (failure.isPresent()) {
        // The smallest document with the same seed that still fails says the most.
        for (int size = 1; size < 12; size++) {
          Optional<String> smaller = failure(seed, size);
          if (smaller.isPresent()) {
            failure = smaller;
            break;
          }
        }
        assertThat(failure).as("seed %d", seed).isEmpty();
      }
    }
  }

  private static Optional<String> failure(long seed, int size) {
    RandomYaml random = new RandomYaml(seed, size);
    String before = random.text();
    String description = "\n--- before\n" + before;
    YamlDocument document = YamlDocument.parse(before);
    for (int i = 0; i < 3; i++) {
      RandomYaml.Edit edit = random.edit(document.json());
      description += "\n--- " + edit;
      YamlDocument edited;
      try {
        edited =
            edit.value().isPresent()
                ? document.set(edit.path(), edit.value().get())
                : document.remove(edit.path());
      } catch (MusterException | IllegalStateException e) {
        return Optional.of(description + "\n--- refused: " + e.getMessage());
      }
      description += "\n--- after\n" + edited.text();
      JsonNode expected =
          edit.value().isPresent()
              ? TreePath.with(document.json(), edit.path(), edit.value().get())
              : TreePath.without(document.json(), edit.path());
      if (!Scalars.same(edited.json(), expected)) {
        return Optional.of(description + "\n--- wrong value");
      }
      if (i == 0 && edit.value().isPresent()) {
        JsonNode read = yaml11(edited.text());
        for (String segment : edit.path()) {
          read = read.path(segment);
        }
        if (!Scalars.same(read, edit.value().get())) {
          return Optional.of(description + "\n--- YAML 1.1 reads " + read);
        }
      }
      if (i == 0) {
        Optional<String> lost = lostLine(random.lines(), edit, edited.text());
        if (lost.isPresent()) {
          return Optional.of(description + "\n--- lost line: " + lost.get());
        }
        // A blank line at the very end looks like a line break once nothing follows it.
        boolean blankLines = before.lines().anyMatch(line -> line.isBlank() || line.contains(" |"));
        boolean endsAlike = blankLines || endsWithBreak(before) == endsWithBreak(edited.text());
        boolean breaksAlike = before.contains("\r\n") || !edited.text().contains("\r");
        if (!endsAlike || !breaksAlike) {
          return Optional.of(description + "\n--- other line ends");
        }
      }
      if (!edited.become(edited.json()).text().equals(edited.text())) {
        return Optional.of(description + "\n--- a second edit changes it again");
      }
      document = edited;
    }
    return Optional.empty();
  }

  /** A line that has nothing to do with the edited field and is not there any more, in order. */
  private static Optional<String> lostLine(
      List<RandomYaml.Line> lines, RandomYaml.Edit edit, String after) {
    List<String> left = after.lines().toList();
    int at = 0;
    for (RandomYaml.Line line : lines) {
      boolean touched =
          isPrefix(edit.path(), line.owner())
              || ((!line.comment() || line.text().isEmpty())
                  && isPrefix(line.owner(), edit.path()));
      if (touched) {
        continue;
      }
      int found = left.subList(at, left.size()).indexOf(line.text());
      if (found < 0 && line.text().contains(" |")) {
        // A block at the end of a text without line break has none in its value either.
        found = left.subList(at, left.size()).indexOf(line.text().replace(" |", " |-"));
      }
      if (found < 0) {
        return Optional.of(line.text());
      }
      at += found + 1;
    }
    return Optional.empty();
  }

  private static boolean isPrefix(List<String> prefix, List<String> path) {
    return path.size() >= prefix.size() && path.subList(0, prefix.size()).equals(prefix);
  }

  private static boolean endsWithBreak(String text) {
    return text.endsWith("\n");
  }

  private static JsonNode yaml11(String text) {
    return JSON.valueToTree(new Yaml(new SafeConstructor(new LoaderOptions())).load(text));
  }
}
