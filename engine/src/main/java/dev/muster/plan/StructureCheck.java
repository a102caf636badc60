package dev.muster.plan;

import dev.muster.expression.Template;
import dev.muster.problem.Problems;
import dev.muster.problem.Suggestion;
import dev.muster.problem.Where;
import dev.muster.yaml.YamlNode;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds steps, gates and objects that a plan names outside of expressions and does not have. */
final class StructureCheck {
  private final Plan plan;
  private final YamlNode spec;
  private final Problems problems;

  /**
   * @param plan its steps in the order of the file
   * @param spec where they are written
   */
  StructureCheck(Plan plan, YamlNode spec, Problems problems) {
    this.plan = plan;
    this.spec = spec;
    this.problems = problems;
  }

  void check() {
    for (int i = 0; i < plan.steps().size(); i++) {
      step(plan.steps().get(i), "/steps/" + i);
    }
    List<String> ids = ids();
    for (FactSpec fact : plan.facts().values()) {
      fact.after()
          .ifPresent(
              id -> known("step", id, ids, place("/facts/" + segment(fact.name()) + "/after")));
      if (plan.objects().containsKey(fact.name())) {
        problems.error(
            fact.where(),
            "a fact and an object are both called \"" + fact.name() + "\"",
            "give the fact another name");
      }
    }
    plan.objects().values().forEach(this::restored);
    plan.objects().values().forEach(this::accessed);
    plan.objects().values().forEach(this::peered);
    for (int i = 0; i < plan.writers().size(); i++) {
      WriterSpec writer = plan.writers().get(i);
      object(writer.reads(), "/writers/" + i + "/reads");
      for (int j = 0; j < writer.renders().size(); j++) {
        object(writer.renders().get(j), "/writers/" + i + "/renders/" + j);
      }
    }
  }

  /** One for each other cluster is somewhere in every cluster, under a name of its own. */
  private void peered(ObjectSpec object) {
    String at = "/objects/" + segment(object.name());
    Optional<ObjectSource.One> one =
        object.source() instanceof ObjectSource.One source ? Optional.of(source) : Optional.empty();
    boolean named = one.filter(source -> names(source.name(), "peer")).isPresent();
    boolean keyed = object.keys().values().stream().anyMatch(key -> names(key, "peer"));
    if (object.perPeer() && object.on() != On.EACH) {
      problems.error(
          place(at + "/forEach"),
          "there is one for each other cluster in every cluster",
          "write `on: each`");
    } else if (object.perPeer() && !named) {
      problems.error(
          object.where(),
          "all objects \"" + object.name() + "\" of a cluster would be one and the same",
          "let the name in `ref` follow from the other cluster: ${peer.name}");
    } else if (!object.perPeer() && (named || keyed)) {
      problems.error(
          place(at + (named ? "/ref" : "/documents")),
          "there is no peer here, as \"" + object.name() + "\" is not for each other cluster",
          "write `on: each` and `forEach: peer`");
    }
  }

  private static boolean names(Template template, String root) {
    return template.references().stream().anyMatch(r -> r.root().equals(root));
  }

  /** What is restored has to be remembered, and what is sensitive must not be. */
  private void accessed(ObjectSpec object) {
    String at = "/objects/" + segment(object.name());
    boolean plain = spec.at(at + "/ref").isPresent() && spec.at(at + "/through").isEmpty();
    if (spec.at(at + "/access").isPresent() && !plain) {
      problems.error(
          place(at + "/access"),
          "`access` is for one object that is named with `ref` and not seen `through` a Service",
          "take it out, or name one object");
    }
  }

  private void restored(ObjectSpec object) {
    List<String> paths = object.rules().restore();
    for (int i = 0; i < paths.size(); i++) {
      String path = paths.get(i);
      boolean secret =
          object.rules().sensitive().stream()
              .anyMatch(s -> (s + ".").startsWith(path + ".") || (path + ".").startsWith(s + "."));
      if (secret) {
        problems.error(
            place("/objects/" + segment(object.name()) + "/restore/" + i),
            path + " is sensitive, so it is not remembered and cannot be restored",
            "take it out; it is then removed when nothing declares it any more");
      }
    }
  }

  private List<String> ids() {
    return plan.steps().stream().map(StepSpec::id).toList();
  }

  private void step(StepSpec step, String at) {
    List<String> ids = ids();
    if (step.id().startsWith(StepSpec.TAKE_BACK)) {
      problems.error(
          step.where(),
          "the step id \"" + step.id() + "\" belongs to muster",
          "ids that begin with " + StepSpec.TAKE_BACK + " are for steps that no plan file has");
    }
    for (int i = 0; i < step.after().size(); i++) {
      Where where = place(at + "/after/" + i);
      if (step.after().get(i).equals(step.id())) {
        problems.error(where, "step \"" + step.id() + "\" cannot wait for itself", "take it out");
      } else {
        known("step", step.after().get(i), ids, where);
      }
    }
    step.gate().ifPresent(name -> known("gate", name, plan.gates().keySet(), place(at + "/gate")));
    step.ensure()
        .keySet()
        .forEach(name -> written(step, name, key(at + "/ensure/" + segment(name))));
    step.create()
        .keySet()
        .forEach(name -> written(step, name, key(at + "/create/" + segment(name))));
    for (String name : step.initial().keySet()) {
      if (!step.create().containsKey(name)) {
        problems.error(
            key(at + "/initial/" + segment(name)),
            "step \"" + step.id() + "\" does not create \"" + name + "\"",
            "`initial` is what an object is made with that the step also names under `create`");
      }
    }
    for (int i = 0; i < step.delete().size(); i++) {
      written(step, step.delete().get(i), place(at + "/delete/" + i));
    }
    step.each().keySet().forEach(name -> listed(step, name, key(at + "/each/" + segment(name))));
    step.restart().ifPresent(restart -> restart(step, restart, at + "/restart"));
    place(step);
    boolean shaped =
        Stream.of("ensure", "create", "each", "delete")
            .allMatch(key -> spec.at(at + "/" + key).isEmpty());
    if (shaped
        && step.touches().isEmpty()
        && step.manifests().isEmpty()
        && spec.at(at + "/gate").isEmpty()) {
      problems.error(
          step.where(),
          "step \"" + step.id() + "\" does nothing",
          "give it one of: ensure, create, each, delete, manifests, restart, gate");
    }
  }

