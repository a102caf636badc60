package dev.muster.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a topology names and does not hold, as far as it is not on a cluster.
 *
 * @param files as they are written
 * @param variables of the environment
 */
public record Outside(List<String> files, List<String> variables) {
  public Outside {
    files = List.copyOf(files);
    variables = List.copyOf(variables);
  }

  /**
   * Everything below a topology's text that has the form of a source.
   *
   * @param topology the whole file
   */
  public static Outside of(JsonNode topology) {
    Set<String> files = new LinkedHashSet<>();
    Set<String> variables = new LinkedHashSet<>();
    collect(topology.path("spec"), files, variables);
    JsonNode named = topology.at("/spec/plan");
    String plan = named.has("git") ? "" : named.path("path").asText(named.asText());
    if (plan.contains("/") || plan.endsWith(".yaml") || plan.endsWith(".yml")) {
      files.add(plan);
    }
    return new Outside(new ArrayList<>(files), new ArrayList<>(variables));
  }

  private static void collect(JsonNode node, Set<String> files, Set<String> variables) {
    if (node.path("file").isTextual()) {
      files.add(node.path("file").asText());
    }
    if (node.size() == 1 && node.path("env").isTextual()) {
      variables.add(node.path("env").asText());
    }
    node.forEach(child -> collect(child, files, variables));
  }
}
