package dev.muster.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.muster.problem.MusterException;
import java.util.List;
import org.junit.jupiter.api.Test;

class YamlDocumentTest {
  @Test
  void readsAsGoProgramsDo() {
    YamlDocument document =
        YamlDocument.parse("a: True\nb: yes\nc: 017\nd: 22:22\ne: 2020-01-02\nf: 1_000\n1: x\n");

    assertThat(document.json())
        .hasToString(
            "{\"a\":true,\"b\":true,\"c\":15,\"d\":\"22:22\",\"e\":\"2020-01-02\",\"f\":1000,\"1\":\"x\"}");
  }

  @Test
  void toleratesDuplicatesAndNamesThem() {
    YamlDocument document = YamlDocument.parse("o:\n  age: 0\n  age: 1\n  x: 2\n");

    assertThat(document.duplicates()).containsExactly("o.age");
    assertThat(document.json().at("/o/age").asInt()).isEqualTo(1);
  }

  @Test
  void followsMergeKeysAndOverridesThem() {
    YamlDocument document = YamlDocument.parse("base: &b {x: 1, y: 2}\nuse:\n  <<: *b\n  y: 3\n");

    assertThat(document.json().at("/use/x").asInt()).isEqualTo(1);
    assertThat(document.set(List.of("use", "x"), IntNode.valueOf(9)).text())
        .isEqualTo("base: &b {x: 1, y: 2}\nuse:\n  <<: *b\n  y: 3\n  x: 9\n");
  }

  @Test
  void refusesAnEditThatWouldChangeAnotherPlace() {
    YamlDocument document = YamlDocument.parse("a: &shared\n  x: 1\nb: *shared\n");

    assertThatThrownBy(() -> document.set(List.of("a", "x"), IntNode.valueOf(2)))
        .isInstanceOf(MusterException.class)
        .hasMessageContaining("a.x cannot be edited in this text without changing something else");
    assertThat(document.set(List.of("b"), TextNode.valueOf("own")).text())
        .isEqualTo("a: &shared\n  x: 1\nb: own\n");
  }

  @Test
  void refusesWhatIsNoMapping() {
    for (String text : List.of("- a\n", "word", "a: [", "a: 1\n---\nb: 2\n", "a: \u0000")) {
      assertThatThrownBy(() -> YamlDocument.parse(text))
          .as(text)
          .isInstanceOf(MusterException.class)
          .hasMessageContaining("embedded document");
    }
  }

  @Test
  void neverQuotesTheTextInItsProblems() {
    assertThatThrownBy(() -> YamlDocument.parse("secret: canary-1234567890\n\tx: 1\n"))
        .hasMessageNotContaining("canary");
  }

  @Test
  void refusesBombs() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 30; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertThatThrownBy(() -> YamlDocument.parse(bomb.toString()))
        .hasMessageContaining("aliases expand");
    assertThatThrownBy(() -> YamlDocument.parse("a: " + "[".repeat(2000)))
        .hasMessageContaining("nested deeper");
  }

  @Test
  void refusesAPathThroughAScalar() {
    assertThatThrownBy(
            () -> YamlDocument.parse("a: x\n").set(List.of("a", "b"), IntNode.valueOf(1)))
        .hasMessageContaining("b lies below a scalar");
  }

  @Test
  void doesNothingWhenTheValueIsThereAlready() {
    String text = "a:   0x10 # hex\n";
    assertThat(YamlDocument.parse(text).set(List.of("a"), IntNode.valueOf(16)).text())
        .isEqualTo(text);
    assertThat(YamlDocument.parse(text).remove(List.of("b", "c")).text()).isEqualTo(text);
  }
}
