package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.JacksonNode;
import dev.muster.session.Data;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The schemas that editors use are the ones that the program checks with. */
class SchemasTest {
  private static final Path SCHEMAS = Path.of("../schemas");
  private static final Path EXAMPLES = Path.of("../examples");
  private static final URI META_SCHEMA = URI.create("https://json-schema.org/draft/2020-12/schema");
  private static final ObjectMapper JSON = new ObjectMapper();

  static Stream<String> schemas() throws IOException {
    return names(SCHEMAS, ".schema.json");
  }

  static Stream<String> examples() throws IOException {
    return names(EXAMPLES, ".yaml");
  }

  @ParameterizedTest
  @MethodSource("schemas")
  void isAJsonSchema(String name) throws IOException {
    JsonNode schema = JSON.readTree(SCHEMAS.resolve(name).toFile());
    Validator validator =
        new ValidatorFactory().withJsonNodeFactory(new JacksonNode.Factory()).createValidator();
    assertThat(validator.validate(META_SCHEMA, (Object) schema).getErrors()).isEmpty();
    assertThat(schema.path("$schema").asText()).isEqualTo(META_SCHEMA.toString());
    assertThat(schema.path("$id").asText()).endsWith("/" + name);
    assertThat(schema.path("description").asText()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "topology",
        "plan",
        "plan-test",
        "plan-case",
        "change-set",
        "history",
        "drift-report",
        "drift-event",
        "drift-notification"
      })
  void isPrintedByTheProgram(String kind) throws IOException {
    Path file =
        SCHEMAS.resolve((kind.equals("topology") ? "kubesphere-topology" : kind) + ".schema.json");
    String printed = run("schema", kind);
    if (kind.equals("topology") && Boolean.getBoolean("golden.update")) {
      Files.writeString(file, printed);
    }
    assertThat(JSON.readTree(printed)).isEqualTo(JSON.readTree(file.toFile()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"argocd", "istio-multi-primary"})
  void isPrintedForEachPlanThatComesWithTheProgram(String plan) throws IOException {
    Path file = SCHEMAS.resolve(plan + "-topology.schema.json");
    String printed = run("schema", "topology", "--plan", plan);
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(file, printed);
    }
    assertThat(JSON.readTree(printed)).isEqualTo(JSON.readTree(file.toFile()));
  }

  @Test
  void isPrintedForAPlanFile() throws IOException {
    String plan = EXAMPLES.resolve("first-plan/weather.yaml").toString();
    JsonNode schema = JSON.readTree(run("schema", "topology", "--plan", plan));
    assertThat(schema.path("$id").asText()).contains("/weather-topology.schema.json");
    assertThat(schema.at("/$defs/member/properties").properties()).isNotEmpty();
  }

  @Test
  void everyPlanThatComesWithTheProgramIsListed() throws IOException {
    List<String> files =
        names(Path.of("../plans"), ".yaml").map(name -> name.replace(".yaml", "")).toList();
    assertThat(Data.plans()).containsExactlyInAnyOrderElementsOf(files);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void exampleIsValid(String name) {
    assertThat(run("validate", "-f", EXAMPLES.resolve(name).toString())).contains(" is valid: ");
  }

  @Test
  void examplesShowTheKeysOfThePlan() throws IOException {
    JsonNode schema = JSON.readTree(SCHEMAS.resolve("kubesphere-topology.schema.json").toFile());
    StringBuilder all = new StringBuilder();
    for (String name : examples().toList()) {
      all.append(Files.readString(EXAMPLES.resolve(name)));
    }
    for (String key : List.of("install", "provider", "description", "region", "visibility")) {
      assertThat(schema.at("/$defs/member/properties").has(key)).as(key).isTrue();
      assertThat(all).contains(key + ":");
    }
  }

  private static Stream<String> names(Path folder, String end) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<String> names =
          files.map(f -> f.getFileName().toString()).filter(n -> n.endsWith(end)).sorted().toList();
      assertThat(names).isNotEmpty();
      return names.stream();
    }
  }

  private static String run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), false, args);
    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    return out.toString();
  }
}
