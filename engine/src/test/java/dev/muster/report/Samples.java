package dev.muster.report;

import dev.muster.changes.Expiring;
import dev.muster.changes.FieldView;
import dev.muster.changes.Unmanaged;
import dev.muster.drift.Author;
import dev.muster.drift.ClusterReport;
import dev.muster.drift.DriftReport;
import dev.muster.drift.DriftedField;
import dev.muster.drift.DriftedField.Kind;
import dev.muster.live.Failure;
import dev.muster.problem.Problem;
import dev.muster.problem.Where;
import dev.muster.resource.ObjectRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reports on drift as examples: an ordinary one, one that attacks its readers, and large ones. */
final class Samples {
  static final Instant AT = Instant.parse("2026-11-26T10:00:00Z");
  private static final String SHEEP = "example.com/v1";

  private Samples() {}

  /** All that a report can hold, once. */
  static DriftOutcome fleet() {
    Author person =
        new Author("kubectl-edit", "Update", "", Optional.of(AT.minusSeconds(2880)), false);
    Author controller =
        new Author("installer", "Update", "scale", Optional.of(AT.minusSeconds(200_000)), true);
    ObjectRef config = ObjectRef.of("v1", "ConfigMap", "farm", "settings");
    List<DriftedField> fields =
        List.of(
            field("host", config, replaced("data.color", "\"blue\"", "\"red\""), Kind.DRIFT, person)
                .with(
                    "absent in the Farm: lost at the next run of the installer, which renders it from there"),
            field("host", config, secret("data.key"), Kind.DRIFT, controller).get(),
            field("host", config, replaced("data.size", "3", "4"), Kind.PENDING, null).get(),
            gone("m1", ObjectRef.of(SHEEP, "Sheep", "meadow", "dolly")),
            unwanted("m1", ObjectRef.of(SHEEP, "Wolf", "meadow", "fenris"), person),
            field("m2", config, released("data.old"), Kind.PENDING, null).get());
    List<Expiring> expiring =
        List.of(
            new Expiring(
                "m1",
                "certificate of the gate",
                AT.plus(Duration.ofDays(12)),
                Duration.ofDays(12),
                "renew it"),
            new Expiring(
                "m2", "key of the barn", AT.minusSeconds(7300), Duration.ofSeconds(-7300), ""));
    List<Expiring> all = new ArrayList<>(expiring);
    all.add(
        new Expiring(
            "host",
            "muster's own access",
            AT.plus(Duration.ofDays(300)),
            Duration.ofDays(300),
            ""));
    DriftReport report =
        new DriftReport(
            "farm",
            AT,
            List.of(
                cluster("host", true, Map.of(), ""),
                cluster("m1", false, Map.of("region", "north", "group", "prod"), ""),
                cluster("m2", false, Map.of(), ""),
                cluster("m3", false, Map.of(), "connect timed out")),
            fields,
            List.of("feed[m2]: the trough is empty"),
            List.of(
                Problem.error(
                    Where.nowhere(), "member m4 cannot be compared: no rights to read Sheep")),
            new Unmanaged(List.of(new Unmanaged.Member("stray", "u-1")), ""),
            expiring);
    return new DriftOutcome(report, 2, all);
  }

  static DriftOutcome nothing() {
    return new DriftOutcome(
        new DriftReport(
            "farm",
            AT,
            List.of(cluster("host", true, Map.of(), ""), cluster("m1", false, Map.of(), "")),
            List.of(),
            List.of(),
            List.of(),
            Unmanaged.none(),
            List.of()),
        0,
        List.of());
  }

