package dev.muster.plan;

import com.fasterxml.jackson.databind.JsonNode;
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
  private final YamlNode written;
  private final YamlNode document;
  private final YamlNode spec;
  private final boolean known;

  private PlanReader(YamlNode written, boolean known) {
    this.written = written;
    this.document = PlanVersions.converted(written);
    this.known = known;
    this.spec =
        document.child("spec").orElseGet(() -> new YamlNode.Mapping(document.where(), List.of()));
  }

  /**
   * Parses the text; checks nothing but its syntax.
   *
   * @param file how messages name it
   */
  public static Optional<PlanReader> open(String file, String text, Problems problems) {
    return YamlReader.read(file, text, problems).map(node -> new PlanReader(node, false));
  }

  /**
   * Reads and compiles a plan file.
   *
   * @param file how messages name it
   * @param schema the schema of plan files
   * @param topologySchema the schema of the engine's own topology keys, which expressions may use
   */
  public static Optional<Plan> read(
      String file, String text, JsonNode schema, JsonNode topologySchema, Problems problems) {
    Problems found = new Problems();
    Optional<Plan> plan =
        open(file, text, found).flatMap(reader -> reader.read(schema, topologySchema, found));
    found.all().forEach(problems::add);
    return plan;
  }

  /** The same of a text that was read before, with these schemas, and was sound. */
  public PlanReader known() {
    return new PlanReader(written, true);
  }

  /** What the plan adds to a topology, known even when the rest of it is broken. */
  public JsonNode inputs() {
    return new Inputs(spec).schema();
  }

  /** What the plan may touch, as far as it says so, even when the rest of it is broken. */
  public Optional<Allows> allows() {
    return AllowsReader.read(spec.child("allows"));
  }

  /**
   * Compiles the plan.
   *
   * @param schema the schema of plan files
   * @param topologySchema the schema of the engine's own topology keys
   * @param problems those of this file alone: any error among them means that there is no plan
   */
  public Optional<Plan> read(JsonNode schema, JsonNode topologySchema, Problems problems) {
    boolean sound =
        known || new SchemaCheck(PlanVersions.schema(schema, written)).check(written, problems);
    if (!(spec instanceof YamlNode.Mapping)) {
      return Optional.empty();
    }
    if (!known) {
      new Inputs(spec).check(topologySchema, problems);
    }
    Environment.Builder builder =
        Environment.builder()
            .variable("topology", Environment.Type.MAP)
            .variable("host", Environment.Type.MAP)
            .variable("self", Environment.Type.MAP);
    if (spec.child("rotations").isPresent()) {
      builder.variable("rotation", Environment.Type.MAP);
    }
    Scribe.entries(
        spec.child("facts"),
        (key, fact) -> {
          if (fact.child("on").isEmpty()) {
            builder.variable(key.text(), Environment.Type.DYN);
          }
        });
    Scribe host = new Scribe(builder.build(), problems);
    Scribe member = host.with("member");

    Map<String, ObjectSpec> objects =
        new ObjectsReader(member.with("peer")).read(spec.child("objects"));
    Map<String, FactSpec> facts = facts(spec.child("facts"), host);
    Map<String, GateSpec> gates =
        new GatesReader(member.with("peer").with("step")).read(spec.child("gates"));
    Map<String, RotationSpec> rotations =
        new RotationsReader(host, member).read(spec.child("rotations"));
    Map<String, TokenSpec> tokens = new TokensReader(host, objects).read(spec.child("tokens"));
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
    TopologyRules topologyRules = new TopologyRules(host, member);
    List<RuleSpec> rules = topologyRules.rules(spec.at("/inputs/rules"));
    List<ExpirySpec> expiries = topologyRules.expiries(spec.child("expiries"));
    Optional<RosterSpec> roster =
        new RosterReader(host, member, objects)
            .read(spec.child("roster"), RosterReader.schema(topologySchema, inputs()));
    Plan unordered =
        new Plan(
            document.json().at("/metadata/name").asText(),
            document.json().at("/metadata/version").asText(),
            inputs(),
            objects,
            writers,
            facts,
            gates,
            rotations,
            tokens,
            steps,
            Map.of(),
            status,
            doctor,
            rules,
            expiries,
            roster,
            AllowsReader.read(spec.child("allows")),
            Optional.empty());
    if (!known) {
      new StructureCheck(unordered, spec, problems).check();
      new NamespaceCheck(unordered, spec, problems).check();
      unordered
          .allows()
          .ifPresent(allows -> new AllowsCheck(unordered, allows, spec, problems).check());
      new NameCheck(unordered, topologySchema, problems).check();
    }
    // What steps wait for follows from what definitions read, as far as that comes to an end.
    Optional<StepOrder> ordered =
        new DefinitionCheck(unordered, problems).check()
            ? StepOrder.of(unordered, problems)
            : Optional.empty();
    if (!sound || problems.hasErrors()) {
      return Optional.empty();
    }
    return ordered.map(
        order ->
            new Plan(
                unordered.name(),
                unordered.version(),
                unordered.inputs(),
                objects,
                writers,
                facts,
                gates,
                rotations,
                tokens,
                order.steps(),
                order.dependsOn(),
                status,
                doctor,
                rules,
                expiries,
                roster,
                unordered.allows(),
                unordered.origin()));
  }

  private static Map<String, FactSpec> facts(Optional<YamlNode> section, Scribe scribe) {
    Map<String, FactSpec> facts = new LinkedHashMap<>();
    Scribe.entries(
        section,
        (key, node) -> {
          Optional<YamlNode> from = node.child("from");
          List<YamlNode> sources =
              from.orElse(null) instanceof YamlNode.Sequence sequence
                  ? sequence.elements()
                  : from.stream().toList();
          facts.put(
              key.text(),
              new FactSpec(
                  key.text(),
                  node.child("on").isPresent(),
                  sources.stream().map(scribe::template).toList(),
                  Scribe.text(node, "after"),
                  node.child("carry").filter(value -> value.json().asBoolean()).isPresent(),
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
              node.child("when").map(scribe::bool),
              Scribe.needed(node, "title"),
              scribe.bool(node, "that"),
              node.child("detail").map(scribe::template),
              scribe.template(node, "hint")));
    }
    return examinations;
  }
}
