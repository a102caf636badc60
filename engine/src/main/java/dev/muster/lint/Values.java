package dev.muster.lint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.desired.Sensitivity;
import dev.muster.expression.Reference;
import dev.muster.expression.Template;
import dev.muster.plan.DeclaredTemplate;
import dev.muster.plan.GateSpec;
import dev.muster.plan.ObjectSource;
import dev.muster.plan.ObjectSpec;
import dev.muster.plan.Plan;
import dev.muster.plan.Probe;
import dev.muster.plan.ReadyTerm;
import dev.muster.plan.RuleSpec;
import dev.muster.plan.StepSpec;
import dev.muster.plan.Subjects;
import dev.muster.resource.FieldPath;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Where values come from, where they go, and who takes them away again. */
final class Values {
  private final Findings findings;
  private final Plan plan;
  private final Sensitivity sensitivity;

  Values(Findings findings) {
    this.findings = findings;
    this.plan = findings.plan();
    this.sensitivity = new Sensitivity(plan);
  }

  void look() {
    for (StepSpec step : plan.steps()) {
      step.contentTemplates().forEach(template -> unguarded(step, template));
      for (Map<String, DeclaredTemplate.Fields> part :
          List.of(step.ensure(), step.create(), step.initial())) {
        part.forEach((name, fields) -> placed(step, plan.object(name), fields, ""));
      }
      step.each().forEach((name, each) -> placed(step, plan.object(name), each.ensure(), ""));
    }
    undo();
    plan.gates().values().forEach(this::told);
    plan.status()
        .forEach(
            column -> {
              told(column.host(), "the column " + column.title() + " of status");
              told(column.member(), "the column " + column.title() + " of status");
            });
    plan.doctor()
        .forEach(
            line -> {
              line.detail().ifPresent(detail -> told(detail, "a line of doctor"));
              told(line.fix(), "a line of doctor");
            });
    plan.steps()
        .forEach(
            step ->
                step.require()
                    .forEach(
                        refusal -> {
                          String where = "the refusal of step " + step.id();
                          told(refusal.message(), where);
                          refusal.hint().ifPresent(hint -> told(hint, where));
                        }));
  }

  /** A key without a default that nobody has asked for before. */
  private void unguarded(StepSpec step, Template template) {
    for (Reference reference : template.references()) {
      if (!Set.of("host", "member").contains(reference.root()) || reference.path().isEmpty()) {
        continue;
      }
      String key = reference.path().get(0);
      JsonNode role = plan.inputs().path(reference.root());
      JsonNode property = role.path("properties").path(key);
      boolean given = property.has("default") || required(role, key);
      List<String> asked = new ArrayList<>(List.of(template.source()));
      step.when().ifPresent(when -> asked.add(when.source()));
      step.require().forEach(requirement -> asked.add(requirement.that().source()));
      boolean guarded =
          asked.stream().anyMatch(text -> asks(text, reference.root(), key))
              || plan.rules().stream()
                  .anyMatch(r -> r.kind() == RuleSpec.Kind.NEEDS && r.key().equals(key));
      if (!property.isMissingNode() && !given && !guarded) {
        findings.add(
            Rule.INPUT_UNGUARDED,
            template.where(),
            "step "
                + step.id()
                + " reads "
                + reference.root()
                + "."
                + key
                + ", which a topology may leave out",
            "give it a default, ask for it in a rule (`needs: "
                + key
                + "`), or write ${has("
                + reference.root()
                + "."
                + key
                + ") ? ... : omit()}");
      }
    }
  }

  private static boolean required(JsonNode role, String key) {
    for (JsonNode each : role.path("required")) {
      if (each.asText().equals(key)) {
        return true;
      }
    }
    return false;
  }

  private static boolean asks(String text, String root, String key) {
    return text.contains("has(" + root + "." + key) || text.contains(root + ".?" + key);
  }

  /** What steps make for a member, and no step for a removed one deletes. */
  private void undo() {
    Set<String> deleted = new LinkedHashSet<>();
    plan.steps().stream()
        .filter(step -> step.subjects() == Subjects.REMOVED)
        .forEach(step -> deleted.addAll(step.delete()));
    for (StepSpec step : plan.steps()) {
      for (String object :
          step.subjects() == Subjects.MEMBERS ? step.create().keySet() : Set.<String>of()) {
        if (!deleted.contains(object)) {
          findings.add(
              Rule.UNDO_MISSING,
              step.where(),
              "step "
                  + step.id()
                  + " makes "
                  + object
                  + ", and nothing deletes it when the member leaves",
              "add a step with `forEach: removed` and `delete: [" + object + "]`");
        }
      }
    }
  }

  private void placed(StepSpec step, ObjectSpec object, DeclaredTemplate declared, String path) {
    if (declared instanceof DeclaredTemplate.Fields fields) {
      fields
          .entries()
          .forEach(
              (key, value) -> placed(step, object, value, path.isEmpty() ? key : path + "." + key));
      fields.spreads().forEach(template -> placed(step, object, template, path));
    } else if (declared instanceof DeclaredTemplate.Items items) {
      items.elements().forEach(element -> placed(step, object, element, path));
    } else if (declared instanceof DeclaredTemplate.Leaf leaf) {
      placed(step, object, leaf.template(), path);
    }
  }

  private void placed(StepSpec step, ObjectSpec object, Template template, String path) {
    if (sensitivity.of(template) && !masked(object, path)) {
      findings.add(
          Rule.SENSITIVE_UNMASKED,
          template.where(),
          "step "
              + step.id()
              + " writes something sensitive to "
              + path
              + " of "
              + object.name()
              + ", which is not called sensitive there",
          "add " + path + " to `sensitive` of the object " + object.name());
    }
  }

  private static boolean masked(ObjectSpec object, String path) {
    boolean secret =
        object.source() instanceof ObjectSource.One one && one.pattern().kind().equals("Secret");
    Stream<String> sensitive =
        Stream.concat(
            object.rules().sensitive().stream(), secret ? ofSecret(object) : Stream.<String>of());
    return sensitive.anyMatch(place -> (path + ".").startsWith(place + "."));
  }

  /** The data of a Secret, also by the names of the documents in it. */
  private static Stream<String> ofSecret(ObjectSpec object) {
    return Stream.concat(
        Stream.of("data", "stringData"),
        object.rules().documents().entrySet().stream()
            .filter(document -> document.getValue().field().startsWith(FieldPath.of("data")))
            .map(Map.Entry::getKey));
  }

  private void told(GateSpec gate) {
    String where = "gate " + gate.name();
    for (ReadyTerm term : Stream.concat(gate.ready().stream(), gate.proof().stream()).toList()) {
      told(term.waiting(), where);
    }
    for (Probe probe : Stream.concat(gate.failed().stream(), gate.why().stream()).toList()) {
      told(probe.cause(), where);
      told(probe.next(), where);
    }
    gate.progress().ifPresent(line -> told(line, where));
  }

  private void told(Template template, String where) {
    if (sensitivity.of(template)) {
      findings.add(
          Rule.SENSITIVE_TOLD,
          template.where(),
          "this text of " + where + " has something sensitive in it",
          "name the place of the value, not the value");
    }
  }
}
