package dev.muster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.Garden;
import dev.muster.expression.Environment;
import dev.muster.expression.Outcome;
import dev.muster.problem.Problems;
import dev.muster.problem.Where;
import dev.muster.topology.PlanSource;
import dev.muster.topology.TopologyReader;
import dev.muster.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs every snippet of {@code docs/plan-language.md}, and looks whether the page tells all. */
class PlanLanguageTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path PAGE = Path.of("../docs/plan-language.md");
  private static final Pattern SNIPPET =
      Pattern.compile("(?ms)^```(\\w+)(?: (\\w+))?\\n(.*?)^```$");
  private static final Environment ENVIRONMENT =
      Environment.builder().variable("host").variable("member").build();

  /**
   * A block of the page.
   *
   * @param kind the word behind the language, which says what is done with it
   */
  record Snippet(String language, String kind, String text, int line) {
    @Override
    public String toString() {
      return "line " + line;
    }
  }

  static List<Snippet> snippets() throws IOException {
    String page = Files.readString(PAGE);
    List<Snippet> found = new ArrayList<>();
    Matcher matcher = SNIPPET.matcher(page);
    while (matcher.find()) {
      int line = page.substring(0, matcher.start()).split("\n", -1).length;
      String kind = Optional.ofNullable(matcher.group(2)).orElse("");
      found.add(new Snippet(matcher.group(1), kind, matcher.group(3), line));
    }
    return found;
  }

  private static Stream<Snippet> of(String language, String kind) throws IOException {
    return snippets().stream().filter(s -> s.language().equals(language) && s.kind().equals(kind));
  }

  static Stream<Snippet> parts() throws IOException {
    return of("yaml", "spec");
  }

  static Stream<String> expressions() throws IOException {
    return of("cel", "")
        .flatMap(snippet -> snippet.text().lines())
        .filter(line -> !line.isBlank() && !line.startsWith("//"));
  }

  @Test
  void hasNoSnippetThatNothingRuns() throws IOException {
    assertThat(snippets())
        .extracting(s -> (s.language() + " " + s.kind()).strip())
        .contains("yaml plan", "yaml spec", "yaml topology", "cel")
        .isSubsetOf(
            "yaml plan", "yaml spec", "yaml source", "yaml topology", "cel", "json variables");
  }

  @Test
  void theSourcesOfPlansAreUnderstood() throws IOException {
    for (Snippet source : of("yaml", "source").toList()) {
      Problems problems = new Problems();
      String topology = "spec:\n" + source.text().indent(2);
      assertThat(
              TopologyReader.open("topology.yaml", topology, PAGE, problems)
                  .flatMap(reader -> reader.planSource(problems))
                  .flatMap(PlanSource::digest))
          .isPresent();
      assertThat(problems.all()).isEmpty();
    }
  }

  @Test
  void theWholePlanIsSoundAndTheTopologyFitsIt() throws IOException {
    Plan plan = read(whole());
    Snippet topology = of("yaml", "topology").findFirst().orElseThrow();
    Problems problems = new Problems();

    assertThat(
            TopologyReader.open("topology.yaml", topology.text(), PAGE, problems)
                .flatMap(
                    reader ->
                        reader.read(
                            Garden.schema("topology"),
                            plan.inputs(),
                            (source, folder, where, found) -> List.of(),
                            (source, folder, where, found) -> Optional.empty(),
                            problems)))
        .isPresent();
    assertThat(problems.all()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("parts")
  void aPartIsSoundInsideOfThePlan(Snippet part) throws IOException {
    JsonNode whole = whole();
    put((ObjectNode) whole.get("spec"), yaml(part.text()));

    read(whole);
  }

  @ParameterizedTest
  @MethodSource("expressions")
  void anExpressionGivesWhatThePageSays(String line) throws IOException {
    int arrow = line.lastIndexOf(" => ");
    Problems problems = new Problems();
    Outcome outcome =
        ENVIRONMENT
            .compile(line.substring(0, arrow), Where.nowhere(), problems)
            .orElseThrow(() -> new AssertionError(problems.all().toString()))
            .evaluate(variables());

    assertThat(outcome).isEqualTo(expected(line.substring(arrow + 4)));
  }

  @Test
  void namesEveryKeyOfTheSchema() throws IOException {
    String page = Files.readString(PAGE);
    Set<String> keys = new TreeSet<>();
    keys(Garden.schema("plan"), keys);

    keys.remove("$defs");
    assertThat(keys)
        .filteredOn(key -> !Pattern.compile("\\b" + key + "\\b").matcher(page).find())
        .isEmpty();
  }

  @Test
  void showsEveryFunction() throws IOException {
    String shown = String.join("\n", expressions().toList());
    Set<String> functions = new TreeSet<>();
    Matcher names =
        Pattern.compile("(?:bind|of[A-Z]\\w*)\\(\\s*\"(\\w+)\"")
            .matcher(
                Files.readString(
                    Path.of("src/main/java/dev/muster/expression/FunctionTable.java")));
    while (names.find()) {
      functions.add(names.group(1));
    }

    assertThat(functions).hasSizeGreaterThan(20).allMatch(name -> shown.contains(name + "("));
  }

  private static void keys(JsonNode schema, Set<String> keys) {
    schema.path("properties").fieldNames().forEachRemaining(keys::add);
    schema.forEach(part -> keys(part, keys));
  }

  private static JsonNode whole() throws IOException {
    return yaml(of("yaml", "plan").findFirst().orElseThrow().text());
  }

  private static JsonNode yaml(String text) {
    Problems problems = new Problems();
    JsonNode tree = YamlReader.readAll("snippet.yaml", text, problems).get(0).json();
    assertThat(problems.all()).isEmpty();
    return tree;
  }

  /** Maps are merged and lists continued. */
  private static void put(ObjectNode into, JsonNode part) {
    for (Map.Entry<String, JsonNode> field : part.properties()) {
      JsonNode there = into.path(field.getKey());
      if (there instanceof ObjectNode map && field.getValue().isObject()) {
        put(map, field.getValue());
      } else if (there instanceof ArrayNode list && field.getValue().isArray()) {
        field.getValue().forEach(list::add);
      } else {
        into.set(field.getKey(), field.getValue());
      }
    }
  }

  private static Plan read(JsonNode plan) throws IOException {
    Problems problems = new Problems();
    Optional<Plan> read =
        PlanReader.read(
            "plan.yaml",
            JSON.writerWithDefaultPrettyPrinter().writeValueAsString(plan),
            Garden.schema("plan"),
            Garden.schema("topology"),
            problems);
    assertThat(problems.all()).isEmpty();
    return read.orElseThrow();
  }

  private static Map<String, JsonNode> variables() throws IOException {
    Map<String, JsonNode> variables = new HashMap<>();
    JSON.readTree(of("json", "variables").findFirst().orElseThrow().text())
        .properties()
        .forEach(e -> variables.put(e.getKey(), e.getValue()));
    return variables;
  }

  private static Outcome expected(String text) throws IOException {
    if (text.equals("omitted")) {
      return new Outcome.Omitted();
    }
    if (text.startsWith("generated ")) {
      String[] words = text.split(" ", -1);
      return new Outcome.Generated(words[1], Integer.parseInt(words[2]));
    }
    if (text.startsWith("issued ")) {
      return new Outcome.Issued(JSON.createObjectNode().put("token", text.substring(7)));
    }
    return new Outcome.Value(JSON.readTree(text));
  }
}
