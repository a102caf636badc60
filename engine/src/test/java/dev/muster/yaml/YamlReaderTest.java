package dev.muster.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.problem.Problem;
import dev.muster.problem.Problems;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class YamlReaderTest {
  @Test
  void findsThePlaceOfAValueAndOfAKey() {
    YamlNode root = read("spec:\n  members:\n  - nme: x\n");

    assertThat(root.at("/spec/members/0/nme").orElseThrow().where())
        .hasToString("t.yaml:3:10")
        .extracting(where -> where.excerpt())
        .isEqualTo("  - nme: x\n         ^");
    assertThat(root.keyAt("/spec/members/0/nme").orElseThrow().where()).hasToString("t.yaml:3:5");
    assertThat(root.at("/spec/members/1")).isEmpty();
    assertThat(root.keyAt("/spec/members/0")).isEmpty();
  }

  @Test
  void reportsEveryScalarThatReadersTakeDifferently() {
    for (String scalar :
        List.of("no", "on", "y", "017", "08", "0o17", "22:22", "2020-01-02", "1_000", ".inf")) {
      assertThat(problems("a: " + scalar + "\n"))
          .as(scalar)
          .startsWith("t.yaml:1:4: error: '" + scalar + "' means different things")
          .contains("quote it if it is a text: \"" + scalar + "\"");
    }
    assertThat(problems("a: off\n")).contains("write false if it is a boolean");
    assertThat(problems("a: [1, -2, 1.5, 1.10, true, null, ~, v1.2, 10m, a:b, '017', \"no\"]\n"))
        .isEmpty();
  }

  @Test
  void takesKeysAsTheyAreWritten() {
    assertThat(read("on: host\nno: 1\n1: x\n").json())
        .hasToString("{\"on\":\"host\",\"no\":1,\"1\":\"x\"}");
  }

  @Test
  void reportsAllDuplicatesWithBothPlaces() {
    assertThat(problems("a: 1\nb: {c: 1, c: 2}\na: 2\n"))
        .contains("t.yaml:2:11: error: key \"c\" is declared twice")
        .contains("first declared at t.yaml:2:5")
        .contains("t.yaml:3:1: error: key \"a\" is declared twice")
        .contains("first declared at t.yaml:1:1");
  }

  @Test
  void saysWhereTheSyntaxBreaksAndWhatHelps() {
    assertThat(problems("a: 1\n\tb: 2\n")).contains("t.yaml:2:1").contains("not tabs");
    assertThat(problems("a: b: c\n")).contains("t.yaml:1:5").contains("quote a value");
    assertThat(problems("a:\n  b: 1\n c: 2\n")).contains("t.yaml:3:2").contains("indentation");
    assertThat(problems("a: \"x\n")).contains("t.yaml:1:4").contains("never closed");
    assertThat(problems("a: @x\n")).contains("t.yaml:1:4").contains("quote a value");
    assertThat(problems("a: x\u0000y\n")).contains("t.yaml:1:5").contains("U+0000");
    assertThat(problems("a: *x\n")).contains("alias *x has no complete anchor");
    assertThat(problems("a: &x [*x]\n")).contains("alias *x has no complete anchor");
    assertThat(problems("")).contains("the file is empty");
    assertThat(problems("a: 1\n---\nb: 2\n")).contains("a second document");
    assertThat(problems("a: !!str 1\nb: !x 2\n")).contains("tag !!str").contains("tag !x");
    assertThat(problems("a: &x {b: 1}\nc:\n  <<: *x\n")).contains("merge keys");
    assertThat(problems("[a]: 1\n")).contains("a key that is not a text");
  }

  @Test
  void pointsBehindCharactersOutsideTheBasicPlane() {
    assertThat(problems("# \uD83D\uDE00\n\uD83D\uDE00: no\n"))
        .contains("t.yaml:2:4: error")
        .contains("    \uD83D\uDE00: no\n       ^\n");
  }

  @Test
  void readsManyDocuments() {
    Problems problems = new Problems();
    List<YamlNode> nodes = YamlReader.readAll("t.yaml", "---\na: 1\n---\n---\nb: 2\n", problems);

    assertThat(nodes)
        .extracting(node -> node.json().toString())
        .containsExactly("{\"a\":1}", "{\"b\":2}");
    assertThat(problems.all()).isEmpty();
  }

  @Test
  void boundsWhatAliasesExpandTo() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 40; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertThat(problems(bomb.toString())).contains("its aliases expand to more than");
  }

  private static YamlNode read(String text) {
    Problems problems = new Problems();
    YamlNode node = YamlReader.read("t.yaml", text, problems).orElseThrow();
    assertThat(problems.all()).isEmpty();
    return node;
  }

  private static String problems(String text) {
    Problems problems = new Problems();
    YamlReader.read("t.yaml", text, problems);
    return problems.all().stream().map(Problem::text).collect(Collectors.joining());
  }
}
