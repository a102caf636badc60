package dev.muster.sandbox.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.controller.env.Manifest;
import dev.muster.session.RehearsalStage;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Where the kubeconfigs in Cluster objects lead: what was found behind one when the fleet was
 * recorded; one that nobody has tried leads to the cluster of that name.
 */
final class RecordedWays {
  private final Map<JsonNode, String> doors = new HashMap<>();
  private final Set<String> clusters;
  private final Function<String, ApiClient> api;

  RecordedWays(RehearsalStage.Fleet fleet, Function<String, ApiClient> api) {
    this.api = api;
    clusters =
        fleet.clusters().stream()
            .map(RehearsalStage.RecordedCluster::name)
            .collect(Collectors.toSet());
    fleet.doors().forEach(door -> doors.put(content(door.kubeconfig()), door.cluster()));
  }

  Optional<ApiClient> behind(String cluster, String base64) {
    String text = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    String leads = doors.getOrDefault(content(text), cluster);
    return clusters.contains(leads) ? Optional.of(api.apply(leads)) : Optional.empty();
  }

  private static JsonNode content(String kubeconfig) {
    return Manifest.yaml(kubeconfig);
  }
}
