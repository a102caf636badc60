package dev.muster.testbed.secret;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.install.Definitions;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is secret in a cluster with KubeSphere. */
public final class ClusterSecrets {
  private static final String SYSTEM = "kubesphere-system";

  /** What a service account's Secret, and one of a cluster, have besides the token. */
  private static final Set<String> PUBLIC = Set.of("ca.crt", "namespace", "name", "server");

  private static final Pattern BEARER = Pattern.compile("\"bearerToken\": *\"([^\"]+)\"");

  private static final Pattern SETTING = Pattern.compile("jwtSecret: *\"?([^\"\\s]+)");
  private static final Pattern ARGUMENT = Pattern.compile("--token=([^\"\\s]+)");

  private ClusterSecrets() {}

  /** Adds what there is by now. */
  public static void learn(String cluster, ApiClient api, Canaries canaries) {
    for (JsonNode secret : api.items(Kind.SECRET, null)) {
      String name = cluster + "'s Secret " + secret.at("/metadata/name").asText();
      for (Map.Entry<String, JsonNode> field : secret.path("data").properties()) {
        if (PUBLIC.contains(field.getKey())) {
          continue;
        }
        String value = secret(field.getValue());
        Matcher bearer = BEARER.matcher(value);
        canaries.addAny(name + ", " + field.getKey(), bearer.find() ? bearer.group(1) : value);
      }
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

  /** Without what simulated tokens begin with: certificates have that word in them too. */
  private static String secret(JsonNode value) {
    return decoded(value.asText()).replaceFirst("^sandbox\\.", "");
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }
}
