package dev.muster.topology;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.problem.Problem;
import dev.muster.problem.Problems;
import dev.muster.problem.Where;
import dev.muster.yaml.YamlNode;
import dev.muster.yaml.YamlReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Turns the text of a topology file into a {@link Topology}. */
public final class TopologyReader {
  private final YamlNode document;
  private final Path folder;
  private final boolean known;

  private TopologyReader(YamlNode document, Path folder, boolean known) {
    this.document = document;
    this.folder = folder;
    this.known = known;
  }

  /**
   * Parses the text; checks nothing but its syntax.
   *
   * @param file how messages name the file
   * @param folder what its relative paths are relative to
   */
  public static Optional<TopologyReader> open(
      String file, String text, Path folder, Problems problems) {
    Problems found = new Problems();
    Optional<YamlNode> document = YamlReader.read(file, text, found);
    hand(found, problems);
    return document.map(node -> new TopologyReader(node, folder, false));
  }

  /** The same of a text that was read before, with these schemas, and had their form. */
  public TopologyReader known() {
    return new TopologyReader(document, folder, true);
  }

  /**
   * Where the file says that its plan is, before anything else of it is checked; empty for nothing
   * and for what cannot be read, which is told.
   */
  public Optional<PlanSource> planSource(Problems problems) {
    Problems found = new Problems();
    Optional<PlanSource> source =
        document.at("/spec/plan").flatMap(node -> PlanSourceReader.read(node, found));
    hand(found, problems);
    return source;
  }

  /** Whether it says so at all. */
  public boolean namesPlan() {
    return document.at("/spec/plan").isPresent();
  }

  /** Where the plan is named, or the file as a whole. */
  public Where planWhere() {
    return document.at("/spec/plan").map(YamlNode::where).orElse(document.where());
  }

  /**
   * Checks the file and builds the topology.
   *
   * @param base schema of the engine's own keys
   * @param inputs what the plan adds to it; an empty object for nothing
   * @param manifests fetches the files that a {@code format: manifests} key names
   * @param secrets reads the values that a {@code format: secret} key names
   */
  public Optional<Topology> read(
      JsonNode base,
      JsonNode inputs,
      ManifestLoader manifests,
      SecretLoader secrets,
      Problems problems) {
    ObjectNode schema = compose(base, inputs);
    Problems found = new Problems();
    boolean sound = known || new SchemaCheck(schema).check(document, found);
    LiteralSecrets.check(document, found);
    new ClusterCheck(document, found).check();
    Optional<Topology> topology = topology(schema, manifests, secrets, found, sound);
    hand(found, problems);
    return found.hasErrors() ? Optional.empty() : topology;
  }

  /**
   * Checks as much of the file as can be checked without its plan, whose keys are let pass.
   *
   * @param base schema of the engine's own keys
   */
  public void checkWithoutPlan(JsonNode base, Problems problems) {
    ObjectNode schema = base.deepCopy();
    schema.withObject("/$defs/host").remove("additionalProperties");
    schema.withObject("/$defs/member").remove("additionalProperties");
    Problems found = new Problems();
    new SchemaCheck(schema).check(document, found);
    LiteralSecrets.check(document, found);
    new ClusterCheck(document, found).check();
    hand(found, problems);
  }

  private JsonNode value(String pointer) {
    return document.at(pointer).map(YamlNode::json).orElse(MissingNode.getInstance());
  }

  /** A value that was wrong as YAML is not told a second time to be of the wrong type. */
  private static void hand(Problems found, Problems problems) {
    List<Where> told = problems.all().stream().map(Problem::where).toList();
    List<Problem> guarded = found.all().stream().map(LiteralSecrets::guarded).toList();
    Set<Integer> hidden =
        guarded.stream()
            .map(Problem::where)
            .filter(where -> where.excerpt().isEmpty())
            .map(Where::line)
            .collect(Collectors.toSet());
    guarded.stream()
        .filter(problem -> !told.contains(problem.where()) || problem.where().line() == 0)
        .map(p -> hidden.contains(p.where().line()) ? LiteralSecrets.withoutExcerpt(p) : p)
        .forEach(problems::add);
  }

  /** Goes through all clusters, so that each file that is missing is reported. */
  private Optional<Topology> topology(
      JsonNode schema,
      ManifestLoader manifests,
      SecretLoader secrets,
      Problems problems,
      boolean sound) {
    JsonNode defaults = value("/spec/defaults");
    ClusterReader reader =
        new ClusterReader(document, folder, schema, defaults, manifests, secrets);
    Optional<ClusterDeclaration> host = reader.read("/spec/host", true, problems);
    List<ClusterDeclaration> members = new ArrayList<>();
    int declared = value("/spec/members").size();
    for (int i = 0; i < declared; i++) {
      reader.read("/spec/members/" + i, false, problems).ifPresent(members::add);
    }
    RolloutReader rollout = new RolloutReader(document, members);
    rollout.check(problems);
    if (!sound || host.isEmpty()) {
      return Optional.empty();
    }
    String name = value("/metadata/name").asText();
    return Optional.of(
        new Topology(
            name,
            planSource(new Problems()).map(PlanSource::shown).orElse(""),
            timeouts(defaults),
            host.get(),
            members,
            rollout.read()));
  }

  /**
   * A member that the file does not name any more, as if it said {@code state: absent} of it.
   *
   * @param uid of the cluster that was joined, empty when it is not known
   * @param courier how it was reached, if not by the context
   */
  public ClusterDeclaration removed(
      JsonNode base,
      JsonNode inputs,
      String name,
      String context,
      String connection,
      String uid,
      Optional<JsonNode> courier) {
    ClusterReader reader =
        new ClusterReader(
            document,
            folder,
            compose(base, inputs),
            value("/spec/defaults"),
            (source, where, place, problems) -> List.of(),
            (source, where, place, problems) -> Optional.empty());
    return reader.removed(name, context, connection, uid, courier, new Problems());
  }

  /** The schema that a topology of a plan has to match. */
  public static ObjectNode compose(JsonNode base, JsonNode inputs) {
    ObjectNode schema = base.deepCopy();
    ObjectNode definitions = schema.withObjectProperty("$defs");
    for (String role : List.of("host", "member")) {
      ObjectNode properties = definitions.withObjectProperty(role).withObjectProperty("properties");
      inputs
          .path(role)
          .path("properties")
          .properties()
          .forEach(entry -> properties.set(entry.getKey(), input(entry.getValue())));
    }
    inputs
        .path("$defs")
        .properties()
        .forEach(entry -> definitions.set(entry.getKey(), entry.getValue()));
    if (inputs.has("timeouts")
        && schema.at("/properties/spec/properties/defaults/properties/timeouts")
            instanceof ObjectNode timeouts) {
      timeouts.set("properties", inputs.get("timeouts"));
      timeouts.put("additionalProperties", false);
    }
    return schema;
  }

  /** A plan only says that a key is a secret; where secrets can come from is the same for all. */
  private static JsonNode input(JsonNode rules) {
    return rules.path("format").asText().equals("secret")
        ? ((ObjectNode) rules.deepCopy()).put("$ref", "#/$defs/secretSource")
        : rules;
  }

  private static Map<String, Duration> timeouts(JsonNode defaults) {
    Map<String, Duration> timeouts = new LinkedHashMap<>();
    defaults
        .path("timeouts")
        .properties()
        .forEach(
            entry ->
                Durations.parse(entry.getValue().asText())
                    .ifPresent(duration -> timeouts.put(entry.getKey(), duration)));
    return timeouts;
  }
}
