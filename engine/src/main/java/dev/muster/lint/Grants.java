package dev.muster.lint;

import dev.muster.plan.Allows;
import dev.muster.plan.Allows.Grant;
import dev.muster.plan.Allows.Kind;
import dev.muster.plan.Allows.Place;
import dev.muster.plan.Allows.Use;
import dev.muster.plan.Allows.Verb;
import dev.muster.plan.Plan;
import dev.muster.plan.PlanUses;
import dev.muster.yaml.YamlNode;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a plan says that it may touch and never does. A name that follows from a topology may be any
 * one; where a topology brings objects of its own, nothing is known, and nothing is found.
 */
final class Grants {
  private final Findings findings;
  private final Plan plan;

  Grants(Findings findings) {
    this.findings = findings;
    this.plan = findings.plan();
  }

  void look() {
    plan.allows().ifPresent(this::look);
  }

  private void look(Allows allows) {
    List<Use> uses = PlanUses.possible(plan);
    List<Place> anything = PlanUses.anything(plan);
    for (Place place : Place.values()) {
      List<Use> there = uses.stream().filter(use -> use.place() == place).toList();
      List<Grant> grants = anything.contains(place) ? List.of() : allows.grants(place);
      for (int i = 0; i < grants.size(); i++) {
        look(grants.get(i), there, "allows/" + place.key() + "/" + i);
      }
    }
  }

  private void look(Grant grant, List<Use> uses, String at) {
    if (useless(grant, uses)) {
      found(at, "nothing in the plan does this: " + grant.words());
      return;
    }
    for (int i = 0; i < grant.kinds().size(); i++) {
      Kind kind = grant.kinds().get(i);
      if (useless(with(grant, List.of(kind), grant.verbs()), uses)) {
        found(at + "/kinds/" + i, "nothing in the plan does this to " + kind);
      }
    }
    for (Verb verb : grant.verbs()) {
      if (useless(with(grant, grant.kinds(), EnumSet.of(verb)), uses)) {
        found(
            at + "/verbs/" + position(at, verb),
            "nothing in the plan needs " + verb.key() + " here");
      }
    }
    for (int i = 0; i < grant.namespaces().size(); i++) {
      String one = grant.namespaces().get(i);
      if (useless(new Grant(grant.kinds(), List.of(one), grant.names(), grant.verbs()), uses)) {
        found(at + "/namespaces/" + i, "nothing in the plan does this in namespace " + one);
      }
    }
    for (int i = 0; i < grant.names().size(); i++) {
      String one = grant.names().get(i);
      if (useless(
          new Grant(grant.kinds(), grant.namespaces(), List.of(one), grant.verbs()), uses)) {
        found(at + "/names/" + i, "nothing in the plan does this to an object named " + one);
      }
    }
  }

  private static boolean useless(Grant grant, List<Use> uses) {
    return uses.stream().noneMatch(grant::covers);
  }

  private static Grant with(Grant grant, List<Kind> kinds, Set<Verb> verbs) {
    return new Grant(kinds, grant.namespaces(), grant.names(), verbs);
  }

  /** Where in its list a verb is written. */
  private int position(String at, Verb verb) {
    List<String> written =
        findings.document().at("/spec/" + at + "/verbs").stream()
            .flatMap(list -> ((YamlNode.Sequence) list).elements().stream())
            .map(each -> each.json().asText())
            .toList();
    return written.indexOf(verb.key());
  }

  private void found(String at, String message) {
    findings.add(
        Rule.UNUSED_GRANT,
        findings.document().at("/spec/" + at).map(YamlNode::where).orElseThrow(),
        message,
        "take it out of `allows`; what a plan needs and lacks there is told when it is read");
  }
}
