package dev.muster.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Steps in an order in which each comes after those it waits for.
 *
 * @param notes sentences about the whole
 */
public record Graph(String title, List<Node> nodes, List<String> notes) {
  public Graph {
    nodes = List.copyOf(nodes);
    notes = List.copyOf(notes);
  }

  /**
   * A step, or the same step of several members.
   *
   * @param place the clusters that it works on, for people
   * @param band what is drawn together: the host, or members that are alike
   * @param gate what stands behind it, with its time limit
   * @param when whether it depends on a condition
   * @param before ids of what it waits for
   */
  public record Node(
      String id,
      String title,
      String place,
      String band,
      Optional<String> gate,
      boolean when,
      List<String> before) {
    public Node {
      before = List.copyOf(before);
    }
  }

  /** The same without edges that follow from others. */
  public Graph reduced() {
    Map<String, Set<String>> above = new HashMap<>();
    List<Node> fewer = new ArrayList<>();
    for (Node node : nodes) {
      Set<String> all = new HashSet<>();
      node.before().forEach(before -> all.addAll(above.getOrDefault(before, Set.of())));
      List<String> direct = node.before().stream().filter(b -> !all.contains(b)).toList();
      all.addAll(node.before());
      above.put(node.id(), all);
      fewer.add(
          new Node(
              node.id(),
              node.title(),
              node.place(),
              node.band(),
              node.gate(),
              node.when(),
              direct));
    }
    return new Graph(title, fewer, notes);
  }

  /** How far down each node stands: below all that it waits for; counted from 1. */
  public Map<String, Integer> levels() {
    Map<String, Integer> levels = new LinkedHashMap<>();
    for (Node node : nodes) {
      int above = node.before().stream().mapToInt(b -> levels.getOrDefault(b, 0)).max().orElse(0);
      levels.put(node.id(), above + 1);
    }
    return levels;
  }

  /** The nodes by what is drawn together. */
  Map<String, List<Node>> bands() {
    Map<String, List<Node>> bands = new LinkedHashMap<>();
    nodes.forEach(node -> bands.computeIfAbsent(node.band(), b -> new ArrayList<>()).add(node));
    return bands;
  }
}
