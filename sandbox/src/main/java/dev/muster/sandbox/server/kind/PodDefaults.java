package dev.muster.sandbox.server.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.server.json.Json;

/** What a real server fills into pod specs. */
final class PodDefaults {
  private PodDefaults() {}

  static void fill(ObjectNode spec) {
    Json.putIfAbsent(spec, "restartPolicy", "Always");
    Json.putIfAbsent(spec, "terminationGracePeriodSeconds", 30);
    Json.putIfAbsent(spec, "dnsPolicy", "ClusterFirst");
    Json.putIfAbsent(spec, "schedulerName", "default-scheduler");
    Json.putIfAbsent(spec, "securityContext", Json.object());
    // The old name of the field is kept in step with the new one, as a real server does.
    if (spec.hasNonNull("serviceAccountName")) {
      Json.putIfAbsent(spec, "serviceAccount", spec.path("serviceAccountName").asText());
    }
    for (String list : new String[] {"containers", "initContainers"}) {
      for (JsonNode container : spec.path(list)) {
        if (container instanceof ObjectNode object) {
          container(object);
        }
      }
    }
    for (JsonNode volume : spec.path("volumes")) {
      if (volume instanceof ObjectNode object) {
        volume(object);
      }
    }
  }

  private static void container(ObjectNode container) {
    Json.putIfAbsent(container, "terminationMessagePath", "/dev/termination-log");
    Json.putIfAbsent(container, "terminationMessagePolicy", "File");
    Json.putIfAbsent(container, "imagePullPolicy", pullPolicy(container.path("image").asText()));
    Json.putIfAbsent(container, "resources", Json.object());
    for (JsonNode port : container.path("ports")) {
      if (port instanceof ObjectNode object) {
        Json.putIfAbsent(object, "protocol", "TCP");
      }
    }
    for (JsonNode variable : container.path("env")) {
      if (variable.at("/valueFrom/fieldRef") instanceof ObjectNode reference) {
        Json.putIfAbsent(reference, "apiVersion", "v1");
      }
    }
    for (String probe : new String[] {"livenessProbe", "readinessProbe", "startupProbe"}) {
      if (container.get(probe) instanceof ObjectNode object) {
        probe(object);
      }
    }
  }

  private static void probe(ObjectNode probe) {
    Json.putIfAbsent(probe, "timeoutSeconds", 1);
    Json.putIfAbsent(probe, "periodSeconds", 10);
    Json.putIfAbsent(probe, "successThreshold", 1);
    Json.putIfAbsent(probe, "failureThreshold", 3);
    if (probe.get("httpGet") instanceof ObjectNode get) {
      Json.putIfAbsent(get, "path", "/");
      Json.putIfAbsent(get, "scheme", "HTTP");
    }
  }

  private static void volume(ObjectNode volume) {
    for (String source : new String[] {"secret", "configMap", "projected", "downwardAPI"}) {
      if (volume.get(source) instanceof ObjectNode object) {
        Json.putIfAbsent(object, "defaultMode", 420);
      }
    }
    if (volume.get("hostPath") instanceof ObjectNode object) {
      Json.putIfAbsent(object, "type", "");
    }
    if (volume.size() == 1) {
      volume.putObject("emptyDir"); // A volume that names no source is an empty directory.
    }
  }

  private static String pullPolicy(String image) {
    String last = image.substring(image.lastIndexOf('/') + 1);
    boolean latest = !last.contains("@") && (!last.contains(":") || last.endsWith(":latest"));
    return latest ? "Always" : "IfNotPresent";
  }
}
