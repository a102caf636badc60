package dev.muster.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What a plan said beforehand, as the writes that it stands for: to be compared with the requests
 * that were sent. Values are compared where the plan tells them; secrets, and what is known only
 * later, by their place.
 */
final class PlannedWrites {
  private final List<PlannedWrite> writes = new ArrayList<>();

  private PlannedWrites() {}

  /**
   * @param patches what {@code plan -o patch} has printed
   * @param changes what {@code plan -o json} has printed for the same state of the clusters
   */
  static PlannedWrites of(String patches, String changes) {
    PlannedWrites planned = new PlannedWrites();
    List<JsonNode> fields = new ArrayList<>();
    for (JsonNode step : RealFleet.json(changes).path("steps")) {
      for (JsonNode change : step.path("changes")) {
        if (!change.path("action").asText().equals("unchanged")) {
          fields.add(change.path("fields"));
        }
      }
    }
    JsonNode all = RealFleet.json(patches);
    if (all.size() != fields.size()) {
      throw new AssertionError("-o patch and -o json differ:\n" + patches + "\n" + changes);
    }
    for (int i = 0; i < all.size(); i++) {
      planned.writes.add(new PlannedWrite(all.get(i), fields.get(i)));
    }
    return planned;
  }

  /**
   * What a rehearsal has played, in place of a plan: to be compared in the same way.
   *
   * @param report what {@code apply --offline -o json} has printed
   * @param rehearsal what it has saved with {@code --out}
   */
  static PlannedWrites played(String report, String rehearsal) {
    PlannedWrites played = new PlannedWrites();
    List<JsonNode> fields = new ArrayList<>();
    for (JsonNode step : RealFleet.json(rehearsal).path("steps")) {
      for (JsonNode change : step.path("changes")) {
        fields.add(known(change.path("fields")));
      }
    }
    JsonNode patches = RealFleet.json(report).path("patches");
    if (patches.size() != fields.size()) {
      throw new AssertionError("report and file differ:\n" + report + "\n" + rehearsal);
    }
    for (int i = 0; i < patches.size(); i++) {
      played.writes.add(new PlannedWrite(patches.get(i), fields.get(i)));
    }
    return played;
  }

  /** Fields as a plan shows them: values as such, and nothing about what is known already. */
  private static JsonNode known(JsonNode fields) {
    ArrayNode shown = fields.deepCopy();
    for (JsonNode each : shown) {
      ObjectNode field = (ObjectNode) each;
      if (field.path("knownAfter").isEmpty()) {
        field.remove("knownAfter");
      }
      if (!field.path("generated").asBoolean()) {
        field.remove("generated");
      }
      String after = field.path("after").asText();
      if (!after.isEmpty()) {
        field.set("after", RealFleet.json(after));
      }
    }
    return shown;
  }

  int size() {
    return writes.size();
  }

  /** The planned writes as lines to read. */
  List<String> lines() {
    return writes.stream().map(PlannedWrite::toString).toList();
  }

  /** Requests that would change something and are no bookkeeping of muster's own. */
  static Predicate<Audit.Request> counted() {
    return request ->
        request.writes()
            && !request.dryRun()
            && !request.path().contains("/leases/muster-")
            && !request.path().endsWith("/leases")
            && !bookkeeping(request);
  }

  private static boolean bookkeeping(Audit.Request request) {
    String name = request.path().replaceFirst(".*/", "");
    if (request.verb().equals("create")) {
      name = request.body().at("/metadata/name").asText();
    }
    return request.path().startsWith("/api/v1/namespaces/kube-system/configmaps")
        && name.startsWith("muster-");
  }

  /**
   * Where the requests are not what was planned, a line for each difference.
   *
   * @param whole whether each planned write has to be among them; after an interrupted run another
   *     writer may have done the rest
   */
  List<String> differences(Requests sent, boolean whole) {
    List<String> found = new ArrayList<>();
    TreeSet<Integer> done = new TreeSet<>();
    sent.byCluster()
        .forEach(
            (cluster, all) -> {
              for (Audit.Request request : all) {
                // Of a run that is killed, a request may be cut off before its body was complete.
                boolean cutOff = !whole && request.status() >= 500 && request.body().isEmpty();
                if (counted().test(request) && !cutOff) {
                  match(cluster, request, done, found);
                }
              }
            });
    for (int i = 0; i < writes.size(); i++) {
      if (whole && !done.contains(i) && !writes.get(i).pending()) {
        found.add("planned and not sent: " + writes.get(i));
      }
    }
    return found;
  }

  private void match(
      String cluster, Audit.Request request, TreeSet<Integer> done, List<String> found) {
    List<String> nearest = List.of();
    for (int i = 0; i < writes.size(); i++) {
      if (!writes.get(i).names(cluster, request)) {
        continue;
      }
      List<String> differences = writes.get(i).differences(request);
      if (differences.isEmpty()) {
        if (request.status() < 300 && !done.add(i)) {
          found.add("sent twice: " + cluster + ": " + request);
        }
        return;
      }
      nearest = differences;
    }
    found.add("not planned: " + cluster + ": " + request + " " + nearest + " " + request.body());
  }
}
