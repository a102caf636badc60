package dev.muster.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.problem.Problems;
import dev.muster.problem.Where;
import dev.muster.yaml.YamlNode;
import java.util.List;

/** Finds namespaces that no topology could choose. */
final class NamespaceCheck {
  private final Plan plan;
  private final YamlNode spec;
  private final Problems problems;

  NamespaceCheck(Plan plan, YamlNode spec, Problems problems) {
    this.plan = plan;
    this.spec = spec;
    this.problems = problems;
  }

  void check() {
    for (ObjectSpec object : plan.objects().values()) {
      Where where =
          spec.child("objects")
              .flatMap(all -> all.child(object.name()))
              .flatMap(node -> node.child("ref").or(() -> node.child("list")))
              .map(YamlNode::where)
              .orElse(object.where());
      namespace(object.source()).forEach(written -> check(written, where));
    }
    for (Allows.Place place : Allows.Place.values()) {
      for (YamlNode grant :
          Scribe.elements(spec.child("allows").flatMap(allows -> allows.child(place.key())))) {
        Scribe.elements(grant.child("namespaces")).stream()
            // What is of another form the schema has told.
            .filter(node -> ChosenNamespace.key(node.json().asText()).isPresent())
            .forEach(node -> check(node.json().asText(), node.where()));
      }
    }
  }

  private static List<String> namespace(ObjectSource source) {
    if (source instanceof ObjectSource.One one) {
      return List.of(one.pattern().namespace());
    }
    return source instanceof ObjectSource.All all ? List.of(all.kind().namespace()) : List.of();
  }

  private void check(String written, Where where) {
    if (!ChosenNamespace.is(written)) {
      return;
    }
    boolean sound =
        ChosenNamespace.key(written)
            .map(key -> plan.inputs().path("host").path("properties").path(key).path("default"))
            .filter(JsonNode::isTextual)
            .isPresent();
    if (!sound) {
      problems.error(
          where,
          "the namespace " + written + " follows from no host key with a default",
          "write ${host.KEY}, with a KEY of inputs.host.properties that has a text as its `default`");
    }
  }
}
