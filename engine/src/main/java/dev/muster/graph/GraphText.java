package dev.muster.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** For people, within 80 columns: step by step, each below what it waits for. */
public final class GraphText {
  private static final int WIDTH = 80;

  private GraphText() {}

  public static String of(Graph graph) {
    StringBuilder out = new StringBuilder();
    lines(graph.title() + ": " + graph.nodes().size() + " steps", "", out);
    graph.notes().forEach(note -> lines(note, "  ", out));
    Map<String, Integer> levels = graph.levels();
    List<Graph.Node> sorted = new ArrayList<>(graph.nodes());
    sorted.sort((a, b) -> Integer.compare(level(levels, a), level(levels, b)));
    int last = 0;
    for (Graph.Node node : sorted) {
      int level = level(levels, node);
      out.append(level == last ? "" : "\n");
      String number = level == last ? "" : String.valueOf(level);
      last = level;
      String head =
          String.format(Locale.ROOT, "%3s  %s", number, node.id())
              + (node.id().contains("[") && node.id().contains(node.place())
                  ? ""
                  : "  on " + node.place());
      lines(head + (node.when() ? "  (if wanted)" : ""), "       ", out);
      lines("       " + node.title(), "       ", out);
      if (!node.before().isEmpty()) {
        lines("       after " + String.join(", ", node.before()), "         ", out);
      }
      node.gate().ifPresent(gate -> lines("       then gate " + gate, "         ", out));
    }
    return out.toString();
  }

  private static int level(Map<String, Integer> levels, Graph.Node node) {
    return levels.getOrDefault(node.id(), 0);
  }

  private static void lines(String text, String indent, StringBuilder out) {
    String rest = text;
    while (rest.length() > WIDTH) {
      int cut = rest.lastIndexOf(' ', WIDTH);
      if (cut <= indent.length()) {
        cut = WIDTH;
      }
      out.append(rest.substring(0, cut).stripTrailing()).append('\n');
      rest = indent + rest.substring(cut).stripLeading();
    }
    out.append(rest.stripTrailing()).append('\n');
  }
}
