package dev.muster.lint;

import dev.muster.plan.Plan;
import dev.muster.problem.Problems;
import dev.muster.yaml.YamlNode;
import dev.muster.yaml.YamlReader;
import java.util.Comparator;
import java.util.List;

/** Looks at a plan file that compiles. */
public final class Linter {
  private Linter() {}

  /**
   * All that is worth a look, from top to bottom.
   *
   * @param file how findings name it
   * @param text of which the plan was made
   */
  public static List<Finding> look(String file, String text, Plan plan) {
    YamlNode document = YamlReader.read(file, text, new Problems()).orElseThrow();
    Findings findings = new Findings(plan, document);
    new Conditions(findings).look();
    new Uses(findings).look();
    new Grants(findings).look();
    new Values(findings).look();
    return new Exceptions(file, text)
        .without(findings.all()).stream()
            .sorted(
                Comparator.<Finding>comparingInt(finding -> finding.where().line())
                    .thenComparingInt(finding -> finding.where().column())
                    .thenComparing(Finding::rule))
            .toList();
  }
}
