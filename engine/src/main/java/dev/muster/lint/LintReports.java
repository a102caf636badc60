package dev.muster.lint;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;

/** Findings for programs. */
public final class LintReports {
  private LintReports() {}

  public static String json(List<Finding> findings) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    for (Finding finding : findings) {
      all.addObject()
          .put("rule", finding.rule().id())
          .put("level", finding.rule().level().word())
          .put("file", finding.where().file())
          .put("line", finding.where().line())
          .put("column", finding.where().column())
          .put("message", finding.message())
          .put("why", finding.rule().why())
          .put("next", finding.next());
    }
    return all.toPrettyString() + "\n";
  }

  /** SARIF 2.1.0, which GitHub and others show beside the lines. */
  public static String sarif(List<Finding> findings, String version) {
    ObjectNode root =
        JsonNodeFactory.instance
            .objectNode()
            .put("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
            .put("version", "2.1.0");
    ObjectNode run = root.putArray("runs").addObject();
    ObjectNode driver = run.putObject("tool").putObject("driver");
    driver.put("name", "muster plan-lint").put("version", version);
    ArrayNode rules = driver.putArray("rules");
    Arrays.stream(Rule.values())
        .forEach(
            rule ->
                rules
                    .addObject()
                    .put("id", rule.id())
                    .putObject("shortDescription")
                    .put("text", rule.why()));
    ArrayNode results = run.putArray("results");
    for (Finding finding : findings) {
      ObjectNode result = results.addObject();
      result.put("ruleId", finding.rule().id()).put("level", finding.rule().level().word());
      result.putObject("message").put("text", finding.message() + "; " + finding.next());
      ObjectNode place = result.putArray("locations").addObject().putObject("physicalLocation");
      place.putObject("artifactLocation").put("uri", finding.where().file());
      place
          .putObject("region")
          .put("startLine", Math.max(1, finding.where().line()))
          .put("startColumn", Math.max(1, finding.where().column()));
    }
    return root.toPrettyString() + "\n";
  }
}