  /** Every text that can come from a cluster is an attack on one of the formats. */
  static DriftOutcome hostile() {
    String html =
        "</code></script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">";
    String markdown = "`|``` @everyone #1 ![x](http://127.0.0.1:9/pixel) </details> <b>bold</b>";
    String xml = "]]><!-- & \u0000\u0001\u001b[31m\uD800\uFFFE --><x y='\"'>";
    String labels = "a\"} 99\nmuster_drift_exit_code{topology=\"farm\"} 0\\";
    ObjectRef ref = ObjectRef.of("v1", "ConfigMap", "farm", "x" + html);
    List<DriftedField> fields = new ArrayList<>();
    for (String evil : List.of(html, markdown, xml, labels)) {
      Author author = new Author(evil, evil, evil, Optional.of(AT), true);
      fields.add(field("m1", ref, replaced(evil, evil, evil), Kind.DRIFT, author).with(evil));
      fields.add(
          field(
                  "m1",
                  ref.withName(evil),
                  replaced("x", evil, "javascript:alert(1)"),
                  Kind.PENDING,
                  null)
              .get());
    }
    String all = html + markdown + xml + labels;
    return new DriftOutcome(
        new DriftReport(
            "farm",
            AT,
            List.of(
                cluster("host", true, Map.of("label", html), ""),
                cluster("m1", false, Map.of("label", markdown), ""),
                cluster("m2", false, Map.of(), all)),
            fields,
            List.of("step[m1]: " + all),
            List.of(Problem.error(Where.nowhere(), all)),
            new Unmanaged(List.of(new Unmanaged.Member(all, all)), ""),
            List.of(new Expiring("m1", all, AT.minusSeconds(10), Duration.ofSeconds(-10), all))),
        1,
        List.of(
            new Expiring("m1", all, AT.minusSeconds(10), Duration.ofSeconds(-10), all),
            new Expiring("m1", labels, AT.minusSeconds(10), Duration.ofSeconds(-10), all),
            new Expiring("m1", labels, AT.plusSeconds(10), Duration.ofSeconds(10), all)));
  }

  /** As many members, each with objects of two differing fields. */
  static DriftOutcome large(int members, int objects) {
    List<ClusterReport> clusters = new ArrayList<>(List.of(cluster("host", true, Map.of(), "")));
    List<DriftedField> fields = new ArrayList<>();
    for (int m = 1; m <= members; m++) {
      clusters.add(cluster("m" + m, false, Map.of(), m % 97 == 0 ? "connection refused" : ""));
      for (int o = 1; o <= objects && m % 97 != 0; o++) {
        ObjectRef ref = ObjectRef.of("v1", "ConfigMap", "farm", "settings-" + o);
        fields.add(field("m" + m, ref, replaced("data.a", "1", "2"), Kind.DRIFT, null).get());
        fields.add(field("m" + m, ref, replaced("data.b", "1", "2"), Kind.PENDING, null).get());
      }
    }
    return new DriftOutcome(
        new DriftReport(
            "farm", AT, clusters, fields, List.of(), List.of(), Unmanaged.none(), List.of()),
        2,
        List.of());
  }

  private record Draft(DriftedField field) {
    DriftedField get() {
      return field;
    }

    DriftedField with(String outlook) {
      return new DriftedField(
          field.cluster(),
          field.step(),
          field.ref(),
          false,
          false,
          field.field(),
          field.kind(),
          field.author(),
          List.of(outlook));
    }
  }

  private static Draft field(
      String cluster,
      ObjectRef ref,
      FieldView view,
      Kind kind,
      @org.jspecify.annotations.Nullable Author author) {
    return new Draft(
        new DriftedField(
            cluster, "dig", ref, false, false, view, kind, Optional.ofNullable(author), List.of()));
  }

  private static DriftedField gone(String cluster, ObjectRef ref) {
    FieldView view =
        new FieldView("spec.wool", "add", "", "\"white\"", false, List.of(), false, false);
    return new DriftedField(
        cluster, "herd", ref, true, false, view, Kind.DRIFT, Optional.empty(), List.of());
  }

  private static DriftedField unwanted(String cluster, ObjectRef ref, Author author) {
    FieldView view =
        new FieldView("metadata.uid", "remove", "\"u-7\"", "", false, List.of(), false, false);
    return new DriftedField(
        cluster, "herd", ref, false, true, view, Kind.DRIFT, Optional.of(author), List.of());
  }

  private static FieldView replaced(String path, String before, String after) {
    return new FieldView(path, "replace", before, after, false, List.of(), false, false);
  }

  private static FieldView secret(String path) {
    return new FieldView(path, "replace", "0a1b2c3d", "4e5f6071", true, List.of(), false, false);
  }

  private static FieldView released(String path) {
    return new FieldView(path, "remove", "\"x\"", "", false, List.of(), false, true);
  }

  private static ClusterReport cluster(
      String name, boolean host, Map<String, String> labels, String failure) {
    return new ClusterReport(
        name,
        host,
        host ? "" : name.endsWith("2") ? "direct" : "proxy",
        labels,
        failure.isEmpty()
            ? Optional.empty()
            : Optional.of(new Failure(Failure.Kind.TIMEOUT, failure)),
        failure.isEmpty() ? Optional.of(AT.minusSeconds(86_400)) : Optional.empty());
  }
}
