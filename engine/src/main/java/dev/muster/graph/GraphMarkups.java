package dev.muster.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** For programs that draw: Mermaid and Graphviz. */
public final class GraphMarkups {
  private GraphMarkups() {}

  /** As GitHub and GitLab draw it in Markdown, between {@code ```mermaid} and {@code ```}. */
  public static String mermaid(Graph graph) {
    StringBuilder out = new StringBuilder("flowchart TD\n");
    Map<String, String> ids = ids(graph);
    int band = 0;
    for (Map.Entry<String, List<Graph.Node>> entry : graph.bands().entrySet()) {
      out.append("  subgraph g").append(++band).append("[\"").append(quoted(entry.getKey()));
      out.append("\"]\n");
      for (Graph.Node node : entry.getValue()) {
        out.append("    ").append(ids.get(node.id())).append(node.when() ? "([\"" : "[\"");
        out.append(quoted(node.id())).append("<br/>").append(quoted(node.title()));
        node.gate().ifPresent(gate -> out.append("<br/>gate ").append(quoted(gate)));
        out.append(node.when() ? "\"])\n" : "\"]\n");
      }
      out.append("  end\n");
    }
    for (Graph.Node node : graph.nodes()) {
      for (String before : node.before()) {
        out.append("  ").append(ids.get(before)).append(" --> ").append(ids.get(node.id()));
        out.append('\n');
      }
    }
    return out.toString();
  }

  public static String dot(Graph graph) {
    StringBuilder out = new StringBuilder("digraph muster {\n");
    out.append("  label=").append(string(graph.title())).append(";\n");
    out.append("  node [shape=box, fontname=\"sans-serif\"];\n");
    int band = 0;
    for (Map.Entry<String, List<Graph.Node>> entry : graph.bands().entrySet()) {
      out.append("  subgraph cluster_").append(++band).append(" {\n    label=");
      out.append(string(entry.getKey())).append(";\n");
      for (Graph.Node node : entry.getValue()) {
        String label =
            node.id() + "\n" + node.title() + node.gate().map(g -> "\ngate " + g).orElse("");
        out.append("    ").append(string(node.id())).append(" [label=").append(string(label));
        out.append(node.when() ? ", style=dashed];\n" : "];\n");
      }
      out.append("  }\n");
    }
    for (Graph.Node node : graph.nodes()) {
      for (String before : node.before()) {
        out.append("  ").append(string(before)).append(" -> ").append(string(node.id()));
        out.append(";\n");
      }
    }
    return out.append("}\n").toString();
  }

  private static Map<String, String> ids(Graph graph) {
    Map<String, String> ids = new HashMap<>();
    graph.nodes().forEach(node -> ids.put(node.id(), "s" + (ids.size() + 1)));
    return ids;
  }

  /** Mermaid has entities of its own for what would end a text or begin markup. */
  private static String quoted(String text) {
    StringBuilder safe = new StringBuilder();
    for (char c : text.toCharArray()) {
      safe.append("\"#<>`&;".indexOf(c) >= 0 ? "#" + (int) c + ";" : c);
    }
    return safe.toString();
  }

  private static String string(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
  }
}
