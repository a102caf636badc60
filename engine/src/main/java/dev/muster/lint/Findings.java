package dev.muster.lint;

import dev.muster.plan.Plan;
import dev.muster.problem.Where;
import dev.muster.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;

/** Collects what the parts of the linter find in one plan. */
final class Findings {
  private final Plan plan;
  private final YamlNode document;
  private final List<Finding> found = new ArrayList<>();

  Findings(Plan plan, YamlNode document) {
    this.plan = plan;
    this.document = document;
  }

  Plan plan() {
    return plan;
  }

  YamlNode document() {
    return document;
  }

  /** The place of a key below {@code spec}. */
  Where at(String pointer) {
    return document.keyAt("/spec/" + pointer).map(YamlNode::where).orElse(document.where());
  }

  void add(Rule rule, Where where, String message, String next) {
    Finding finding = new Finding(rule, where, message, next);
    if (!found.contains(finding)) {
      found.add(finding);
    }
  }

  List<Finding> all() {
    return found;
  }
}
