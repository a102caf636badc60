package dev.muster.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cli.Main;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** {@code -Dgolden.update=true} writes the expected outputs anew. */
class GraphTest {
  private static final Path GRAPHS = Path.of("src/test/resources/graphs");
  private static final String LIBRARY = "src/test/resources/plan-tests/library/library.yaml";
  private static final String TOWN = GRAPHS.resolve("topology.yaml").toString();

  @ParameterizedTest
  @CsvSource({
    "plan.txt, text",
    "plan.mermaid, mermaid",
    "plan.dot, dot",
    "plan.svg, svg",
    "town.txt, text",
    "town-apart.txt, text"
  })
  void drawsWhatIsExpected(String name, String format) throws IOException {
    List<String> words = new ArrayList<>(List.of("graph", "-o", format));
    words.addAll(name.startsWith("plan") ? List.of("--plan", LIBRARY) : List.of("-f", TOWN));
    if (name.contains("apart")) {
      words.add("--apart");
    }
    String said = run(words);
    Path expected = GRAPHS.resolve(name);
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(expected, said);
    }
    assertThat(said).isEqualTo(Files.readString(expected));
  }

  @Test
  void textFitsInto80Columns() {
    for (List<String> words :
        List.of(
            List.of("graph", "-f", TOWN),
            List.of("graph", "-f", TOWN, "--apart"),
            List.of("graph", "-f", "../examples/waves.yaml"))) {
      assertThat(run(words).lines()).isNotEmpty().allMatch(line -> line.length() <= 80);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"../examples/waves.yaml", "src/test/resources/graphs/topology.yaml"})
  void everyEdgeOfMermaidJoinsTwoStepsThatAreThere(String topology) {
    String said = run(List.of("graph", "-f", topology, "-o", "mermaid", "--apart"));
    Set<String> nodes =
        Pattern.compile("(?m)^    (s\\d+)[(\\[]")
            .matcher(said)
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toSet());
    List<String> ends =
        Pattern.compile("(?m)^  (s\\d+) --> (s\\d+)$")
            .matcher(said)
            .results()
            .flatMap(found -> Stream.of(found.group(1), found.group(2)))
            .toList();
    assertThat(ends).isNotEmpty().isSubsetOf(nodes);
  }

  @Test
  void thePictureIsOneFileInWhichNoTwoBoxesOverlap() throws Exception {
    String said = run(List.of("graph", "-f", TOWN, "-o", "svg", "--apart"));
    assertThat(said.replace("http://www.w3.org/2000/svg", "")).doesNotContain("http", "@import");
    Document picture =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(said.getBytes(StandardCharsets.UTF_8)));
    List<int[]> boxes = new ArrayList<>();
    double width = number(picture.getDocumentElement(), "width");
    for (int i = 0; i < picture.getElementsByTagName("rect").getLength(); i++) {
      Element box = (Element) picture.getElementsByTagName("rect").item(i);
      int[] place = {
        (int) number(box, "x"),
        (int) number(box, "y"),
        (int) (number(box, "x") + number(box, "width")),
        (int) (number(box, "y") + number(box, "height"))
      };
      assertThat(place[0]).isNotNegative();
      assertThat(place[2]).isLessThanOrEqualTo((int) width);
      boxes.forEach(
          other ->
              assertThat(
                      place[0] < other[2]
                          && other[0] < place[2]
                          && place[1] < other[3]
                          && other[1] < place[3])
                  .isFalse());
      boxes.add(place);
    }
    assertThat(picture.getElementsByTagName("g").getLength()).isEqualTo(12);
  }

  @Test
  void anEdgeThatFollowsFromOthersIsLeftOut() {
    Graph graph =
        new Graph("t", List.of(node("a"), node("b", "a"), node("c", "a", "b")), List.of());
    assertThat(graph.reduced().nodes().get(2).before()).containsExactly("b");
    assertThat(graph.levels()).containsEntry("c", 3);
  }

  private static Graph.Node node(String id, String... before) {
    return new Graph.Node(id, "", "", "", Optional.empty(), false, List.of(before));
  }

  private static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }

  private static String run(List<String> words) {
    StringWriter out = new StringWriter();
    int code =
        Main.run(
            new PrintWriter(out, true),
            new PrintWriter(out, true),
            false,
            words.toArray(String[]::new));
    assertThat(code).as(out.toString()).isZero();
    return out.toString();
  }
}
