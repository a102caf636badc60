package dev.muster.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.problem.Suggestion;
import dev.muster.topology.TopologyReader;
import dev.muster.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the roster of a plan file. */
final class RosterReader {
  private final Scribe host;
  private final Scribe member;
  private final Map<String, ObjectSpec> objects;

  /**
   * @param host whose expressions see the host
   * @param member whose expressions see the member as well
   */
  RosterReader(Scribe host, Scribe member, Map<String, ObjectSpec> objects) {
    this.host = host;
    this.member = member.with("item");
    this.objects = objects;
  }

  /**
   * @param topologySchema what a topology of this plan may say
   */
  Optional<RosterSpec> read(Optional<YamlNode> section, JsonNode topologySchema) {
    return section.map(node -> roster(node, topologySchema));
  }

  private RosterSpec roster(YamlNode node, JsonNode topologySchema) {
    Scribe items = host.with("item");
    node.child("list").ifPresent(this::list);
    List<YamlNode> uid =
        node.child("uid").orElse(null) instanceof YamlNode.Sequence sequence
            ? sequence.elements()
            : node.child("uid").stream().toList();
    return new RosterSpec(
        Scribe.needed(node, "list"),
        items.bool(node, "where"),
        items.template(node, "name"),
        uid.stream().map(member::template).toList(),
        node.child("import")
            .map(
                intake ->
                    new RosterSpec.Intake(
                        part(intake.child("host"), host, topologySchema.at("/$defs/host")),
                        part(intake.child("member"), member, topologySchema.at("/$defs/member")))));
  }

  private void list(YamlNode name) {
    ObjectSpec object = objects.get(name.json().asText());
    if (object == null || !(object.source() instanceof ObjectSource.All) || !object.ofHost()) {
      List<String> lists =
          objects.values().stream()
              .filter(o -> o.source() instanceof ObjectSource.All && o.ofHost())
              .map(ObjectSpec::name)
              .toList();
      host.problems()
          .error(
              name.where(),
              "the roster needs a list of the host, \"" + name.json().asText() + "\" is none",
              Suggestion.closest(name.json().asText(), lists)
                  .map(close -> "did you mean " + close + "?")
                  .orElse("name an object with `on: host` and `list:`"));
    }
  }

  private static RosterSpec.Part part(Optional<YamlNode> node, Scribe scribe, JsonNode keys) {
    DeclaredTemplate.Fields fields =
        node.flatMap(part -> part.child("fields")).map(scribe::declared).orElse(null)
                instanceof DeclaredTemplate.Fields declared
            ? declared
            : new DeclaredTemplate.Fields(List.of(), Map.of());
    Scribe.entries(
        node.flatMap(part -> part.child("fields")),
        (key, value) -> {
          if (!keys.path("properties").has(key.text())) {
            List<String> known = new ArrayList<>();
            keys.path("properties").fieldNames().forEachRemaining(known::add);
            scribe
                .problems()
                .error(
                    key.where(),
                    "a topology of this plan has no key \"" + key.text() + "\" here",
                    Suggestion.closest(key.text(), known)
                        .map(close -> "did you mean " + close + "?")
                        .orElse("it has: " + String.join(", ", known)));
          }
        });
    List<RosterSpec.Note> notes =
        Scribe.elements(node.flatMap(part -> part.child("notes"))).stream()
            .map(note -> new RosterSpec.Note(scribe.bool(note, "if"), scribe.template(note, "say")))
            .toList();
    return new RosterSpec.Part(fields, notes);
  }

  /** The schema that a topology of the plan has to match. */
  static JsonNode schema(JsonNode topologySchema, JsonNode inputs) {
    return TopologyReader.compose(topologySchema, inputs);
  }
}
