package dev.muster.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.expression.Reference;
import dev.muster.expression.Template;
import dev.muster.problem.Problems;
import dev.muster.problem.Suggestion;
import dev.muster.problem.Where;
import dev.muster.topology.TopologyReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Finds names in a plan that mean nothing: objects, gates, steps, facts and topology keys. */
final class NameCheck {
  /** What the engine itself says of every cluster: its kube-system UID, context and clock. */
  static final List<String> BUILT_IN = List.of("uid", "context", "clock", "name");

  private final Plan plan;
  private final JsonNode schema;
  private final Problems problems;

  NameCheck(Plan plan, JsonNode topologySchema, Problems problems) {
    this.plan = plan;
    this.schema = TopologyReader.compose(topologySchema, plan.inputs());
    this.problems = problems;
  }

  void check() {
    List<String> stepIds = plan.steps().stream().map(StepSpec::id).toList();
    for (StepSpec step : plan.steps()) {
      step.allTemplates()
          .forEach(template -> references(template, step.forEachMember(), step.on()));
      step.after().forEach(id -> known("step", id, stepIds, step.where()));
      step.writes().forEach(name -> known("object", name, plan.objects().keySet(), step.where()));
      step.writes().forEach(name -> writable(step, name));
      step.restart()
          .ifPresent(
              restart ->
                  restart
                      .dependsOn()
                      .forEach(name -> known("object", name, step.writes(), step.where())));
      step.gate().ifPresent(name -> known("gate", name, plan.gates().keySet(), step.where()));
      plan.gate(step).ifPresent(gate -> gate(gate, step));
      if (step.on() == On.MEMBER && !step.forEachMember()) {
        problems.error(
            step.where(),
            "step \"" + step.id() + "\" works on a member but not on which",
            "add `forEach: member`");
      }
      if (step.writes().isEmpty() && step.manifests().isEmpty() && step.gate().isEmpty()) {
        problems.error(
            step.where(),
            "step \"" + step.id() + "\" does nothing",
            "give it ensure, create, manifests or a gate");
      }
    }
    for (FactSpec fact : plan.facts().values()) {
      fact.from().forEach(template -> references(template, false, On.EACH));
      fact.after().ifPresent(id -> known("step", id, stepIds, fact.where()));
      if (plan.objects().containsKey(fact.name())) {
        problems.error(fact.where(), "\"" + fact.name() + "\" is an object's name already");
      }
    }
    for (WriterSpec writer : plan.writers()) {
      Set<String> names = new LinkedHashSet<>(writer.renders());
      names.add(writer.reads());
      names.forEach(name -> known("object", name, plan.objects().keySet(), Where.nowhere()));
    }
    plan.status()
        .forEach(
            column -> {
              references(column.host(), false, On.HOST);
              references(column.member(), true, On.MEMBER);
            });
    plan.doctor()
        .forEach(
            line -> {
              On self = line.ofHost() ? On.HOST : On.MEMBER;
              references(line.that(), !line.ofHost(), self);
              references(line.fix(), !line.ofHost(), self);
              line.detail().ifPresent(t -> references(t, !line.ofHost(), self));
            });
  }

  private void gate(GateSpec gate, StepSpec step) {
    List<Template> templates = new ArrayList<>();
    List<ReadyTerm> terms = new ArrayList<>(gate.ready());
    terms.addAll(gate.proof());
    terms.forEach(term -> templates.addAll(List.of(term.that(), term.waiting())));
    List<Probe> probes = new ArrayList<>(gate.failed());
    probes.addAll(gate.why());
    probes.forEach(p -> templates.addAll(List.of(p.when(), p.cause(), p.next())));
    gate.stable().ifPresent(stable -> templates.add(stable.value()));
    gate.progress().ifPresent(templates::add);
    templates.forEach(template -> references(template, step.forEachMember(), step.on()));
  }

  private void writable(StepSpec step, String name) {
    ObjectSpec object = plan.objects().get(name);
    if (object == null) {
      return;
    }
    boolean right =
        step.on() == On.HOST
            ? object.ofHost()
                || (object.perMember() && object.on() == On.HOST && step.forEachMember())
            : object.on() != On.HOST;
    if (!right || !(object.source() instanceof ObjectSource.One one) || one.through().isPresent()) {
      problems.error(
          step.where(),
          "step \"" + step.id() + "\" cannot write \"" + name + "\"",
          "the object has to be a single one in the cluster that the step works on");
    }
  }

  private void references(Template template, boolean hasMember, On self) {
    for (Reference reference : template.references()) {
      if (reference.root().equals("member") && !hasMember) {
        problems.error(
            template.where(),
            "there is no member here",
            "use host, or let the step say `forEach: member`");
        continue;
      }
      if (reference.path().isEmpty()) {
        continue;
      }
      String name = reference.path().get(0);
      switch (reference.root()) {
        case "host" -> known("name of host", name, names(true, false), template.where());
        case "member" -> known("name of member", name, names(false, true), template.where());
        case "self" ->
            known(
                "name of self", name, names(self != On.MEMBER, self != On.HOST), template.where());
        case "topology" ->
            known("name of topology", name, List.of("name", "host", "members"), template.where());
        case "step" -> known("name of step", name, List.of("changed", "started"), template.where());
        default -> {}
      }
    }
  }

  private Collection<String> names(boolean host, boolean member) {
    Set<String> names = new LinkedHashSet<>(BUILT_IN);
    if (host) {
      schema.at("/$defs/host/properties").fieldNames().forEachRemaining(names::add);
    }
    if (member) {
      schema.at("/$defs/member/properties").fieldNames().forEachRemaining(names::add);
    }
    names.remove("access");
    plan.facts().values().stream()
        .filter(FactSpec::ofCluster)
        .forEach(fact -> names.add(fact.name()));
    plan.objects().values().stream()
        .filter(object -> host && object.ofHost() || member && object.ofMember())
        .forEach(object -> names.add(object.name()));
    return names;
  }

  private void known(String what, String name, Collection<String> allowed, Where where) {
    if (!allowed.contains(name)) {
      problems.error(
          where,
          "unknown " + what + " \"" + name + "\"",
          Suggestion.closest(name, allowed)
              .map(close -> "did you mean " + close + "?")
              .orElse("use one of: " + String.join(", ", allowed)));
    }
  }
}
