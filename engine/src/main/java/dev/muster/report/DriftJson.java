package dev.muster.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.changes.FieldView;
import dev.muster.drift.Author;
import dev.muster.drift.ClusterReport;
import dev.muster.drift.DriftReport;
import dev.muster.drift.DriftedField;
import java.util.Locale;

/** Drift for machines. */
public final class DriftJson {
  private final Clean clean;

  public DriftJson(Clean clean) {
    this.clean = clean;
  }

  public String render(DriftReport report, int exitCode) {
    return tree(report, exitCode).toPrettyString() + "\n";
  }

  ObjectNode tree(DriftReport report, int exitCode) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("apiVersion", "muster.dev/v1alpha1").put("kind", "DriftReport");
    root.put("topology", report.topology()).put("at", report.at().toString());
    root.put("exitCode", exitCode);
    ArrayNode clusters = root.putArray("clusters");
    report.clusters().forEach(cluster -> put(clusters.addObject(), cluster));
    ArrayNode fields = root.putArray("fields");
    for (DriftedField drifted : report.fields()) {
      ObjectNode node = fields.addObject();
      FieldView field = drifted.field();
      node.put("kind", drifted.kind().name().toLowerCase(Locale.ROOT));
      node.put("cluster", drifted.cluster()).put("step", drifted.step());
      ObjectNode ref = PlanJson.ref(drifted.ref());
      ref.put("name", clean.line(drifted.ref().name()));
      node.set("ref", ref);
      node.put("objectGone", drifted.objectGone());
      node.put("objectUnwanted", drifted.objectUnwanted());
      node.put("path", clean.line(field.path())).put("sensitive", field.sensitive());
      if (field.released()) {
        node.put("released", true);
      }
      put(node, "declared", field.after(), field);
      put(node, "live", field.before(), field);
      drifted.author().ifPresent(author -> put(node.putObject("author"), author));
      if (!drifted.outlook().isEmpty()) {
        ArrayNode outlook = node.putArray("outlook");
        drifted.outlook().forEach(each -> outlook.add(clean.line(each)));
      }
    }
    ArrayNode closed = root.putArray("closedGates");
    report.closedGates().forEach(text -> closed.add(clean.line(text)));
    ArrayNode unreachable = root.putArray("unreachable");
    report
        .unreachable()
        .forEach(
            cluster ->
                unreachable
                    .addObject()
                    .put("cluster", cluster.name())
                    .put("why", clean.line(cluster.failure().orElseThrow().message())));
    ExpiryText.put(root.putArray("expiring"), report.expiring(), clean);
    ArrayNode problems = root.putArray("problems");
    report.problems().forEach(problem -> problems.add(clean.line(problem.message())));
    UnmanagedText.put(root, report.unmanaged(), clean);
    return root;
  }

  private void put(ObjectNode node, ClusterReport cluster) {
    node.put("name", cluster.name()).put("role", cluster.host() ? "host" : "member");
    if (!cluster.connection().isEmpty()) {
      node.put("connection", cluster.connection());
    }
    if (!cluster.labels().isEmpty()) {
      cluster.labels().forEach(node.putObject("labels")::put);
    }
    node.put("reachable", cluster.failure().isEmpty());
    cluster.lastApplied().ifPresent(at -> node.put("lastApplied", at.toString()));
  }

  private void put(ObjectNode node, Author author) {
    node.put("manager", clean.line(author.manager()));
    if (!author.operation().isEmpty()) {
      node.put("operation", clean.line(author.operation()));
    }
    if (!author.subresource().isEmpty()) {
      node.put("subresource", clean.line(author.subresource()));
    }
    author.time().ifPresent(time -> node.put("time", time.toString()));
    node.put("likely", author.likely());
  }

  private void put(ObjectNode node, String name, String value, FieldView field) {
    boolean hidden = field.sensitive() && !value.equals(FieldView.EMPTY);
    if (!value.isEmpty()) {
      node.put(hidden ? name + "Fingerprint" : name, clean.line(value));
    }
  }
}
