package dev.muster.sandbox.controller.multicluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.cluster.ClusterObject;
import dev.muster.sandbox.controller.env.Manifest;
import dev.muster.sandbox.controller.env.YamlText;
import java.util.List;

/**
 * What the cluster controller of 3.3 and 3.4 does to kubesphere.yaml: reads it into its own types,
 * sets the cluster's name, and writes all of it anew, so that quotes, order, durations and
 * everything it does not know change.
 */
final class ConfigRewrite {
  private static final String KEY = "kubesphere.yaml";
  private static final List<String> SECTIONS =
      List.of(
          "mysql",
          "devops",
          "sonarQube",
          "kubernetes",
          "servicemesh",
          "network",
          "ldap",
          "redis",
          "s3",
          "openpitrix",
          "monitoring",
          "logging",
          "authentication",
          "authorization",
          "multicluster",
          "events",
          "auditing",
          "alerting",
          "notification",
          "kubeedge",
          "edgeruntime",
          "metering",
          "gateway",
          "gpu",
          "terminal");
  private static final List<String> AUTHENTICATION =
      List.of(
          "authenticateRateLimiterMaxTries",
          "authenticateRateLimiterDuration",
          "maximumClockSkew",
          "loginHistoryRetentionPeriod",
          "multipleLogin",
          "jwtSecret",
          "oauthOptions",
          "kubectlImage");
  private static final List<String> OAUTH =
      List.of(
          "issuer",
          "identityProviders",
          "clients",
          "accessTokenMaxAge",
          "accessTokenInactivityTimeout");
  private static final List<String> MULTICLUSTER =
      List.of(
          "enable",
          "proxyPublishService",
          "proxyPublishAddress",
          "agentImage",
          "clusterControllerResyncPeriod",
          "hostClusterName",
          "clusterName",
          "clusterRole");
  private static final List<String> GATEWAY =
      List.of("watchesPath", "namespace", "repository", "tag");

  private ConfigRewrite() {}

  /** Rewrites the ConfigMap of a cluster unless it says so already. */
  static void apply(ApiClient api, String clusterName) {
    var unused =
        api.edit(
            Kind.CONFIG_MAP,
            ClusterObject.NAMESPACE,
            "kubesphere-config",
            map -> {
              ObjectNode data = Json.at(map, "data");
              ObjectNode settings = Manifest.yaml(data.path(KEY).asText());
              if (!settings.path("multicluster").path("clusterName").asText().equals(clusterName)) {
                data.put(KEY, text(settings, clusterName));
              }
            });
  }

  static String text(ObjectNode settings, String clusterName) {
    Json.at(settings, "multicluster").put("clusterName", clusterName);
    ObjectNode written = ordered(settings, SECTIONS);
    if (written.get("authentication") instanceof ObjectNode authentication) {
      written.set("authentication", authentication(authentication));
    }
    written.set("multicluster", ordered(written.path("multicluster"), MULTICLUSTER));
    if (written.get("monitoring") instanceof ObjectNode monitoring
        && !monitoring.path("enableGPUMonitoring").asBoolean()) {
      monitoring.remove("enableGPUMonitoring");
    }
    if (written.has("gateway")) {
      written.set("gateway", ordered(written.path("gateway"), GATEWAY));
    }
    return YamlText.of(written);
  }

  private static ObjectNode authentication(ObjectNode given) {
    ObjectNode written = ordered(given, AUTHENTICATION);
    for (String field :
        List.of(
            "authenticateRateLimiterDuration", "maximumClockSkew", "loginHistoryRetentionPeriod")) {
      duration(written, field);
    }
    ObjectNode oauth = ordered(written.path("oauthOptions"), OAUTH);
    duration(oauth, "accessTokenMaxAge");
    if (!oauth.has("accessTokenMaxAge")) {
      // The zero of the type, also on a host whose text said nothing.
      oauth.put("accessTokenMaxAge", "0s");
    }
    if (!oauth.has("accessTokenInactivityTimeout")) {
      oauth.put("accessTokenInactivityTimeout", "0s");
    }
    duration(oauth, "accessTokenInactivityTimeout");
    written.set("oauthOptions", ordered(oauth, OAUTH));
    return written;
  }

  private static void duration(ObjectNode holder, String field) {
    JsonNode value = holder.get(field);
    if (value != null) {
      holder.set(field, TextNode.valueOf(GoDuration.text(GoDuration.parse(value.asText()))));
    }
  }

  private static ObjectNode ordered(JsonNode given, List<String> fields) {
    ObjectNode written = Json.object();
    for (String field : fields) {
      if (given.has(field)) {
        written.set(field, given.get(field).deepCopy());
      }
    }
    return written;
  }
}
