package dev.muster.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class YamlWriterTest {
  @Test
  void writesBlockStyle() throws JsonProcessingException {
    JsonNode tree =
        new ObjectMapper()
            .readTree(
                "{\"a\":{\"b\":[{\"c\":1,\"d\":\"no\"},[1,2],{}]},\"t\":\"x\\ny\\n\",\"n\":null,\"e\":\"\"}");

    assertThat(YamlWriter.write(tree))
        .isEqualTo(
            """
            a:
              b:
              - c: 1
                d: "no"
              - - 1
                - 2
              - {}
            t: |
              x
              y
            "n": null
            e: ""
            """);
  }

  @Test
  void writesWhatEveryReaderReadsBack() {
    for (long seed = 0; seed < 2000; seed++) {
      JsonNode tree = new RandomYaml(seed, 1).value(4);
      String text = YamlWriter.write(tree);
      JsonNode snake =
          new ObjectMapper()
              .valueToTree(new Yaml(new SafeConstructor(new LoaderOptions())).load(text));
      assertThat(Scalars.same(snake, tree)).as(text + snake).isTrue();
      if (tree.isObject()) {
        assertThat(Scalars.same(YamlDocument.parse(text).json(), tree)).as(text).isTrue();
        dev.muster.problem.Problems problems = new dev.muster.problem.Problems();
        JsonNode strict = YamlReader.read("t", text, problems).orElseThrow().json();
        assertThat(problems.all()).as(text).isEmpty();
        assertThat(Scalars.same(strict, tree)).as(text).isTrue();
      }
    }
  }
}
