package dev.muster.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.drift.DriftReport;
import dev.muster.drift.DriftedField.Kind;

/** Drift as a message to another system: counts for a rule, and the whole report below them. */
public final class DriftNotification {
  private final Clean clean;

  public DriftNotification(Clean clean) {
    this.clean = clean;
  }

  public String render(DriftOutcome outcome) {
    DriftReport report = outcome.report();
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("apiVersion", "muster.dev/v1alpha1").put("kind", "DriftNotification");
    root.put("topology", report.topology()).put("at", report.at().toString());
    root.put("exitCode", outcome.exitCode());
    root.putObject("summary")
        .put("clusters", report.clusters().size())
        .put("unreachable", report.unreachable().size())
        .put("drift", outcome.count(Kind.DRIFT))
        .put("pending", outcome.count(Kind.PENDING))
        .put("closedGates", report.closedGates().size())
        .put("problems", report.problems().size())
        .put("expiring", report.expiring().size())
        .put("unmanaged", report.unmanaged().members().size());
    root.set("report", new DriftJson(clean).tree(report, outcome.exitCode()));
    return root + "\n";
  }
}
