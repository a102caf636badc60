package dev.muster.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.yaml.TokenEdit;
import dev.muster.yaml.YamlNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The versions of the plan language. The engine knows the newest one only: a file of the one before
 * is held to its own schema and then read as if its keys had today's names, each at its place.
 */
public final class PlanVersions {
  /** What {@code apiVersion} is today. */
  public static final String NEWEST = "muster.dev/v1beta1";

  /** What it was before. */
  public static final String BEFORE = "muster.dev/v1alpha1";

  /** One word for one thing: {@code when}, {@code hint} and {@code note} are used elsewhere too. */
  private static final List<Renamed> RENAMED =
      List.of(
          new Renamed("spec/gates/*/failed/*", "/$defs/probes/items", "if", "when"),
          new Renamed("spec/gates/*/failed/*", "/$defs/probes/items", "next", "hint"),
          new Renamed("spec/gates/*/why/*", "/$defs/probes/items", "if", "when"),
          new Renamed("spec/gates/*/why/*", "/$defs/probes/items", "next", "hint"),
          new Renamed(
              "spec/roster/import/*/notes/*", "/$defs/intake/properties/notes/items", "if", "when"),
          new Renamed(
              "spec/roster/import/*/notes/*",
              "/$defs/intake/properties/notes/items",
              "say",
              "note"),
          new Renamed("spec/expiries/*", "/$defs/expiry", "next", "hint"),
          new Renamed("spec/doctor/*", "/$defs/examination", "fix", "hint"));

  /**
   * A key that has another name today.
   *
   * @param place of the maps that have it; {@code *} stands for any key or position
   * @param schema where the schema describes these maps
   */
  private record Renamed(String place, String schema, String before, String now) {
    boolean at(List<String> path) {
      List<String> segments = Arrays.asList(place.split("/"));
      if (segments.size() != path.size()) {
        return false;
      }
      for (int i = 0; i < path.size(); i++) {
        if (!segments.get(i).equals("*") && !segments.get(i).equals(path.get(i))) {
          return false;
        }
      }
      return true;
    }
  }

  private PlanVersions() {}

  /** Whether a file is of the version before. */
  public static boolean older(YamlNode document) {
    return document.child("apiVersion").filter(v -> v.json().asText().equals(BEFORE)).isPresent();
  }

  /** The document as today's version has it, every value where it is written. */
  static YamlNode converted(YamlNode document) {
    return older(document) ? converted(document, List.of(), new ArrayList<>()) : document;
  }

  /**
   * The schema that a file is held to.
   *
   * @param newest that of today's version, for all versions but the one before
   */
  static JsonNode schema(JsonNode newest, YamlNode document) {
    return older(document) ? schemaBefore(newest) : newest;
  }

  private static JsonNode schemaBefore(JsonNode newest) {
    ObjectNode schema = newest.deepCopy();
    ((ObjectNode) schema.at("/properties/apiVersion")).put("const", BEFORE);
    for (Renamed renamed : RENAMED) {
      if (schema.at(renamed.schema()) instanceof ObjectNode rules) {
        renameBack(rules, renamed);
      }
    }
    return schema;
  }

  private static void renameBack(ObjectNode rules, Renamed renamed) {
    if (rules.path("properties") instanceof ObjectNode properties
        && properties.has(renamed.now())) {
      ObjectNode before = properties.objectNode();
      properties
          .properties()
          .forEach(
              entry ->
                  before.set(
                      entry.getKey().equals(renamed.now()) ? renamed.before() : entry.getKey(),
                      entry.getValue()));
      rules.set("properties", before);
    }
    if (rules.path("required") instanceof ArrayNode required) {
      for (int i = 0; i < required.size(); i++) {
        if (required.get(i).asText().equals(renamed.now())) {
          required.set(i, renamed.before());
        }
      }
    }
  }

  /**
   * The text of a file of the version before as one of today's; only what has another name is
   * another text.
   *
   * @param document the same text, read
   * @throws dev.muster.problem.MusterException when the text cannot be edited so
   */
  public static TokenEdit.Edited migrated(String text, YamlNode document) {
    List<TokenEdit> edits = new ArrayList<>();
    document
        .child("apiVersion")
        .ifPresent(version -> edits.add(new TokenEdit(version.where(), BEFORE, NEWEST)));
    YamlNode wanted = converted(document, List.of(), edits);
    ObjectNode tree = (ObjectNode) wanted.json();
    return TokenEdit.apply(text, edits, tree.put("apiVersion", NEWEST));
  }

  private static YamlNode converted(YamlNode node, List<String> path, List<TokenEdit> edits) {
    if (node instanceof YamlNode.Sequence sequence) {
      List<YamlNode> elements = new ArrayList<>();
      for (int i = 0; i < sequence.elements().size(); i++) {
        elements.add(converted(sequence.elements().get(i), below(path, "" + i), edits));
      }
      return new YamlNode.Sequence(sequence.where(), elements);
    }
    if (!(node instanceof YamlNode.Mapping mapping)) {
      return node;
    }
    Map<String, String> names =
        RENAMED.stream()
            .filter(renamed -> renamed.at(path))
            .collect(Collectors.toMap(Renamed::before, Renamed::now, (a, b) -> a, TreeMap::new));
    List<YamlNode.Entry> entries = new ArrayList<>();
    for (YamlNode.Entry entry : mapping.entries()) {
      YamlNode.Scalar key = entry.key();
      String now = names.getOrDefault(key.text(), key.text());
      if (!now.equals(key.text())) {
        edits.add(new TokenEdit(key.where(), key.text(), now));
        key = new YamlNode.Scalar(key.where(), now, key.plain(), key.json());
      }
      entries.add(
          new YamlNode.Entry(
              key, converted(entry.value(), below(path, entry.key().text()), edits)));
    }
    return new YamlNode.Mapping(mapping.where(), entries);
  }

  private static List<String> below(List<String> path, String segment) {
    List<String> all = new ArrayList<>(path);
    all.add(segment);
    return all;
  }
}
