package dev.muster.sandbox.controller.install;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.controller.env.KubeSphereVersion;
import java.util.Optional;

/**
 * Whether a ClusterConfiguration is in an older form than the installer's, and what becomes of it.
 * From 3.1 on the installer then deletes and creates the object, so that all it had besides spec
 * and status.clusterId is lost.
 */
final class Migration {
  private final KubeSphereVersion version;
  private final ObjectNode object;
  private final JsonNode spec;

  private Migration(KubeSphereVersion version, ObjectNode object) {
    this.version = version;
    this.object = object;
    this.spec = object.path("spec");
  }

  /** The object to create in place of this one; empty when it may stay. */
  static Optional<ObjectNode> of(KubeSphereVersion version, ObjectNode object) {
    Migration migration = new Migration(version, object);
    return version.atLeast(3, 1) && migration.isNeeded()
        ? Optional.of(migration.result())
        : Optional.empty();
  }

  private boolean isNeeded() {
    JsonNode core = object.path("status").path("core");
    boolean otherVersion = core.isObject() && !core.path("version").asText().equals(version.tag());
    return otherVersion
        || oldForm()
        || version.atLeast(3, 3) && oldFormFor33()
        || version.atLeast(3, 4) && oldFormFor34();
  }

  private boolean oldForm() {
    return spec.path("logging").has("logsidecarReplicas")
        || spec.has("notification")
        || spec.has("openpitrix") && !spec.path("openpitrix").has("store")
        || spec.has("networkpolicy");
  }

  private boolean oldFormFor33() {
    return !spec.has("terminal")
        || spec.has("servicemesh") && !spec.path("servicemesh").has("istio")
        || spec.has("kubeedge");
  }

  private boolean oldFormFor34() {
    JsonNode devops = spec.path("devops");
    return spec.has("events") && !spec.path("events").has("ruler")
        || devops.path("enabled").asBoolean()
            && (!devops.has("jenkinsCpuReq") || !devops.has("jenkinsCpuLim"));
  }

  private ObjectNode result() {
    ObjectNode created = Json.object();
    ObjectNode metadata = created.putObject("metadata");
    metadata.put("name", Json.name(object)).put("namespace", Json.namespace(object));
    metadata.putObject("labels").put("version", version.tag());
    ObjectNode migrated = spec instanceof ObjectNode given ? given.deepCopy() : Json.object();
    created.set("spec", migrated);
    migrate(migrated);
    ObjectNode status = created.putObject("status");
    JsonNode clusterId = object.path("status").path("clusterId");
    if (!clusterId.isMissingNode()) {
      status.set("clusterId", clusterId);
    }
    return created;
  }

  private void migrate(ObjectNode migrated) {
    ObjectNode logging = Json.at(migrated, "logging");
    JsonNode replicas = logging.remove("logsidecarReplicas");
    if (replicas != null) {
      Json.at(migrated, "logging", "logsidecar").put("enabled", true).set("replicas", replicas);
    }
    migrated.remove("notification");
    if (migrated.has("openpitrix") && !migrated.path("openpitrix").has("store")) {
      migrated.putObject("openpitrix").putObject("store").put("enabled", false);
    }
    JsonNode policy = migrated.remove("networkpolicy");
    if (policy != null) {
      Json.at(migrated, "network").set("networkpolicy", policy);
    }
    ObjectNode common = Json.at(migrated, "common");
    for (String store : new String[] {"redis", "openldap"}) {
      if (!object.path("status").path(store).path("status").asText().equals("enabled")) {
        common.putObject(store).put("enabled", false);
      }
    }
    if (version.atLeast(3, 3)) {
      migrateTo33(migrated);
    }
    if (version.atLeast(3, 4)) {
      migrateTo34(migrated);
    }
  }

  private static void migrateTo33(ObjectNode migrated) {
    if (!migrated.has("terminal")) {
      migrated.putObject("terminal").put("timeout", 600);
    }
    if (migrated.has("servicemesh") && !migrated.path("servicemesh").has("istio")) {
      ObjectNode components = Json.at(migrated, "servicemesh", "istio", "components");
      components
          .putArray("ingressGateways")
          .addObject()
          .put("name", "istio-ingressgateway")
          .put("enabled", false);
      components.putObject("cni").put("enabled", false);
    }
    JsonNode edge = migrated.remove("kubeedge");
    if (edge != null) {
      ObjectNode runtime = Json.at(migrated, "edgeruntime");
      runtime.put("enabled", edge.path("enabled").asBoolean());
      runtime.set("kubeedge", edge);
    }
  }

  private static void migrateTo34(ObjectNode migrated) {
    if (migrated.has("events") && !migrated.path("events").has("ruler")) {
      Json.at(migrated, "events", "ruler").put("enabled", true).put("replicas", 2);
    }
    ObjectNode devops = Json.at(migrated, "devops");
    if (!devops.has("jenkinsCpuReq")) {
      devops.put("jenkinsCpuReq", 0.5);
    }
    if (!devops.has("jenkinsCpuLim")) {
      devops.put("jenkinsCpuLim", 1);
    }
  }
}
