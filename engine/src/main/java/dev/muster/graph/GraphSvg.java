package dev.muster.graph;

import dev.muster.report.Markup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A picture that needs nothing but itself: levels from above to below, each step below those it
 * waits for, lines where they cross little.
 */
public final class GraphSvg {
  private static final int BOX = 256;
  private static final int HEIGHT = 62;
  private static final int GAP_X = 24;
  private static final int GAP_Y = 46;
  private static final int MARGIN = 24;
  private static final int HEAD = 34;
  private static final int LETTERS = 35;
  private static final int ROUNDS = 4;
  private static final int COLOURS = 6;
  private static final String STYLE =
      """
      <style>
      svg{background:#fff;font:12px system-ui,sans-serif}
      text{fill:#1b1f24}.faint{fill:#57606a}.head{font-size:15px;font-weight:600}.id{font-weight:600}
      rect{fill:#f6f8fa;stroke:#57606a}.when{stroke-dasharray:5 3}path{fill:none;stroke:#8c959f}
      .c0{stroke:#0969da}.c1{stroke:#1a7f37}.c2{stroke:#8250df}.c3{stroke:#bc4c00}.c4{stroke:#bf3989}.c5{stroke:#57606a}
      @media(prefers-color-scheme:dark){svg{background:#0d1117}text{fill:#e6edf3}.faint{fill:#9da7b3}rect{fill:#161b22}}
      </style>
      """;

  private final Graph graph;
  private final Map<Integer, List<Graph.Node>> rows = new TreeMap<>();
  private final Map<String, Double> x = new HashMap<>();
  private final Map<String, Integer> level;
  private final List<String> bands;

  private GraphSvg(Graph graph) {
    this.graph = graph;
    this.level = graph.levels();
    this.bands = List.copyOf(graph.bands().keySet());
    graph.nodes().forEach(n -> rows.computeIfAbsent(row(n.id()), r -> new ArrayList<>()).add(n));
  }

  public static String of(Graph graph) {
    return new GraphSvg(graph).draw();
  }

  private int row(String id) {
    return level.getOrDefault(id, 1);
  }

  private int width() {
    int most = rows.values().stream().mapToInt(List::size).max().orElse(1);
    return Math.max(2, most) * (BOX + GAP_X) - GAP_X + 2 * MARGIN;
  }

  private int top() {
    return MARGIN + HEAD + 18 * graph.notes().size() + 22;
  }

  private int y(String id) {
    return top() + (row(id) - 1) * (HEIGHT + GAP_Y);
  }

  /** Each step as near as can be below the middle of what it waits for. */
  private void place() {
    rows.values().forEach(this::spread);
    for (int round = 0; round < ROUNDS; round++) {
      for (List<Graph.Node> row : rows.values()) {
        row.sort(Comparator.comparingDouble(this::wanted));
        spread(row);
      }
    }
  }

  private double wanted(Graph.Node node) {
    return node.before().stream()
        .mapToDouble(before -> x.getOrDefault(before, 0.0))
        .average()
        .orElse(x.getOrDefault(node.id(), 0.0));
  }

  private void spread(List<Graph.Node> row) {
    double left = (width() - (row.size() * (BOX + GAP_X) - GAP_X)) / 2.0;
    for (int i = 0; i < row.size(); i++) {
      x.put(row.get(i).id(), left + i * (BOX + GAP_X));
    }
  }

  private String draw() {
    place();
    int height = top() + rows.size() * (HEIGHT + GAP_Y) - GAP_Y + MARGIN;
    StringBuilder out = new StringBuilder();
    out.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"%d\" height=\"%d\""
                + " viewBox=\"0 0 %d %d\">%n",
            width(),
            height,
            width(),
            height));
    out.append("<title>").append(Markup.escape(graph.title())).append("</title>\n").append(STYLE);
    out.append(
        "<defs><marker id=\"to\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"7\""
            + " markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0L8 4L0 8\"/></marker></defs>\n");
    text(out, "head", MARGIN, MARGIN + 12, graph.title());
    int line = MARGIN + 12;
    for (String note : graph.notes()) {
      line += 18;
      text(out, "faint", MARGIN, line, note);
    }
    legend(out, line + 20);
    graph.nodes().forEach(node -> node.before().forEach(before -> edge(out, before, node.id())));
    graph.nodes().forEach(node -> node(out, node));
    return out.append("</svg>\n").toString();
  }

  private void legend(StringBuilder out, int y) {
    int at = MARGIN;
    for (int i = 0; i < bands.size() && at < width() - BOX; i++) {
      out.append(
          String.format(
              Locale.ROOT,
              "<rect class=\"c%d\" x=\"%d\" y=\"%d\" width=\"12\" height=\"12\"/>%n",
              i % COLOURS,
              at,
              y - 10));
      text(out, "faint", at + 18, y, shortened(bands.get(i)));
      at += 40 + 7 * Math.min(LETTERS, bands.get(i).length());
    }
    if (graph.nodes().stream().anyMatch(Graph.Node::when)) {
      text(out, "faint", at, y, "dashed: if wanted");
    }
  }

  private void edge(StringBuilder out, String from, String to) {
    double x1 = x.getOrDefault(from, 0.0) + BOX / 2.0;
    double x2 = x.getOrDefault(to, 0.0) + BOX / 2.0;
    int y1 = y(from) + HEIGHT;
    int y2 = y(to) - 2;
    out.append(
        String.format(
            Locale.ROOT,
            "<path marker-end=\"url(#to)\" d=\"M%.0f %dC%.0f %d %.0f %d %.0f %d\"/>%n",
            x1,
            y1,
            x1,
            y1 + GAP_Y / 2,
            x2,
            y2 - GAP_Y / 2,
            x2,
            y2));
  }

  private void node(StringBuilder out, Graph.Node node) {
    double left = x.getOrDefault(node.id(), 0.0);
    int top = y(node.id());
    String whole = node.id() + ": " + node.title() + ", on " + node.place();
    out.append("<g><title>").append(Markup.escape(whole)).append("</title>\n");
    out.append(
        String.format(
            Locale.ROOT,
            "<rect class=\"c%d%s\" rx=\"6\" x=\"%.0f\" y=\"%d\" width=\"%d\" height=\"%d\"/>%n",
            bands.indexOf(node.band()) % COLOURS,
            node.when() ? " when" : "",
            left,
            top,
            BOX,
            HEIGHT));
    text(out, "id", left + 10, top + 18, node.id());
    text(out, "", left + 10, top + 35, node.title());
    node.gate().ifPresent(gate -> text(out, "faint", left + 10, top + 52, "gate " + gate));
    out.append("</g>\n");
  }

  private static void text(StringBuilder out, String style, double x, int y, String text) {
    out.append(
        String.format(
            Locale.ROOT,
            "<text%s x=\"%.0f\" y=\"%d\">%s</text>%n",
            style.isEmpty() ? "" : " class=\"" + style + "\"",
            x,
            y,
            Markup.escape(style.equals("head") || style.equals("faint") ? text : shortened(text))));
  }

  private static String shortened(String text) {
    return text.length() <= LETTERS ? text : text.substring(0, LETTERS - 1) + "\u2026";
  }
}
