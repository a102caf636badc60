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

/** Finds names in the expressions of a plan that mean nothing: objects, facts, topology keys. */
final class NameCheck {
  /** What the engine itself says of every cluster: its kube-system UID, context and clock. */
  static final List<String> BUILT_IN = List.of("uid", "recordedUid", "context", "clock", "name");

  private final Plan plan;
  private final JsonNode schema;
  private final Problems problems;

  NameCheck(Plan plan, JsonNode topologySchema, Problems problems) {
    this.plan = plan;
    this.schema = TopologyReader.compose(topologySchema, plan.inputs());
    this.problems = problems;
  }

  void check() {
    for (ObjectSpec object : plan.objects().values()) {
      boolean host = object.ofHost() || object.perPeer();
      free("object", object.name(), host, object.ofMember() || object.perPeer(), object.where());
    }
    plan.facts().values().stream()
        .filter(FactSpec::ofCluster)
        .forEach(fact -> free("fact", fact.name(), true, true, fact.where()));
    plan.tokens().values().forEach(this::token);
    Set<GateSpec> used = new LinkedHashSet<>();
    for (StepSpec step : plan.steps()) {
      View view = new View(step.forEachMember(), step.forEachPair(), step.on());
      step.allTemplates().forEach(template -> references(template, view));
      plan.gate(step).ifPresent(gate -> gate(gate, view));
      plan.gate(step).ifPresent(used::add);
    }
    plan.gates().values().stream()
        .filter(gate -> !used.contains(gate))
        .forEach(gate -> gate(gate, new View(true, true, On.EACH)));
    for (FactSpec fact : plan.facts().values()) {
      fact.from().forEach(template -> references(template, false, On.EACH));
      fact.require()
          .ifPresent(
              requirement -> requirement.templates().forEach(t -> references(t, false, On.EACH)));
    }
    plan.roster().ifPresent(this::roster);
    for (ObjectSpec object : plan.objects().values()) {
      if (object.source() instanceof ObjectSource.One one) {
        View view = new View(object.ofMember(), object.perPeer(), object.on());
        one.access().ifPresent(t -> references(t, view));
      }
    }
    plan.expiries()
        .forEach(
            expiry -> {
              On self = expiry.ofHost() ? On.HOST : On.MEMBER;
              references(expiry.at(), !expiry.ofHost(), self);
              references(expiry.next(), !expiry.ofHost(), self);
            });
    plan.rules().forEach(this::rule);
    plan.rotations().values().forEach(this::rotation);
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
              line.when().ifPresent(t -> references(t, !line.ofHost(), self));
              line.detail().ifPresent(t -> references(t, !line.ofHost(), self));
            });
  }

  /** One of two things with one name could not be reached, and nobody would be told. */
  private void free(String what, String name, boolean host, boolean member, Where where) {
    if (BUILT_IN.contains(name)) {
      taken(what, name, "what muster itself says of every cluster", where);
    } else if (host && schema.at("/$defs/host/properties").has(name)) {
      taken(what, name, "a key of the host in topologies", where);
    } else if (member && schema.at("/$defs/member/properties").has(name)) {
      taken(what, name, "a key of members in topologies", where);
    }
  }

  private void taken(String what, String name, String by, Where where) {
    problems.error(
        where,
        "the " + what + " \"" + name + "\" has the name of " + by,
        "give it another name",
        "host.X, member.X and self.X are keys of the topology, objects and facts alike");
  }

  private void token(TokenSpec token) {
    free("token", token.name(), token.ofHost(), token.ofMember(), token.where());
    if (plan.objects().containsKey(token.name()) || plan.facts().containsKey(token.name())) {
      taken("token", token.name(), "an object or a fact", token.where());
    }
    for (Template template : List.of(token.duration(), token.renew())) {
      references(template, token.on() == On.MEMBER, token.on());
      template.references().stream()
          .filter(this::isLive)
          .forEach(
              reference ->
                  problems.error(
                      template.where(reference),
                      "a token's times follow from the topology, and \""
                          + reference
                          + "\" is read from a cluster",
                      "name a key of the topology"));
    }
  }

  private void roster(RosterSpec roster) {
    references(roster.counts(), false, On.HOST);
    references(roster.name(), false, On.HOST);
    roster.uid().forEach(template -> references(template, true, On.MEMBER));
    roster
        .intake()
        .ifPresent(
            intake -> {
              intake.host().templates().forEach(t -> references(t, false, On.HOST));
              intake.member().templates().forEach(t -> references(t, true, On.MEMBER));
            });
  }

  private void rule(RuleSpec rule) {
    On self = rule.ofHost() ? On.HOST : On.MEMBER;
    for (Template template : rule.templates()) {
      references(template, !rule.ofHost(), self);
      template.references().stream()
          .filter(this::isLive)
          .forEach(
              reference ->
                  problems.error(
                      template.where(reference),
                      "a rule sees the topology only, and \""
                          + reference
                          + "\" is read from a cluster",
                      "make it a requirement (`require`) of a step"));
    }
    if (!rule.key().isEmpty()
        && !schema
            .at("/$defs/" + (rule.ofHost() ? "host" : "member") + "/properties")
            .has(rule.key())) {
      problems.error(
          rule.where(),
          "no topology has the key \"" + rule.key() + "\"",
          "name a key under inputs, or one of the engine's own");
    }
  }

  private boolean isLive(Reference reference) {
    String name = reference.path().isEmpty() ? "" : reference.path().get(0);
    return plan.facts().containsKey(reference.root())
        || plan.facts().containsKey(name)
        || plan.objects().containsKey(name)
        || !reference.root().equals("topology") && List.of("uid", "clock").contains(name);
  }

  private void rotation(RotationSpec rotation) {
    List<Template> ofHost = new ArrayList<>(rotation.notes());
    ofHost.addAll(List.of(rotation.durable(), rotation.ofHost(), rotation.window()));
    rotation.require().forEach(r -> ofHost.addAll(r.templates()));
    ofHost.forEach(template -> references(template, false, On.HOST));
    references(rotation.ofMember(), true, On.MEMBER);
  }

  private void gate(GateSpec gate, View view) {
    List<Template> templates = new ArrayList<>();
    List<ReadyTerm> terms = new ArrayList<>(gate.ready());
    terms.addAll(gate.proof());
    terms.forEach(term -> templates.addAll(List.of(term.that(), term.waiting())));
    List<Probe> probes = new ArrayList<>(gate.failed());
    probes.addAll(gate.why());
    probes.forEach(p -> templates.addAll(List.of(p.when(), p.cause(), p.next())));
    gate.stable().ifPresent(stable -> templates.add(stable.value()));
    gate.progress().ifPresent(templates::add);
    templates.forEach(template -> references(template, view));
  }

  /** What expressions see at a place: a member, two clusters, and what {@code self} is. */
  private record View(boolean member, boolean pair, On self) {}

  private void references(Template template, boolean hasMember, On self) {
    references(template, new View(hasMember, false, self));
  }

  private void references(Template template, View view) {
    On self = view.self();
    Set<Reference> issued = template.issued();
    for (Reference reference : template.references()) {
      Where where = template.where(reference);
      if (reference.root().equals("member") && !view.member()) {
        problems.error(
            where,
            "there is no member here, as the step is not for a member",
            view.pair()
                ? "use self, where the step writes, or peer, which it is about"
                : "use host, or let the step say `forEach: member`");
        continue;
      }
      if (reference.root().equals("peer") && !view.pair()) {
        problems.error(
            where,
            "there is no peer here, as the step is not for pairs of clusters",
            "use host or member, or let the step say `on: each` and `forEach: pair`");
        continue;
      }
      if (reference.path().isEmpty()) {
        continue;
      }
      String name = reference.path().get(0);
      if (issued.contains(reference) && !plan.tokens().containsKey(name)) {
        noToken(reference, where);
        continue;
      }
      switch (reference.root()) {
        case "host" -> known("host", name, names(true, false), where);
        case "member" -> known("member", name, names(false, true), where);
        case "self", "peer" -> {
          boolean peer = reference.root().equals("peer");
          Set<String> names = names(peer || self != On.MEMBER, peer || self != On.HOST);
          names.addAll(view.pair() ? perPeer() : List.of());
          known(reference.root(), name, names, where);
        }
        case "topology" -> known("topology", name, List.of("name", "host", "members"), where);
        case "item" -> {}
        case "rotation" -> known("rotation", name, plan.rotations().keySet(), where);
        case "step" -> known("step", name, List.of("changed", "started", "wrote"), where);
        default -> {}
      }
    }
  }

  private void noToken(Reference reference, Where where) {
    Set<String> tokens = plan.tokens().keySet();
    problems.error(
        where,
        "\"" + reference + "\" is no token, and nothing else can be issued",
        tokens.isEmpty()
            ? "add it to a section `tokens`"
            : Suggestion.closest(reference.path().get(0), tokens)
                .map(close -> "did you mean " + reference.root() + "." + close + "?")
                .orElse("the tokens are: " + String.join(", ", tokens)));
  }

  private List<String> perPeer() {
    return plan.objects().values().stream()
        .filter(ObjectSpec::perPeer)
        .map(ObjectSpec::name)
        .toList();
  }

  private Set<String> names(boolean host, boolean member) {
    Set<String> names = new LinkedHashSet<>();
    plan.objects().values().stream()
        .filter(object -> host && object.ofHost() || member && object.ofMember())
        .forEach(object -> names.add(object.name()));
    plan.facts().values().stream()
        .filter(FactSpec::ofCluster)
        .forEach(fact -> names.add(fact.name()));
    plan.tokens().values().stream()
        .filter(token -> host && token.ofHost() || member && token.ofMember())
        .forEach(token -> names.add(token.name()));
    names.addAll(BUILT_IN);
    if (host) {
      schema.at("/$defs/host/properties").fieldNames().forEachRemaining(names::add);
    }
    if (member) {
      schema.at("/$defs/member/properties").fieldNames().forEachRemaining(names::add);
    }
    names.remove("access");
    return names;
  }

  private void known(String root, String name, Collection<String> allowed, Where where) {
    if (allowed.contains(name)) {
      return;
    }
    if (perPeer().contains(name)) {
      problems.error(
          where,
          "there is a \"" + name + "\" for each other cluster, and no other one is meant here",
          "name it as self." + name + " or peer." + name + " in a step with `forEach: pair`");
      return;
    }
    problems.error(
        where,
        "\"" + root + "\" has no \"" + name + "\"",
        Suggestion.closest(name, allowed)
            .map(close -> "did you mean " + root + "." + close + "?")
            .orElse("it has: " + String.join(", ", allowed)));
  }
}
