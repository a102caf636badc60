package dev.muster.sandbox.server.kind;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What kubectl shows of the built-in kinds between NAME and AGE. */
final class BuiltInColumns {
  static final List<Column> NAMESPACE =
      List.of(Column.text("Status", o -> o.at("/status/phase").asText()));

  static final List<Column> NODE =
      List.of(
          Column.text("Status", BuiltInColumns::nodeStatus),
          Column.text("Roles", BuiltInColumns::nodeRoles),
          Column.text("Version", o -> o.at("/status/nodeInfo/kubeletVersion").asText()),
          Column.wide("Internal-IP", o -> orNone(o.at("/status/addresses/0/address").asText())));

  static final List<Column> POD =
      List.of(
          Column.text("Ready", BuiltInColumns::readyContainers),
          Column.text("Status", BuiltInColumns::podStatus),
          Column.text("Restarts", BuiltInColumns::restarts),
          Column.wide("IP", o -> orNone(o.at("/status/podIP").asText())),
          Column.wide("Node", o -> orNone(o.at("/spec/nodeName").asText())));

  static final List<Column> SERVICE =
      List.of(
          Column.text("Type", o -> o.at("/spec/type").asText()),
          Column.text("Cluster-IP", o -> orNone(o.at("/spec/clusterIP").asText())),
          Column.text("External-IP", BuiltInColumns::externalAddress),
          Column.text("Port(s)", BuiltInColumns::ports));

  static final List<Column> CONFIG_MAP =
      List.of(
          Column.text(
              "Data", o -> String.valueOf(count(o.path("data")) + count(o.path("binaryData")))));

  static final List<Column> SECRET =
      List.of(
          Column.text("Type", o -> o.path("type").asText()),
          Column.text("Data", o -> String.valueOf(count(o.path("data")))));

  static final List<Column> EVENT =
      List.of(
          Column.jsonPath("Last Seen", "date", 0, ".lastTimestamp"),
          Column.text("Type", o -> o.path("type").asText()),
          Column.text("Reason", o -> o.path("reason").asText()),
          Column.text(
              "Object",
              o ->
                  o.at("/involvedObject/kind").asText().toLowerCase(Locale.ROOT)
                      + "/"
                      + o.at("/involvedObject/name").asText()),
          Column.text("Message", o -> o.path("message").asText().strip()));

  static final List<Column> DEPLOYMENT =
      List.of(
          Column.text("Ready", o -> ratio(o, "readyReplicas")),
          Column.text("Up-to-date", o -> number(o, "/status/updatedReplicas")),
          Column.text("Available", o -> number(o, "/status/availableReplicas")),
          Column.wide("Images", BuiltInColumns::images));

  static final List<Column> STATEFUL_SET =
      List.of(
          Column.text("Ready", o -> ratio(o, "readyReplicas")),
          Column.wide("Images", BuiltInColumns::images));

  static final List<Column> REPLICA_SET =
      List.of(
          Column.text("Desired", o -> number(o, "/spec/replicas")),
          Column.text("Current", o -> number(o, "/status/replicas")),
          Column.text("Ready", o -> number(o, "/status/readyReplicas")));

  static final List<Column> LEASE =
      List.of(Column.text("Holder", o -> o.at("/spec/holderIdentity").asText()));

  static final List<Column> STORAGE_CLASS =
      List.of(
          Column.text("Provisioner", o -> o.path("provisioner").asText()),
          Column.text("ReclaimPolicy", o -> o.path("reclaimPolicy").asText("Delete")));

  private BuiltInColumns() {}

  private static String orNone(String text) {
    return text.isEmpty() ? "<none>" : text;
  }

  private static int count(JsonNode map) {
    return map.size();
  }

  private static String number(JsonNode object, String pointer) {
    return String.valueOf(object.at(pointer).asInt());
  }

  private static String ratio(JsonNode object, String field) {
    return object.path("status").path(field).asInt() + "/" + object.at("/spec/replicas").asInt();
  }

  private static String images(JsonNode object) {
    List<String> images = new ArrayList<>();
    object.at("/spec/template/spec/containers").forEach(c -> images.add(c.path("image").asText()));
    return String.join(",", images);
  }

  private static String nodeStatus(JsonNode node) {
    for (JsonNode condition : node.at("/status/conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        return condition.path("status").asText().equals("True") ? "Ready" : "NotReady";
      }
    }
    return "Unknown";
  }

  private static String nodeRoles(JsonNode node) {
    String prefix = "node-role.kubernetes.io/";
    List<String> roles = new ArrayList<>();
    node.at("/metadata/labels")
        .fieldNames()
        .forEachRemaining(
            label -> {
              if (label.startsWith(prefix)) {
                roles.add(label.substring(prefix.length()));
              }
            });
    return orNone(String.join(",", roles));
  }

  private static String readyContainers(JsonNode pod) {
    int ready = 0;
    for (JsonNode status : pod.at("/status/containerStatuses")) {
      ready += status.path("ready").asBoolean() ? 1 : 0;
    }
    return ready + "/" + pod.at("/spec/containers").size();
  }

  private static String podStatus(JsonNode pod) {
    if (pod.path("metadata").has("deletionTimestamp")) {
      return "Terminating";
    }
    for (JsonNode status : pod.at("/status/containerStatuses")) {
      String waiting = status.at("/state/waiting/reason").asText();
      if (!waiting.isEmpty()) {
        return waiting;
      }
    }
    return pod.at("/status/phase").asText();
  }

  private static String restarts(JsonNode pod) {
    int restarts = 0;
    for (JsonNode status : pod.at("/status/containerStatuses")) {
      restarts += status.path("restartCount").asInt();
    }
    return String.valueOf(restarts);
  }

  private static String externalAddress(JsonNode service) {
    List<String> addresses = new ArrayList<>();
    for (JsonNode ingress : service.at("/status/loadBalancer/ingress")) {
      addresses.add(ingress.path("ip").asText(ingress.path("hostname").asText()));
    }
    service.at("/spec/externalIPs").forEach(ip -> addresses.add(ip.asText()));
    if (addresses.isEmpty()) {
      return service.at("/spec/type").asText().equals("LoadBalancer") ? "<pending>" : "<none>";
    }
    return String.join(",", addresses);
  }

  private static String ports(JsonNode service) {
    List<String> ports = new ArrayList<>();
    for (JsonNode port : service.at("/spec/ports")) {
      String nodePort = port.has("nodePort") ? ":" + port.path("nodePort").asInt() : "";
      ports.add(port.path("port").asInt() + nodePort + "/" + port.path("protocol").asText("TCP"));
    }
    return orNone(String.join(",", ports));
  }
}