  /** Whether it is clear in which clusters it works. */
  private void place(StepSpec step) {
    if (step.on() == On.MEMBER && !step.forEachMember() && !step.forEachPair()) {
      problems.error(
          step.where(),
          "step \"" + step.id() + "\" works on a member but does not say on which",
          "add `forEach: member`, or `forEach: removed` for members that are taken out");
    } else if ((step.on() == On.EACH) != step.forEachPair()) {
      problems.error(
          step.where(),
          "step \"" + step.id() + "\" does not say for which clusters it is",
          "`on: each` and `forEach: pair` (or `removedPair`) belong together");
    } else if (step.forEachPair() && (step.manifests().isPresent() || !step.each().isEmpty())) {
      problems.error(
          step.where(),
          "step \"" + step.id() + "\" would do the same for each other cluster",
          "`manifests` and `each` belong into a step with `forEach: member`, or of the host");
    }
  }

  private void restart(StepSpec step, RestartSpec restart, String at) {
    written(step, restart.object(), place(at + "/object"));
    for (int i = 0; i < restart.dependsOn().size(); i++) {
      String name = restart.dependsOn().get(i);
      Where where = place(at + "/for/" + i);
      if (!plan.objects().containsKey(name)) {
        object(name, at + "/for/" + i);
      } else if (!step.ensure().containsKey(name) && !step.create().containsKey(name)) {
        problems.error(
            where,
            "step \"" + step.id() + "\" does not write \"" + name + "\"",
            "`for` names what the step ensures or creates");
      }
    }
  }

  private void written(StepSpec step, String name, Where where) {
    ObjectSpec object = plan.objects().get(name);
    if (object == null) {
      known("object", name, plan.objects().keySet(), where);
      return;
    }
    whyNot(step, object)
        .ifPresent(
            reason ->
                problems.error(
                    where, "step \"" + step.id() + "\" cannot write \"" + name + "\"", reason));
  }

  private void listed(StepSpec step, String name, Where where) {
    ObjectSpec object = plan.objects().get(name);
    if (object == null) {
      known("object", name, plan.objects().keySet(), where);
    } else if (!(object.source() instanceof ObjectSource.All)) {
      problems.error(
          where,
          "\"" + name + "\" is no list, so step \"" + step.id() + "\" cannot go through it",
          "name an object that has `list`, or use `ensure` for a single one");
    } else {
      elsewhere(step, object)
          .ifPresent(
              reason ->
                  problems.error(
                      where, "step \"" + step.id() + "\" cannot write \"" + name + "\"", reason));
    }
  }

  private static Optional<String> whyNot(StepSpec step, ObjectSpec object) {
    if (object.source() instanceof ObjectSource.All) {
      return Optional.of("it is a list; name one object with `ref`");
    }
    if (!(object.source() instanceof ObjectSource.One one)) {
      return Optional.of("it is a log, which can only be read");
    }
    if (one.through().isPresent()) {
      return Optional.of("it is seen through a Service, which is for reading only");
    }
    if (one.access().isPresent()) {
      return Optional.of("it is seen with a kubeconfig of its own, which is for reading only");
    }
    if (object.perMember() && !step.forEachMember()) {
      return Optional.of("there is one for each member; add `forEach: member` to the step");
    }
    if (object.perPeer() != step.forEachPair()) {
      return Optional.of(
          object.perPeer()
              ? "there is one for each other cluster; let the step say `forEach: pair`"
              : "each pair would write the same one; let the object say `forEach: peer`");
    }
    return elsewhere(step, object);
  }

  /** Why the object is not in the cluster that the step works on; empty when it is. */
  private static Optional<String> elsewhere(StepSpec step, ObjectSpec object) {
    if (step.on() == On.HOST && object.on() == On.MEMBER) {
      return Optional.of("it lives on members, and the step works on the host");
    }
    return step.on() == On.MEMBER && object.on() == On.HOST
        ? Optional.of("it lives on the host, and the step works on a member")
        : Optional.empty();
  }

  private void object(String name, String at) {
    known("object", name, plan.objects().keySet(), place(at));
  }

  private void known(String what, String name, Collection<String> allowed, Where where) {
    if (allowed.contains(name)) {
      return;
    }
    problems.error(
        where,
        "there is no " + what + " \"" + name + "\"",
        Suggestion.closest(name, allowed)
            .map(close -> "did you mean " + close + "?")
            .orElse(
                allowed.isEmpty()
                    ? "the plan has no " + what + "s"
                    : "use one of: " + String.join(", ", allowed)));
  }

  private static String segment(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }

  private Where place(String pointer) {
    return spec.at(pointer).map(YamlNode::where).orElse(spec.where());
  }

  private Where key(String pointer) {
    return spec.keyAt(pointer).map(YamlNode.Scalar::where).orElse(spec.where());
  }
}
