package dev.muster.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupedTest {
  private static List<String> told(List<Grouped.Text> texts) {
    return Grouped.of(texts).stream().map(Grouped.Group::told).toList();
  }

  private static List<Grouped.Text> about(String text, String... members) {
    List<Grouped.Text> texts = new ArrayList<>();
    for (String member : members) {
      texts.add(new Grouped.Text(member, text.replace("NAME", member)));
    }
    return texts;
  }

  @Test
  void tellsOnceWhatIsTheSameOfMany() {
    List<Grouped.Text> texts =
        new ArrayList<>(about("register[NAME] on host\n  + create NAME\n", "m1", "m2", "m3"));
    texts.add(new Grouped.Text("", "ledger on host\n"));
    texts.addAll(about("register[NAME] on host\n  + create NAME\n", "m4", "m5"));
    texts.add(new Grouped.Text("m6", "register[m6] on host\n  ~ patch m6\n"));

    assertThat(told(texts))
        .containsExactly(
            """
            register[<member>] on host
                <member> stands for each of 5: m1, m2, m3, m4, m5
              + create <member>
            """,
            "ledger on host\n",
            "register[m6] on host\n  ~ patch m6\n");
  }

  @Test
  void tellsFewOneByOne() {
    List<Grouped.Text> texts = about("badge of NAME\n", "m1", "m2", "m3", "m4");

    assertThat(told(texts)).hasSize(4).contains("badge of m2\n");
  }

  /** Else the name in its place would not give the text again. */
  @Test
  void looksForWholeNamesOnly() {
    String text = "a-x takes xylophone, x.example.com and 1x\n";

    assertThat(new Grouped.Text("x", text).pattern())
        .isEqualTo("a-x takes xylophone, <member>.example.com and 1x\n");
    assertThat(new Grouped.Text("x", "x says <member>\n").pattern()).isEqualTo("x says <member>\n");
  }

  /** Whoever reads the groups knows every text to the letter. */
  @Test
  void losesNothing() {
    List<Grouped.Text> texts = new ArrayList<>(about("NAME: 1\n", "a", "b", "c", "d", "e", "f"));
    texts.addAll(about("NAME: 2\n  of NAME\n", "a", "b", "c", "d", "e", "f"));
    texts.add(new Grouped.Text("g", "g: 3\n"));

    List<String> again = new ArrayList<>();
    for (Grouped.Group group : Grouped.of(texts)) {
      group.members().forEach(name -> again.add(group.text().replace(Grouped.PLACE, name)));
    }

    assertThat(again).containsExactlyElementsOf(texts.stream().map(Grouped.Text::text).toList());
  }

  /** Unless two lists could be taken for one another. */
  @Test
  void doesNotRepeatAListOfNames() {
    List<Grouped.Text> texts = new ArrayList<>(about("NAME: 1\n", "a", "b", "c", "d", "e"));
    texts.addAll(about("NAME: 2\n", "a", "b", "c", "d", "e"));
    texts.addAll(about("NAME: 3\n", "a", "b", "c", "x", "e"));

    assertThat(told(texts))
        .containsExactly(
            "<member>: 1\n    <member> stands for each of 5: a, b, c, d, e\n",
            "<member>: 2\n    <member> stands for each of the same 5, a to e, as above\n",
            "<member>: 3\n    <member> stands for each of 5: a, b, c, x, e\n");
  }

  @Test
  void breaksLongListsOfNames() {
    String[] names = new String[40];
    for (int i = 0; i < names.length; i++) {
      names[i] = "member-%04d".formatted(i);
    }

    String told = told(about("NAME\n", names)).get(0);

    assertThat(told.lines()).hasSizeGreaterThan(5).allMatch(line -> line.length() <= 80);
    assertThat(told).contains("each of 40:", "member-0000,", "member-0039\n");
  }
}
