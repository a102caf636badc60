package dev.muster.report;

import dev.muster.changes.Expiring;
import dev.muster.drift.ClusterReport;
import dev.muster.drift.DriftReport;
import dev.muster.drift.DriftedField;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Drift as a report of JUnit: a suite for each cluster, a test case for each differing object. What
 * differs is a failure; what could not be compared is an error.
 */
final class DriftJunit {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final DriftWords words;
  private final DriftOutcome outcome;

  /** One test case; the tag of its outcome is empty when it passed. */
  private record Case(String suite, String name, String tag, String type, String why, String text) {
    static Case passed(String suite, String name) {
      return new Case(suite, name, "", "", "", "");
    }
  }

  DriftJunit(DriftOutcome outcome, DriftWords words) {
    this.outcome = outcome;
    this.words = words;
  }

  String render() {
    DriftReport report = outcome.report();
    List<Case> all = new ArrayList<>();
    StringBuilder suites = new StringBuilder();
    Map<String, Map<String, List<DriftedField>>> objects = outcome.byCluster();
    List<Case> whole = topology(report);
    if (!whole.isEmpty()) {
      all.addAll(whole);
      suite(suites, "topology " + report.topology(), whole);
    }
    for (ClusterReport cluster : report.clusters()) {
      List<Case> cases = cases(cluster, objects.getOrDefault(cluster.name(), Map.of()));
      all.addAll(cases);
      suite(suites, cluster.name(), cases);
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites"
        + attribute("name", "muster drift " + report.topology())
        + counts(all)
        + ">\n"
        + suites
        + "</testsuites>\n";
  }

  /** What belongs to no single cluster. */
  private List<Case> topology(DriftReport report) {
    String suite = "topology " + report.topology();
    List<Case> cases = new ArrayList<>();
    int number = 0;
    for (var problem : report.problems()) {
      number++;
      String text = words.line(problem.message());
      cases.add(new Case(suite, "compared (" + number + ")", "error", "not-compared", text, text));
    }
    for (String closed : report.closedGates()) {
      int colon = closed.indexOf(": ");
      String step = colon < 0 ? closed : closed.substring(0, colon);
      String why = words.line(closed);
      cases.add(
          new Case(suite, "gate of step " + words.line(step), "failure", "not-working", why, why));
    }
    return cases;
  }

  private List<Case> cases(ClusterReport cluster, Map<String, List<DriftedField>> objects) {
    List<Case> cases = new ArrayList<>();
    cases.add(
        cluster
            .failure()
            .map(failure -> words.line(failure.message()))
            .map(why -> new Case(cluster.name(), "reachable", "error", "unreachable", why, why))
            .orElseGet(() -> Case.passed(cluster.name(), "reachable")));
    objects.forEach((ref, fields) -> cases.add(differs(cluster.name(), ref, fields)));
    for (Expiring each : outcome.report().expiring()) {
      if (each.cluster().equals(cluster.name())) {
        String what = words.line(each.what());
        String when = (each.expired() ? "expired " : "runs out ") + DriftWords.full(each.at());
        cases.add(
            new Case(
                cluster.name(),
                "valid: " + what,
                "failure",
                "expiring",
                when,
                words.line(each.next())));
      }
    }
    return cases;
  }

  private Case differs(String cluster, String ref, List<DriftedField> fields) {
    StringBuilder text = new StringBuilder("\n");
    for (DriftedField field : fields) {
      text.append(DriftWords.kind(field)).append(": ").append(words.line(field.field().path()));
      text.append("\n  declared: ").append(words.declared(field));
      text.append("\n  live:     ").append(words.live(field)).append('\n');
      words.by(field).ifPresent(by -> text.append("  by:       ").append(by).append('\n'));
      words.outlook(field).forEach(o -> text.append("  outlook:  ").append(o).append('\n'));
    }
    String why =
        DriftWords.whole(fields.get(0))
            .orElseGet(() -> DriftWords.count(fields.size(), "field differs", "fields differ"));
    return new Case(
        cluster, words.line(ref), "failure", DriftWords.kind(fields), why, text.toString());
  }

  private void suite(StringBuilder text, String name, List<Case> cases) {
    text.append("  <testsuite")
        .append(attribute("name", name))
        .append(counts(cases))
        .append(
            attribute(
                "timestamp", TIME.format(outcome.report().at().truncatedTo(ChronoUnit.SECONDS))))
        .append(">\n");
    for (Case each : cases) {
      text.append("    <testcase")
          .append(attribute("classname", each.suite()))
          .append(attribute("name", each.name()))
          .append(attribute("time", "0"));
      if (each.tag().isEmpty()) {
        text.append("/>\n");
      } else {
        text.append(">\n      <")
            .append(each.tag())
            .append(attribute("message", each.why()))
            .append(attribute("type", each.type()))
            .append('>')
            .append(Markup.escape(each.text()))
            .append("</")
            .append(each.tag())
            .append(">\n    </testcase>\n");
      }
    }
    text.append("  </testsuite>\n");
  }

  private static String counts(List<Case> cases) {
    return attribute("tests", String.valueOf(cases.size()))
        + attribute("failures", count(cases, "failure"))
        + attribute("errors", count(cases, "error"))
        + attribute("skipped", "0")
        + attribute("time", "0");
  }

  private static String count(List<Case> cases, String tag) {
    return String.valueOf(cases.stream().filter(each -> each.tag().equals(tag)).count());
  }

  private static String attribute(String name, String value) {
    return " " + name + "=\"" + Markup.escape(value) + "\"";
  }
}
