package dev.muster.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.changes.FieldView;
import dev.muster.drift.DriftReport;

/** Drift for machines. */
public final class DriftJson {
  private final Clean clean;

  public DriftJson(Clean clean) {
    this.clean = clean;
  }

  public String render(DriftReport report) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("apiVersion", "muster.dev/v1alpha1").put("kind", "DriftReport");
    root.put("topology", report.topology());
    ArrayNode fields = root.putArray("fields");
    for (DriftReport.DriftedField drifted : report.fields()) {
      ObjectNode node = fields.addObject();
      FieldView field = drifted.field();
      node.put("cluster", drifted.cluster());
      node.set("ref", PlanJson.ref(drifted.ref()));
      node.put("objectGone", drifted.objectGone());
      node.put("objectUnwanted", drifted.objectUnwanted());
      node.put("path", clean.line(field.path())).put("sensitive", field.sensitive());
      if (field.released()) {
        node.put("released", true);
      }
      put(node, "declared", field.after(), field);
      put(node, "live", field.before(), field);
    }
    ArrayNode closed = root.putArray("closedGates");
    report.closedGates().forEach(text -> closed.add(clean.line(text)));
    ArrayNode unreachable = root.putArray("unreachable");
    report
        .unreachable()
        .forEach(
            state ->
                unreachable
                    .addObject()
                    .put("cluster", state.cluster().name())
                    .put("why", clean.line(state.failure().orElseThrow().message())));
    ExpiryText.put(root.putArray("expiring"), report.expiring(), clean);
    ArrayNode problems = root.putArray("problems");
    report.problems().forEach(problem -> problems.add(clean.line(problem.message())));
    UnmanagedText.put(root, report.unmanaged(), clean);
    return root.toPrettyString() + "\n";
  }

  private void put(ObjectNode node, String name, String value, FieldView field) {
    boolean hidden = field.sensitive() && !value.equals(FieldView.EMPTY);
    if (!value.isEmpty()) {
      node.put(hidden ? name + "Fingerprint" : name, clean.line(value));
    }
  }
}
