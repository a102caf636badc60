package dev.muster.report;

import dev.muster.digest.Sha256;
import dev.muster.drift.ClusterReport;
import dev.muster.drift.DriftReport;
import dev.muster.drift.DriftedField;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Drift as one HTML page that needs nothing else: no network, and no script to be read. What is not
 * the page's own script or style cannot run in it.
 */
final class DriftPage {
  private final DriftOutcome outcome;
  private final DriftReport report;
  private final DriftWords words;
  private final Clean clean;
  private final Map<String, Map<String, List<DriftedField>>> objects;
  private final StringBuilder html = new StringBuilder();

  DriftPage(DriftOutcome outcome, DriftWords words, Clean clean) {
    this.outcome = outcome;
    this.report = outcome.report();
    this.words = words;
    this.clean = clean;
    this.objects = outcome.byCluster();
  }

  String render() {
    String style = resource("page.css");
    String script = resource("page.js");
    String title = "muster drift: " + words.line(report.topology());
    add("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    add("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '");
    add(
        hash(style)
            + "'; script-src '"
            + hash(script)
            + "'; base-uri 'none'; form-action 'none'\">");
    add("\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    add("<meta name=\"referrer\" content=\"no-referrer\">\n<title>" + text(title) + "</title>\n");
    add("<style>" + style + "</style>\n</head>\n<body>\n");
    add("<a class=\"skip\" href=\"#differences\">To the differences</a>\n");
    head();
    add("<main>\n");
    tiles();
    remarks();
    picture();
    differences();
    clusters();
    add(
        "</main>\n<footer>A look at "
            + DriftWords.full(report.at())
            + " by muster drift, exit code ");
    add(outcome.exitCode() + ". Sensitive values are in no part of this page.</footer>\n");
    add("<script>" + script + "</script>\n</body>\n</html>\n");
    return html.toString();
  }

  private void head() {
    ClusterHealth worst =
        report.clusters().stream()
            .map(this::health)
            .max(java.util.Comparator.naturalOrder())
            .orElse(ClusterHealth.ok);
    boolean drift = !report.fields(DriftedField.Kind.DRIFT).isEmpty();
    boolean pending = !report.fields(DriftedField.Kind.PENDING).isEmpty();
    String verdict =
        drift
            ? "Drift"
            : pending
                ? "Changes pending"
                : report.calls() || !report.problems().isEmpty() ? "Needs attention" : "No drift";
    String type =
        drift ? "drift" : pending || !verdict.equals("No drift") ? "pending" : worst.name();
    add("<header><h1>" + text(words.line(report.topology())));
    add("<small>Live against declared, " + DriftWords.full(report.at()) + "</small></h1>\n");
    add(
        "<span class=\"spacer\"></span><span class=\"verdict "
            + type
            + "\">"
            + verdict
            + "</span>\n");
    add(
        "<button id=\"theme\" type=\"button\" aria-pressed=\"false\" hidden>Light or dark</button>");
    add("</header>\n");
  }

  private void tiles() {
    add("<ul class=\"tiles\">\n");
    tile("", report.clusters().size(), "clusters");
    tile("drift", outcome.count(DriftedField.Kind.DRIFT), "fields drifted");
    tile("pending", outcome.count(DriftedField.Kind.PENDING), "fields pending");
    tile("unreachable", report.unreachable().size(), "unreachable");
    tile("", report.unmanaged().members().size(), "unmanaged");
    tile("pending", report.expiring().size(), "expiring");
    add("</ul>\n");
  }

  private void tile(String type, long count, String what) {
    add(
        "<li class=\""
            + (count == 0 ? "zero" : type)
            + "\"><b>"
            + count
            + "</b>"
            + what
            + "</li>\n");
  }

  private void remarks() {
    List<String> lines = new ArrayList<>();
    report.problems().forEach(p -> lines.add("not compared: " + words.line(p.message())));
    report.closedGates().forEach(each -> lines.add("not working, step " + words.line(each)));
    for (String line : ExpiryText.lines(report.expiring(), clean, Style.PLAIN)) {
      // What to do about it stands below it.
      boolean more = line.startsWith(" ");
      lines.add(more ? lines.remove(lines.size() - 1) + "; " + line.strip() : line);
    }
    UnmanagedText.of(report.unmanaged(), clean).ifPresent(lines::add);
    if (lines.isEmpty()) {
      return;
    }
    add(
        "<section aria-labelledby=\"remarks\"><h2 id=\"remarks\">To see to</h2>\n<ul class=\"plain\">");
    lines.forEach(line -> add("<li>" + text(line) + "</li>\n"));
    add("</ul></section>\n");
  }

  private void picture() {
    add("<section><h2 id=\"picture\">Topology</h2>\n<div class=\"picture\" tabindex=\"0\">");
    add(new DriftPicture(report.clusters(), objects).render() + "</div>\n<ul class=\"legend\">");
    for (ClusterHealth health : ClusterHealth.values()) {
      add("<li class=\"" + health + "\"><svg width=\"26\" height=\"26\" aria-hidden=\"true\">");
      add(DriftPicture.sign(health, 13, 13) + "</svg>" + health.words + "</li>\n");
    }
    wire("wire", "proxy: through the agent");
    wire("wire direct", "direct: by the host itself");
    add("</ul></section>\n");
  }

  private void wire(String type, String what) {
    add("<li><svg width=\"34\" height=\"12\" aria-hidden=\"true\"><path class=\"" + type);
    add("\" d=\"M0 6L34 6\"/></svg>" + what + "</li>\n");
  }

  private void differences() {
    add("<section aria-labelledby=\"differences\"><h2 id=\"differences\">Differences</h2>\n");
    if (report.fields().isEmpty()) {
      boolean all = report.unreachable().isEmpty() && report.problems().isEmpty();
      add("<p>" + (all ? "Every declared field is as declared." : "None in what was compared."));
      add("</p></section>\n");
      return;
    }
    filter();
    for (ClusterReport cluster : report.clusters()) {
      objects
          .getOrDefault(cluster.name(), Map.of())
          .forEach((ref, fields) -> object(cluster.name(), ref, fields));
    }
    add("</section>\n");
  }

  private void filter() {
    add("<form id=\"filter\" hidden role=\"search\" aria-label=\"Differences\">\n");
    add(
        "<input id=\"text\" type=\"search\" placeholder=\"Search (press /)\" aria-label=\"Search\">\n");
    add("<label>Cluster <select id=\"cluster\"><option value=\"\">all</option>");
    report.clusters().stream()
        .map(ClusterReport::name)
        .filter(objects::containsKey)
        .forEach(name -> add("<option>" + text(name) + "</option>"));
    add("</select></label>\n<label>Kind <select id=\"kind\"><option value=\"\">all</option>");
    add("<option>drift</option><option>pending</option></select></label>\n");
    add(
        "<button type=\"reset\">Clear</button>\n<output id=\"shown\" class=\"soft\"></output></form>\n");
    add("<p id=\"none\" class=\"soft\" hidden>Nothing fits the filter.</p>\n");
  }

  private void object(String cluster, String ref, List<DriftedField> fields) {
    add(
        "<div class=\"object\" data-cluster=\""
            + text(cluster)
            + "\"><h3>"
            + text(words.line(ref)));
    add(" <span class=\"soft\">on " + text(cluster) + "</span>");
    DriftWords.whole(fields.get(0))
        .ifPresent(whole -> add(" <span class=\"tag drift\">" + whole + "</span>"));
    add("</h3>\n<table><thead><tr><th>Kind</th><th>Field</th><th>Declared</th><th>Live</th></tr>");
    add("</thead><tbody>\n");
    for (DriftedField field : fields) {
      String kind = DriftWords.kind(field);
      add("<tr data-kind=\"" + kind + "\"><td class=\"what\"><span class=\"tag " + kind + "\">");
      add(
          kind
              + "</span></td><td data-is=\"Field\"><code>"
              + text(words.line(field.field().path())));
      add("</code>");
      words.by(field).ifPresent(by -> add("<span class=\"soft\">by: " + text(by) + "</span>"));
      words.outlook(field).forEach(each -> add("<span class=\"soft\">" + text(each) + "</span>"));
      add("</td><td class=\"was\" data-is=\"Declared\"><code>" + text(words.declared(field)));
      add("</code></td><td class=\"was\" data-is=\"Live\"><code>" + text(words.live(field)));
      add("</code></td></tr>\n");
    }
    add("</tbody></table></div>\n");
  }

  private void clusters() {
    add(
        "<section aria-labelledby=\"clusters\"><h2 id=\"clusters\">Clusters</h2>\n<div class=\"scroll\">");
    add("<table><thead><tr><th>Cluster</th><th>Role</th><th>Connection</th><th>State</th>");
    add("<th>Drift</th><th>Pending</th><th>Last applied</th><th>Labels</th></tr></thead><tbody>\n");
    for (ClusterReport cluster : report.clusters()) {
      List<DriftedField> fields =
          objects.getOrDefault(cluster.name(), Map.of()).values().stream()
              .flatMap(List::stream)
              .toList();
      long pending = fields.stream().filter(DriftedField::pending).count();
      ClusterHealth health = health(cluster);
      add(
          "<tr id=\"c-"
              + text(cluster.name())
              + "\"><td><b>"
              + text(cluster.name())
              + "</b></td><td>");
      add((cluster.host() ? "host" : "member") + "</td><td>" + text(cluster.connection()));
      add("</td><td><span class=\"tag " + health + "\">" + health.words + "</span>");
      cluster
          .failure()
          .ifPresent(f -> add("<div class=\"soft\">" + text(words.line(f.message())) + "</div>"));
      add("</td><td class=\"n\">" + (fields.size() - pending) + "</td><td class=\"n\">" + pending);
      add("</td><td>" + cluster.lastApplied().map(DriftWords::full).orElse(""));
      add("</td><td class=\"soft\">" + text(labels(cluster)) + "</td></tr>\n");
    }
    add("</tbody></table></div></section>\n");
  }

  private String labels(ClusterReport cluster) {
    return words.line(
        cluster.labels().entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .collect(Collectors.joining(", ")));
  }

  private ClusterHealth health(ClusterReport cluster) {
    return ClusterHealth.of(cluster, objects.getOrDefault(cluster.name(), Map.of()));
  }

  private void add(String part) {
    html.append(part);
  }

  private static String text(String text) {
    return Markup.escape(text);
  }

  private static String hash(String text) {
    return "sha256-" + Base64.getEncoder().encodeToString(Sha256.bytes(text));
  }

  private static String resource(String name) {
    try (InputStream in =
        Objects.requireNonNull(DriftPage.class.getResourceAsStream("/muster/page/" + name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
