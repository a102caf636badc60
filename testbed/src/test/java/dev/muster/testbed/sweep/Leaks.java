package dev.muster.testbed.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.install.Definitions;
import dev.muster.testbed.secret.Canaries;
import dev.muster.testbed.secret.Places;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether any secret of a fleet has come out of its clusters: those that it had when this was made,
 * and those that it has when it is asked.
 */
final class Leaks {
  private static final Kind LEASE = new Kind("coordination.k8s.io", "v1", "Lease", "leases", true);
  private static final String SYSTEM = "kubesphere-system";
  private static final Pattern SETTING = Pattern.compile("jwtSecret: *\"?([^\"\\s]+)");
  private static final Pattern ARGUMENT = Pattern.compile("--token=([^\"\\s]+)");

  private final Arena arena;
  private final Canaries canaries = new Canaries();

  private Leaks(Arena arena) {
    this.arena = arena;
  }

  /** Looks at what is secret in a fleet. */
  static Leaks of(Arena arena) {
    Leaks leaks = new Leaks(arena);
    leaks.learn();
    return leaks;
  }

  Canaries canaries() {
    return canaries;
  }

  /** Every place that has something secret in it, in sentences. */
  List<String> found() {
    learn();
    return places().holding(canaries);
  }

  /** What muster has printed, written and left on the host for itself. */
  Places places() {
    Places places = Places.of(arena.muster(), this::given);
    for (Kind kind : List.of(Kind.CONFIG_MAP, LEASE)) {
      for (JsonNode object : arena.kubectl(Arena.HOST).items(kind, "kube-system")) {
        String name = object.at("/metadata/name").asText();
        if (name.startsWith("muster-")) {
          places.add("the host's " + kind.kind() + " " + name, object.toString());
        }
      }
    }
    return places;
  }

  private boolean given(Path file) {
    return arena.muster().repository().equals(file.getParent())
        && file.getFileName().toString().matches("kubeconfig.*\\.yaml");
  }

  private void learn() {
    Path kubeconfig = arena.muster().repository().resolve("kubeconfig.yaml");
    try {
      canaries.addKubeconfig("the user's kubeconfig", Files.readString(kubeconfig));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (String cluster : Arena.CLUSTERS) {
      learn(cluster, arena.kubectl(cluster));
    }
  }

  private void learn(String cluster, ApiClient api) {
    for (JsonNode secret : api.items(Kind.SECRET, null)) {
      String name = cluster + "'s Secret " + secret.at("/metadata/name").asText();
      secret.path("data").forEach(value -> canaries.addAny(name, decoded(value.asText())));
    }
    for (JsonNode map : api.items(Kind.CONFIG_MAP, SYSTEM)) {
      Matcher setting = SETTING.matcher(map.path("data").path("kubesphere.yaml").asText());
      if (setting.find()) {
        canaries.add(cluster + "'s rendered jwtSecret", setting.group(1));
      }
    }
    for (JsonNode agent : api.items(Kind.DEPLOYMENT, SYSTEM)) {
      Matcher argument = ARGUMENT.matcher(agent.toString());
      if (argument.find()) {
        canaries.add(cluster + "'s agent's token", argument.group(1));
      }
    }
    if (Definitions.isServed(api, Definitions.CLUSTER_CONFIGURATION)) {
      for (JsonNode configuration : api.items(Definitions.CLUSTER_CONFIGURATION, null)) {
        canaries.add(
            cluster + "'s jwtSecret", configuration.at("/spec/authentication/jwtSecret").asText());
      }
    }
    if (Definitions.isServed(api, Definitions.CLUSTER)) {
      for (JsonNode member : api.items(Definitions.CLUSTER, null)) {
        String name = "Cluster " + member.at("/metadata/name").asText();
        JsonNode connection = member.at("/spec/connection");
        canaries.add(name + "'s token", connection.path("token").asText());
        canaries.addAny(name + "'s kubeconfig", connection.path("kubeconfig").asText());
      }
    }
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }
}
