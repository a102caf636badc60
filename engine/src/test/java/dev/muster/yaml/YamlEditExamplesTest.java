package dev.muster.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each directory below {@code yaml-edits} is one edit of one text. */
class YamlEditExamplesTest {
  private static final Path EXAMPLES = Path.of("src/test/resources/yaml-edits");

  static Stream<String> examples() throws IOException {
    try (Stream<Path> directories = Files.list(EXAMPLES)) {
      List<String> names = directories.map(d -> d.getFileName().toString()).sorted().toList();
      return names.stream();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void editGivesTheTextBesideIt(String name) throws IOException {
    Path example = EXAMPLES.resolve(name);
    try (Stream<Path> files = Files.list(example)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("before.yaml", "edit.json", "after.yaml");
    }
    JsonNode edit = new ObjectMapper().readTree(example.resolve("edit.json").toFile());
    YamlDocument before = YamlDocument.parse(Files.readString(example.resolve("before.yaml")));
    YamlDocument after =
        edit.has("set")
            ? before.set(path(edit.get("set")), edit.get("value"))
            : before.remove(path(edit.get("remove")));
    assertThat(after.text()).isEqualTo(Files.readString(example.resolve("after.yaml")));
  }

  private static List<String> path(JsonNode segments) {
    List<String> path = new ArrayList<>();
    segments.forEach(segment -> path.add(segment.asText()));
    return path;
  }
}
