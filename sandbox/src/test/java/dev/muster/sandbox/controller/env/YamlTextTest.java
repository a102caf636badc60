package dev.muster.sandbox.controller.env;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class YamlTextTest {
  @Test
  void writesListsAtTheIndentOfTheirKey() {
    String text =
        "a:\n  b:\n  - name: x\n    list:\n    - '*'\n    - 1\n  c: {}\n  d: []\n  e: \"\"\n";
    assertThat(YamlText.of(Manifest.yaml(text))).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "true",
        "yes",
        "12",
        "1.5",
        "null",
        "a: b",
        "a #b",
        "it's",
        "--flag=x",
        "- x",
        "*",
        "http://h:1/",
        "[x]",
        "trailing ",
        "line\nbreak",
        "168h0m0s",
        "2026-01-01"
      })
  void readsBackEveryStringAsThatString(String value) {
    var tree = dev.muster.sandbox.client.Json.object().put("key", value);
    assertThat(Manifest.yaml(YamlText.of(tree))).isEqualTo(tree);
  }
}
