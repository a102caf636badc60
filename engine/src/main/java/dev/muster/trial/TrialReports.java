package dev.muster.trial;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.report.Markup;
import java.util.List;
import java.util.Locale;

/** Results for programs. */
public final class TrialReports {
  private static final double BILLION = 1e9;

  private TrialReports() {}

  /** What was found of one plan. */
  public static ObjectNode json(List<CaseResult> results, Coverage coverage) {
    ObjectNode root = JsonNodeFactory.instance.objectNode().put("plan", coverage.plan());
    root.put("cases", results.size());
    root.put("failed", results.stream().filter(result -> !result.passed()).count());
    ArrayNode all = root.putArray("results");
    for (CaseResult result : results) {
      ObjectNode one = all.addObject().put("case", result.file().name());
      one.put("file", result.file().file().toString());
      one.put("passed", result.passed());
      one.put("milliseconds", result.nanos() / 1_000_000);
      ArrayNode differences = one.putArray("differences");
      for (CaseResult.Ran ran : result.stages()) {
        for (Mismatch mismatch : ran.mismatches()) {
          ObjectNode difference = differences.addObject();
          difference.put("file", mismatch.where().file());
          difference.put("line", mismatch.where().line());
          difference.put("column", mismatch.where().column());
          difference.put("stage", ran.stage().name());
          ArrayNode path = difference.putArray("path");
          mismatch.path().forEach(path::add);
          mismatch.expected().ifPresent(text -> difference.put("expected", text));
          mismatch.found().ifPresent(text -> difference.put("found", text));
        }
      }
    }
    ObjectNode covered = root.putObject("coverage");
    coverage
        .counts()
        .forEach(
            (kind, count) -> covered.putObject(kind).put("reached", count[0]).put("of", count[1]));
    ArrayNode missing = root.putArray("unreached");
    coverage
        .missing()
        .forEach(part -> missing.addObject().put("kind", part.kind()).put("what", part.text()));
    return root;
  }

  /** As Jenkins, GitLab and others read it. */
  public static String junit(List<CaseResult> results) {
    long failed = results.stream().filter(result -> !result.passed()).count();
    StringBuilder out = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.append("<testsuite name=\"muster plan-test\" tests=\"")
        .append(results.size())
        .append("\" failures=\"")
        .append(failed)
        .append("\" errors=\"0\">\n");
    TrialText text = new TrialText(dev.muster.report.Style.PLAIN);
    for (CaseResult result : results) {
      out.append("  <testcase name=\"")
          .append(Markup.escape(result.file().name()))
          .append("\" file=\"")
          .append(Markup.escape(result.file().file().toString()))
          .append("\" time=\"")
          .append(String.format(Locale.ROOT, "%.3f", result.nanos() / BILLION))
          .append(result.passed() ? "\"/>\n" : "\">\n");
      if (!result.passed()) {
        out.append("    <failure message=\"")
            .append(result.mismatches().size())
            .append(" not as expected\">")
            .append(Markup.escape(text.text(result)))
            .append("</failure>\n  </testcase>\n");
      }
    }
    return out.append("</testsuite>\n").toString();
  }
}
