package dev.muster.plan;

import dev.muster.problem.Problems;
import dev.muster.problem.Where;
import dev.muster.yaml.YamlNode;

/**
 * Finds what a plan does and does not say that it may. Names that follow from a topology are looked
 * at when they are known, before each request.
 */
final class AllowsCheck {
  private final Plan plan;
  private final Allows allows;
  private final YamlNode spec;
  private final Problems problems;

  /**
   * @param plan its steps in the order of the file
   * @param spec where they are written
   */
  AllowsCheck(Plan plan, Allows allows, YamlNode spec, Problems problems) {
    this.plan = plan;
    this.allows = allows;
    this.spec = spec;
    this.problems = problems;
  }

  void check() {
    for (PlanUses.Found found : PlanUses.of(plan)) {
      if (!allows.allow(found.use())) {
        problems.error(
            where(found),
            "not in `allows`: " + found.use(),
            "take it out, or add to " + found.use().entry());
      }
    }
  }

  private Where where(PlanUses.Found found) {
    if (found.below().isEmpty()) {
      return found.where();
    }
    return spec.keyAt(found.below())
        .<YamlNode>map(key -> key)
        .or(() -> spec.at(found.below()))
        .map(YamlNode::where)
        .orElse(found.where());
  }
}
