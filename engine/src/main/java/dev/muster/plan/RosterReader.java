package dev.muster.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.expression.Reference;
import dev.muster.expression.Template;
import dev.muster.problem.Suggestion;
import dev.muster.topology.TopologyReader;
import dev.muster.yaml.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the roster of a plan file. */
final class RosterReader {
  private final Scribe host;
  private final Scribe member;
  private final Map<String, ObjectSpec> objects;
  private List<String> sensitive = List.of();

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
    sensitive =
        Optional.ofNullable(objects.get(Scribe.needed(node, "list")))
            .map(list -> list.rules().sensitive())
            .orElse(List.of());
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

  private RosterSpec.Part part(Optional<YamlNode> node, Scribe scribe, JsonNode keys) {
    Optional<YamlNode> written = node.flatMap(part -> part.child("fields"));
    DeclaredTemplate.Fields fields =
        written.map(scribe::declared).orElse(null) instanceof DeclaredTemplate.Fields declared
            ? declared
            : new DeclaredTemplate.Fields(List.of(), Map.of());
    Map<String, RosterSpec.SecretFile> files = new LinkedHashMap<>();
    Optional<YamlNode> secrets = node.flatMap(part -> part.child("files"));
    Scribe.entries(
        secrets,
        (key, file) ->
            files.put(
                key.text(),
                new RosterSpec.SecretFile(
                    scribe.template(file, "content"), Scribe.needed(file, "what"))));
    Scribe.entries(written, (key, value) -> known(key, keys));
    Scribe.entries(secrets, (key, value) -> known(key, keys));
    List<RosterSpec.Note> notes =
        Scribe.elements(node.flatMap(part -> part.child("notes"))).stream()
            .map(
                note ->
                    new RosterSpec.Note(scribe.bool(note, "when"), scribe.template(note, "note")))
            .toList();
    fields.templates().forEach(this::open);
    notes.forEach(note -> open(note.text()));
    return new RosterSpec.Part(fields, files, notes);
  }

  private void known(YamlNode.Scalar key, JsonNode keys) {
    if (keys.path("properties").has(key.text())) {
      return;
    }
    List<String> known = new ArrayList<>();
    keys.path("properties").fieldNames().forEachRemaining(known::add);
    host.problems()
        .error(
            key.where(),
            "a topology of this plan has no key \"" + key.text() + "\" here",
            Suggestion.closest(key.text(), known)
                .map(close -> "did you mean " + close + "?")
                .orElse("it has: " + String.join(", ", known)));
  }

  /** What is written into a topology must not come from a place that is kept secret. */
  private void open(Template template) {
    for (Reference reference : template.references()) {
      List<String> path = reference.path();
      boolean secret =
          reference.root().equals("item")
              && sensitive.stream()
                  .map(text -> List.of(text.split("\\.")))
                  .anyMatch(
                      hidden ->
                          path.size() >= hidden.size()
                              && path.subList(0, hidden.size()).equals(hidden));
      if (secret) {
        host.problems()
            .error(
                template.where(reference),
                "item."
                    + String.join(".", path)
                    + " is sensitive, and a topology is shown to people",
                "name it under `files`");
      }
    }
  }

  /** The schema that a topology of the plan has to match. */
  static JsonNode schema(JsonNode topologySchema, JsonNode inputs) {
    return TopologyReader.compose(topologySchema, inputs);
  }
}
