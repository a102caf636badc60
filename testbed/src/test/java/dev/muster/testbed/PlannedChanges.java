package dev.muster.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What {@code plan -o json} lists, one short line for each field or new object. */
final class PlannedChanges {
  private PlannedChanges() {}

  /**
   * The changes of all steps in order: {@code "host ClusterConfiguration spec.x"} for a field of an
   * object that is there, {@code "host +Cluster/idc-1"} for an object that is not.
   */
  static List<String> in(Muster.Result plan) {
    List<String> lines = new ArrayList<>();
    for (JsonNode step : RealFleet.json(plan.out()).path("steps")) {
      String cluster = step.path("cluster").asText();
      for (JsonNode change : step.path("changes")) {
        String kind = change.at("/ref/kind").asText();
        switch (change.path("action").asText()) {
          case "unchanged" -> {}
          case "patch" ->
              change
                  .path("fields")
                  .forEach(
                      field -> lines.add(cluster + " " + kind + " " + field.path("path").asText()));
          case "delete" -> lines.add(cluster + " -" + kind + "/" + change.at("/ref/name").asText());
          default -> lines.add(cluster + " +" + kind + "/" + change.at("/ref/name").asText());
        }
      }
    }
    return lines;
  }
}
