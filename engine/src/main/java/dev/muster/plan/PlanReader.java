package dev.muster.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.muster.expression.Environment;
import dev.muster.problem.Problems;
import dev.muster.topology.SchemaCheck;
import dev.muster.yaml.YamlNode;
import dev.muster.yaml.YamlReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns the text of a plan file into a {@link Plan}. */
public final class PlanReader {
  private PlanReader() {}

  /**
   * Reads and compiles a plan file.
   *
   * @param file how messages name it
   * @param schema the schema of plan files
   * @param topologySchema the schema of the engine's own topology keys, which expressions may use
   */
  public static Optional<Plan> read(
      String file, String text, JsonNode schema, JsonNode topologySchema, Problems problems) {
    Optional<YamlNode> document = YamlReader.read(file, text, problems);
    if (document.isEmpty() || !new SchemaCheck(schema).check(document.get(), problems)) {
      return Optional.empty();
    }
    YamlNode spec = document.get().child("spec").orElseThrow();
    JsonNode inputs =
        spec.child("inputs").map(YamlNode::json).orElse(JsonNodeFactory.instance.objectNode());
    Environment.Builder builder =
        Environment.builder()
            .variable("topology", Environment.Type.MAP)
            .variable("host", Environment.Type.MAP)
            .variable("self", Environment.Type.MAP);
    Scribe.entries(
        spec.child("facts"),
        (key, fact) -> {
          if (fact.child("on").isEmpty()) {
            builder.variable(key.text(), Environment.Type.DYN);
          }
        });
    Scribe host = new Scribe(builder.build(), problems);
    Scribe member = host.with("member");

    Map<String, ObjectSpec> objects = new ObjectsReader(member).read(spec.child("objects"));
    Map<String, FactSpec> facts = facts(spec.child("facts"), host);
    Map<String, GateSpec> gates = new GatesReader(member.with("step")).read(spec.child("gates"));
    List<StepSpec> steps = new StepsReader(host, member).read(spec.child("steps"));
    List<WriterSpec> writers =
        Scribe.elements(spec.child("writers")).stream()
            .map(
                node ->
                    new WriterSpec(
                        Scribe.needed(node, "who"),
                        Scribe.needed(node, "reads"),
                        Scribe.texts(node, "renders")))
            .toList();
    List<StatusColumn> status = status(spec.child("status"), host, member);
    List<Examination> doctor = doctor(spec.child("doctor"), host, member);
    if (problems.hasErrors()) {
      return Optional.empty();
    }
    Plan unordered =
        new Plan(
            document.get().json().at("/metadata/name").asText(),
            document.get().json().at("/metadata/version").asText(),
            inputs,
            objects,
            writers,
            facts,
            gates,
            steps,
            Map.of(),
            status,
            doctor);
    new NameCheck(unordered, topologySchema, problems).check();
    if (problems.hasErrors()) {
      return Optional.empty();
    }
    return StepOrder.of(unordered, problems)
        .map(
            order ->
                new Plan(
                    unordered.name(),
                    unordered.version(),
                    inputs,
                    objects,
                    writers,
                    facts,
                    gates,
                    order.steps(),
                    order.dependsOn(),
                    status,
                    doctor));
  }

  private static Map<String, FactSpec> facts(Optional<YamlNode> section, Scribe scribe) {
    Map<String, FactSpec> facts = new LinkedHashMap<>();
    Scribe.entries(
        section,
        (key, node) -> {
          YamlNode from = node.child("from").orElseThrow();
          List<YamlNode> sources =
              from instanceof YamlNode.Sequence sequence ? sequence.elements() : List.of(from);
          facts.put(
              key.text(),
              new FactSpec(
                  key.text(),
                  node.child("on").isPresent(),
                  sources.stream().map(scribe::template).toList(),
                  Scribe.text(node, "after"),
                  node.child("require").map(scribe::requirement),
                  key.where()));
        });
    return facts;
  }

  private static List<StatusColumn> status(Optional<YamlNode> section, Scribe host, Scribe member) {
    return Scribe.elements(section).stream()
        .map(
            node ->
                new StatusColumn(
                    Scribe.needed(node, "title"),
                    host.template(node, "host"),
                    member.template(node, "member")))
        .toList();
  }

  private static List<Examination> doctor(Optional<YamlNode> section, Scribe host, Scribe member) {
    List<Examination> examinations = new ArrayList<>();
    for (YamlNode node : Scribe.elements(section)) {
      boolean ofHost = Scribe.needed(node, "on").equals("host");
      Scribe scribe = ofHost ? host : member;
      examinations.add(
          new Examination(
              ofHost,
              Scribe.needed(node, "title"),
              scribe.bool(node, "that"),
              node.child("detail").map(scribe::template),
              scribe.template(node, "fix")));
    }
    return examinations;
  }
}
