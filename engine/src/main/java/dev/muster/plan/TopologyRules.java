package dev.muster.plan;

import dev.muster.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the sections of a plan that are about topologies and about what runs out. */
final class TopologyRules {
  private final Scribe host;
  private final Scribe member;

  TopologyRules(Scribe host, Scribe member) {
    this.host = host;
    this.member = member;
  }

  List<RuleSpec> rules(Optional<YamlNode> section) {
    List<RuleSpec> rules = new ArrayList<>();
    for (YamlNode node : Scribe.elements(section)) {
      boolean ofHost = ofHost(node);
      Scribe scribe = ofHost ? host : member;
      RuleSpec.Kind kind =
          node.child("needs").isPresent()
              ? RuleSpec.Kind.NEEDS
              : node.child("refuses").isPresent()
                  ? RuleSpec.Kind.REFUSES
                  : node.child("that").isPresent() ? RuleSpec.Kind.THAT : RuleSpec.Kind.NOTE;
      rules.add(
          new RuleSpec(
              ofHost,
              node.child("when").map(scribe::bool),
              kind,
              Scribe.text(node, "needs").or(() -> Scribe.text(node, "refuses")).orElse(""),
              node.child("that").map(scribe::bool),
              scribe.template(node, kind == RuleSpec.Kind.NOTE ? "note" : "message"),
              node.child("hint").map(scribe::template),
              node.where()));
    }
    return rules;
  }

  List<ExpirySpec> expiries(Optional<YamlNode> section) {
    List<ExpirySpec> expiries = new ArrayList<>();
    for (YamlNode node : Scribe.elements(section)) {
      boolean ofHost = ofHost(node);
      Scribe scribe = ofHost ? host : member;
      expiries.add(
          new ExpirySpec(
              ofHost,
              Scribe.needed(node, "title"),
              scribe.template(node, "at"),
              scribe.template(node, "hint")));
    }
    return expiries;
  }

  private static boolean ofHost(YamlNode node) {
    return Scribe.needed(node, "on").equals("host");
  }
}
