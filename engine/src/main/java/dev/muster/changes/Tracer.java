package dev.muster.changes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.desired.Expressions;
import dev.muster.expression.Outcome;
import dev.muster.expression.Reference;
import dev.muster.expression.Template;
import dev.muster.expression.Term;
import dev.muster.gate.StepVariable;
import dev.muster.plan.DeclaredTemplate;
import dev.muster.plan.FactSpec;
import dev.muster.plan.GateSpec;
import dev.muster.plan.Plan;
import dev.muster.plan.Probe;
import dev.muster.plan.ReadyTerm;
import dev.muster.plan.Requirement;
import dev.muster.plan.Step;
import dev.muster.plan.StepSpec;
import dev.muster.topology.Topology;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Evaluates the expressions of a step one by one, operand by operand, down to what was read. Values
 * that are sensitive are not told, and of objects and lists only how large they are.
 */
public final class Tracer {
  private static final String SENSITIVE = "(sensitive)";
  private static final int DEEPEST = 6;

  private final Plan plan;
  private final Inspector inspector;
  private final Snapshot snapshot;
  private final Step step;
  private final Expressions expressions;

  /**
   * @param logsSince how far back logs are read
   */
  public Tracer(
      Plan plan,
      Topology topology,
      Clusters clusters,
      LiveReader reader,
      Snapshot snapshot,
      Instant logsSince,
      Step step) {
    this.plan = plan;
    this.inspector = new Inspector(plan, topology, clusters, reader, snapshot, logsSince);
    this.snapshot = snapshot;
    this.step = step;
    this.expressions = Expressions.at(plan, topology, step);
  }

  /** In the order in which the step looks at them; the gate is the last. */
  public List<Traced> trace() {
    List<Traced> all = new ArrayList<>();
    StepSpec spec = step.spec();
    spec.when().ifPresent(when -> all.add(traced("when", when, 0)));
    for (Requirement requirement : spec.require()) {
      all.add(traced("require", requirement.that(), 0));
    }
    spec.manifests().ifPresent(manifests -> all.add(traced("manifests", manifests, 0)));
    spec.ensure().forEach((object, fields) -> fields("ensure " + object, fields, all));
    spec.create().forEach((object, fields) -> fields("create " + object, fields, all));
    spec.initial().forEach((object, fields) -> fields("initial " + object, fields, all));
    spec.restart()
        .flatMap(restart -> restart.when())
        .ifPresent(when -> all.add(traced("restart", when, 0)));
    plan.gate(spec).ifPresent(gate -> all.add(gate(gate)));
    return all;
  }

  private void fields(String label, DeclaredTemplate.Fields fields, List<Traced> all) {
    List<Traced> below = new ArrayList<>();
    leaves("", fields, below);
    if (!below.isEmpty()) {
      all.add(Traced.heading(label, below));
    }
  }

  private void leaves(String path, DeclaredTemplate declared, List<Traced> below) {
    if (declared instanceof DeclaredTemplate.Fields fields) {
      fields.spreads().forEach(spread -> below.add(traced(path + "...", spread, 0)));
      fields
          .entries()
          .forEach((key, value) -> leaves(path.isEmpty() ? key : path + "." + key, value, below));
    } else if (declared instanceof DeclaredTemplate.Items items) {
      for (int i = 0; i < items.elements().size(); i++) {
        leaves(path + "[" + i + "]", items.elements().get(i), below);
      }
    } else if (declared instanceof DeclaredTemplate.Leaf leaf && !leaf.template().constant()) {
      below.add(traced(path, leaf.template(), 0));
    }
  }

  private Traced gate(GateSpec gate) {
    List<Traced> below = new ArrayList<>();
    for (ReadyTerm term : gate.ready()) {
      below.add(traced("ready", term.that(), 0));
    }
    gate.stable().ifPresent(stable -> below.add(traced("stable", stable.value(), 0)));
    for (ReadyTerm term : gate.proof()) {
      below.add(traced("proof", term.that(), 0));
    }
    for (Probe probe : gate.failed()) {
      below.add(traced("failed", probe.when(), 0));
    }
    for (Probe probe : gate.why()) {
      below.add(traced("why", probe.when(), 0));
    }
    return Traced.heading("gate " + gate.name(), below);
  }

  private Traced traced(String label, Template template, int depth) {
    return traced(label, template.source(), template, depth);
  }

  private Traced traced(String label, String source, Template template, int depth) {
    List<Traced> below = new ArrayList<>();
    List<Term> terms = depth < DEEPEST ? template.terms() : List.of();
    for (Term term : terms) {
      below.add(traced("", term.source(), term.template(), depth + 1));
    }
    if (terms.isEmpty() && depth < DEEPEST) {
      template.references().forEach(reference -> read(template, reference, depth, below));
    }
    return new Traced(label, source.strip().replaceAll("\\s+", " "), value(template), below);
  }

  private void read(Template template, Reference reference, int depth, List<Traced> below) {
    Optional<Template> alone = template.reading(reference);
    if (alone.isEmpty() || reference.toString().equals(inner(template.source()))) {
      facts(reference, depth).forEach(below::add);
      return;
    }
    below.add(new Traced("", reference.toString(), value(alone.get()), facts(reference, depth)));
  }

  private static String inner(String source) {
    return source.startsWith("${") && source.endsWith("}")
        ? source.substring(2, source.length() - 1).strip()
        : source;
  }

  /** What a fact is made of; one of another cluster is not taken apart. */
  private List<Traced> facts(Reference reference, int depth) {
    boolean own = reference.root().equals(step.cluster().host() ? "host" : "member");
    String name =
        reference.path().isEmpty() || plan.facts().containsKey(reference.root())
            ? reference.root()
            : own || reference.root().equals("self") ? reference.path().get(0) : "";
    FactSpec fact = plan.facts().get(name);
    List<Traced> below = new ArrayList<>();
    if (fact != null && depth < DEEPEST) {
      fact.from().forEach(from -> below.add(traced("fact " + name, from, depth + 2)));
    }
    return below;
  }

  private String value(Template template) {
    inspector.read(step.cluster(), expressions, List.of(template));
    Outcome outcome = expressions.evaluateRead(template, snapshot, StepVariable.untouched());
    if (outcome instanceof Outcome.Value value) {
      return shown(template, value.value());
    }
    if (outcome instanceof Outcome.Missing missing) {
      return "not there: " + missing.what();
    }
    if (outcome instanceof Outcome.Error error) {
      return "cannot tell: " + error.message();
    }
    return outcome instanceof Outcome.Omitted
        ? "left out"
        : outcome instanceof Outcome.Issued
            ? "issued when written (sensitive)"
            : "generated when written (sensitive)";
  }

  /**
   * Whether something holds is what the engine itself tells, and that there is no secret is none;
   * all else may be the secret.
   */
  private String shown(Template template, JsonNode value) {
    boolean empty = value.isTextual() && value.asText().isEmpty();
    if (value.isBoolean() || empty) {
      return value.toString();
    }
    if (expressions.sensitive(template)) {
      return SENSITIVE;
    }
    if (value.isObject()) {
      return "{" + value.size() + (value.size() == 1 ? " key}" : " keys}");
    }
    return value.isArray()
        ? "[" + value.size() + (value.size() == 1 ? " item]" : " items]")
        : value.toString();
  }
}
