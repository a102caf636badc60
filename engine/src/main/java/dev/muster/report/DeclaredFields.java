package dev.muster.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.muster.changes.Snapshot;
import dev.muster.desired.DesiredState;
import dev.muster.desired.Lookup;
import dev.muster.desired.Need;
import dev.muster.plan.DeclaredTemplate;
import dev.muster.plan.Plan;
import dev.muster.plan.Step;
import dev.muster.resource.Declared;
import dev.muster.resource.ObjectRef;
import dev.muster.resource.Redactor;
import dev.muster.topology.Topology;
import dev.muster.yaml.YamlWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The declared fields of live objects as readable files; sensitive ones masked. */
public final class DeclaredFields {
  private final Plan plan;
  private final Topology topology;
  private final Snapshot snapshot;

  public DeclaredFields(Plan plan, Topology topology, Snapshot snapshot) {
    this.plan = plan;
    this.topology = topology;
    this.snapshot = snapshot;
  }

  /** Path to text, for each object of the step that exists. */
  public Map<String, String> files(Step step) {
    Map<String, String> files = new LinkedHashMap<>();
    DesiredState desired = new DesiredState(plan, topology, step, snapshot, id -> true);
    Map<String, DeclaredTemplate.Fields> objects = new LinkedHashMap<>(step.spec().ensure());
    objects.putAll(step.spec().create());
    objects.forEach(
        (name, fields) -> {
          Need need = desired.expressions().need(step.cluster(), plan.object(name));
          Declared.Fields declared = desired.declared(fields);
          if (snapshot.object(need) instanceof Lookup.Present present
              && !declared.entries().isEmpty()) {
            ObjectRef ref = need.ref();
            ObjectNode tree = JsonNodeFactory.instance.objectNode();
            tree.put("apiVersion", ref.apiVersion()).put("kind", ref.kind());
            tree.setAll((ObjectNode) pick(present.value(), declared));
            files.put(path(step, ref), snapshot.redactor().mask(YamlWriter.write(tree)));
          }
        });
    return files;
  }

  private static String path(Step step, ObjectRef ref) {
    String namespace = ref.namespace().isEmpty() ? "" : ref.namespace() + ".";
    return "live/"
        + step.cluster().name()
        + "/"
        + ref.kind().toLowerCase(Locale.ROOT)
        + "."
        + namespace
        + ref.name()
        + ".yaml";
  }

  /** The part of the live tree that is declared. */
  private static JsonNode pick(JsonNode live, Declared declared) {
    if (declared instanceof Declared.Fields fields) {
      ObjectNode picked = JsonNodeFactory.instance.objectNode();
      fields
          .entries()
          .forEach(
              (key, value) -> {
                if (live.has(key)) {
                  picked.set(key, pick(live.get(key), value));
                }
              });
      return picked;
    }
    if (declared.sensitive() && !(declared instanceof Declared.Items)) {
      return TextNode.valueOf(Redactor.MASK);
    }
    if (declared instanceof Declared.Items items && live.isArray()) {
      ArrayNode picked = JsonNodeFactory.instance.arrayNode();
      boolean alike = items.elements().size() == live.size();
      for (int i = 0; i < live.size(); i++) {
        picked.add(
            alike
                ? pick(live.get(i), items.elements().get(i))
                : items.sensitive() ? TextNode.valueOf(Redactor.MASK) : live.get(i));
      }
      return picked;
    }
    return live;
  }
}
