package dev.muster.lint;

import dev.muster.plan.ObjectSpec;
import dev.muster.plan.Plan;
import dev.muster.plan.StepSpec;
import dev.muster.yaml.YamlNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Names that nothing uses. A name counts as used wherever an expression has it behind a dot, or by
 * itself: so one that is used through a list or a macro is never reported, and one that has the
 * name of something else may be overlooked.
 */
final class Uses {
  private final Findings findings;
  private final Plan plan;
  private final List<String> expressions = new ArrayList<>();

  Uses(Findings findings) {
    this.findings = findings;
    this.plan = findings.plan();
    collect(findings.document());
  }

  private void collect(YamlNode node) {
    if (node instanceof YamlNode.Mapping mapping) {
      mapping.entries().forEach(entry -> collect(entry.value()));
    } else if (node instanceof YamlNode.Sequence sequence) {
      sequence.elements().forEach(this::collect);
    } else if (node.json().isTextual() && node.json().asText().contains("${")) {
      expressions.add(node.json().asText());
    }
  }

  void look() {
    objects();
    plan.objects().values().forEach(this::documents);
    plan.facts().values().stream()
        .filter(fact -> !read(fact.name()) && (fact.ofCluster() || !bare(fact.name())))
        .forEach(
            fact ->
                findings.add(
                    Rule.UNUSED_FACT,
                    fact.where(),
                    "no expression reads the fact " + fact.name(),
                    "take it out, or read it"));
    Set<String> gates = new HashSet<>();
    plan.steps().forEach(step -> step.gate().ifPresent(gates::add));
    plan.gates().keySet().stream()
        .filter(Predicate.not(gates::contains))
        .forEach(
            gate ->
                findings.add(
                    Rule.UNUSED_GATE,
                    findings.at("gates/" + gate),
                    "no step has the gate " + gate,
                    "name it in the step behind which it stands, or take it out"));
    plan.rotations().values().stream()
        .filter(
            rotation ->
                expressions.stream().noneMatch(e -> e.contains("rotation." + rotation.name())))
        .forEach(
            rotation ->
                findings.add(
                    Rule.UNUSED_ROTATION,
                    rotation.where(),
                    "no expression reads rotation." + rotation.name(),
                    "write the value where it is durable: ${has(rotation."
                        + rotation.name()
                        + ") ? rotation."
                        + rotation.name()
                        + " : omit()}"));
    inputs("host");
    inputs("member");
  }

  private void objects() {
    Set<String> named = new HashSet<>();
    plan.steps().stream().map(StepSpec::touches).forEach(named::addAll);
    plan.writers().forEach(writer -> named.add(writer.reads()));
    plan.roster().ifPresent(roster -> named.add(roster.list()));
    for (ObjectSpec object : plan.objects().values()) {
      if (!named.contains(object.name()) && !read(object.name())) {
        findings.add(
            Rule.UNUSED_OBJECT,
            object.where(),
            "nothing reads or writes the object " + object.name(),
            "take it out, or name it in an expression");
      }
    }
  }

  private void documents(ObjectSpec object) {
    for (String document : object.rules().documents().keySet()) {
      boolean declared =
          plan.steps().stream()
              .flatMap(
                  step -> java.util.stream.Stream.of(step.ensure(), step.create(), step.initial()))
              .flatMap(fields -> java.util.Optional.ofNullable(fields.get(object.name())).stream())
              .anyMatch(fields -> fields.entries().containsKey(document));
      if (!declared && !read(document)) {
        findings.add(
            Rule.UNUSED_DOCUMENT,
            findings.at("objects/" + object.name() + "/documents/" + document),
            "nothing looks into the document " + document + " of " + object.name(),
            "take it out, or read and declare fields in it");
      }
    }
  }

  private void inputs(String role) {
    plan.inputs()
        .path(role)
        .path("properties")
        .fieldNames()
        .forEachRemaining(
            key -> {
              boolean ruled = plan.rules().stream().anyMatch(rule -> rule.key().equals(key));
              if (!ruled && !read(key)) {
                findings.add(
                    Rule.UNUSED_INPUT,
                    findings.at("inputs/" + role + "/properties/" + key),
                    "no expression reads the key " + key + " of the " + role,
                    "take it out, or read it as " + role + "." + key);
              }
            });
  }

  /** Whether it stands behind a dot, or as an index. */
  private boolean read(String name) {
    Pattern form =
        Pattern.compile(
            "\\.\\??" + Pattern.quote(name) + "\\b|['\"]" + Pattern.quote(name) + "['\".]");
    return expressions.stream().anyMatch(expression -> form.matcher(expression).find());
  }

  private boolean bare(String name) {
    Pattern form = Pattern.compile("\\b" + Pattern.quote(name) + "\\b");
    return expressions.stream().anyMatch(expression -> form.matcher(expression).find());
  }
}
