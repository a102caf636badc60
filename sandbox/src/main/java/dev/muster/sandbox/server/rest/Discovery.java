package dev.muster.sandbox.server.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.server.http.Exchange;
import dev.muster.sandbox.server.json.Json;
import dev.muster.sandbox.server.kind.KindInfo;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Says which groups, versions and resources there are, in the plain and in the aggregated form. */
final class Discovery {
  private static final List<String> VERBS =
      List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

  private final Backend backend;

  Discovery(Backend backend) {
    this.backend = backend;
  }

  private Map<String, Map<String, List<KindInfo>>> groups() {
    Map<String, Map<String, List<KindInfo>>> groups =
        new LinkedHashMap<>(backend.kinds().byGroupAndVersion());
    groups.put(Reviews.GROUP, Map.of("v1", List.of()));
    return groups;
  }

  /** Answers a path that belongs to discovery; false for any other path. */
  boolean serve(Exchange exchange, List<String> path) throws IOException {
    if (path.isEmpty()) {
      return false;
    }
    boolean core = path.get(0).equals("api");
    if (!core && !path.get(0).equals("apis")) {
      return false;
    }
    String accept = exchange.request().header("accept").orElse("");
    if (path.size() == 1) {
      if (accept.contains("as=APIGroupDiscoveryList")) {
        String version = accept.contains("v=v2;") ? "v2" : "v2beta1";
        exchange.send(
            200,
            "application/json;g=apidiscovery.k8s.io;v=" + version + ";as=APIGroupDiscoveryList",
            Json.bytes(aggregated(core, version)));
      } else {
        send(exchange, core ? coreVersions() : groupList());
      }
      return true;
    }
    String group = core ? "" : path.get(1);
    Map<String, List<KindInfo>> versions = groups().get(group);
    if (versions == null) {
      return false;
    }
    if (!core && path.size() == 2) {
      send(exchange, group(group, versions).put("kind", "APIGroup").put("apiVersion", "v1"));
      return true;
    }
    String version = path.get(core ? 1 : 2);
    if (path.size() != (core ? 2 : 3) || !versions.containsKey(version)) {
      return false;
    }
    send(exchange, resources(group, version, versions.getOrDefault(version, List.of())));
    return true;
  }

  private static void send(Exchange exchange, ObjectNode body) throws IOException {
    exchange.send(200, "application/json", Json.bytes(body));
  }

  private static ObjectNode coreVersions() {
    ObjectNode list = Json.object().put("kind", "APIVersions");
    list.putArray("versions").add("v1");
    list.putArray("serverAddressByClientCIDRs");
    return list;
  }

  private ObjectNode groupList() {
    ObjectNode list = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
    ArrayNode groups = list.putArray("groups");
    groups()
        .forEach(
            (name, versions) -> {
              if (!name.isEmpty()) {
                groups.add(group(name, versions));
              }
            });
    return list;
  }

  private static ObjectNode group(String name, Map<String, List<KindInfo>> versions) {
    ObjectNode group = Json.object().put("name", name);
    ArrayNode list = group.putArray("versions");
    for (String version : versions.keySet()) {
      list.addObject().put("groupVersion", name + "/" + version).put("version", version);
    }
    group.set("preferredVersion", list.get(0).deepCopy());
    return group;
  }

  private static ObjectNode resources(String group, String version, List<KindInfo> kinds) {
    ObjectNode list = Json.object().put("kind", "APIResourceList").put("apiVersion", "v1");
    list.put("groupVersion", group.isEmpty() ? version : group + "/" + version);
    ArrayNode resources = list.putArray("resources");
    if (group.equals(Reviews.GROUP)) {
      review(resources, Reviews.ACCESS, "SelfSubjectAccessReview");
      review(resources, Reviews.RULES, "SelfSubjectRulesReview");
    }
    for (KindInfo kind : kinds) {
      ObjectNode resource = resources.addObject();
      resource.put("name", kind.plural()).put("singularName", kind.singular());
      resource.put("namespaced", kind.namespaced()).put("kind", kind.kind());
      texts(resource.putArray("verbs"), VERBS);
      names(resource, kind);
      if (kind.statusSubresource()) {
        subresource(resources, kind, "status", kind.kind());
      }
      if (Scale.has(kind)) {
        subresource(resources, kind, "scale", "Scale")
            .put("group", "autoscaling")
            .put("version", "v1");
      }
      if (kind.groupKind().equals("Pod")) {
        subresource(resources, kind, "log", "Pod");
      }
      if (kind.groupKind().equals("Service")) {
        subresource(resources, kind, "proxy", "ServiceProxyOptions");
      }
    }
    return list;
  }

  private static void review(ArrayNode resources, String plural, String kind) {
    ObjectNode resource = resources.addObject().put("name", plural).put("singularName", "");
    resource.put("namespaced", false).put("kind", kind).putArray("verbs").add("create");
  }

  private static ObjectNode subresource(
      ArrayNode resources, KindInfo kind, String name, String shown) {
    ObjectNode sub = resources.addObject().put("name", kind.plural() + "/" + name);
    sub.put("singularName", "").put("namespaced", kind.namespaced()).put("kind", shown);
    texts(sub.putArray("verbs"), subresourceVerbs(name));
    return sub;
  }

  private static List<String> subresourceVerbs(String name) {
    return name.equals("log") ? List.of("get") : List.of("get", "patch", "update");
  }

  private static void names(ObjectNode resource, KindInfo kind) {
    if (!kind.shortNames().isEmpty()) {
      texts(resource.putArray("shortNames"), kind.shortNames());
    }
    if (!kind.categories().isEmpty()) {
      texts(resource.putArray("categories"), kind.categories());
    }
  }

  private static void texts(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }

  private ObjectNode aggregated(boolean core, String format) {
    ObjectNode list = Json.object().put("kind", "APIGroupDiscoveryList");
    list.put("apiVersion", "apidiscovery.k8s.io/" + format).putObject("metadata");
    ArrayNode items = list.putArray("items");
    groups()
        .forEach(
            (group, versions) -> {
              if (core == group.isEmpty()) {
                ObjectNode item = items.addObject();
                ObjectNode metadata = item.putObject("metadata").putNull("creationTimestamp");
                if (!core) {
                  metadata.put("name", group);
                }
                ArrayNode shown = item.putArray("versions");
                versions.forEach(
                    (version, kinds) -> {
                      ObjectNode entry = shown.addObject().put("version", version);
                      entry.put("freshness", "Current");
                      aggregated(entry.putArray("resources"), group, kinds);
                    });
              }
            });
    return list;
  }

  private static void aggregated(ArrayNode resources, String group, List<KindInfo> kinds) {
    if (group.equals(Reviews.GROUP)) {
      aggregatedReview(resources, Reviews.ACCESS, "SelfSubjectAccessReview");
      aggregatedReview(resources, Reviews.RULES, "SelfSubjectRulesReview");
    }
    for (KindInfo kind : kinds) {
      ObjectNode resource = resources.addObject().put("resource", kind.plural());
      responseKind(resource, kind.group(), kind.version(), kind.kind());
      resource.put("scope", kind.namespaced() ? "Namespaced" : "Cluster");
      resource.put("singularResource", kind.singular());
      texts(resource.putArray("verbs"), VERBS);
      names(resource, kind);
      ArrayNode subs = Json.array();
      if (kind.statusSubresource()) {
        ObjectNode sub = subs.addObject().put("subresource", "status");
        responseKind(sub, kind.group(), kind.version(), kind.kind());
        texts(sub.putArray("verbs"), subresourceVerbs("status"));
      }
      if (Scale.has(kind)) {
        ObjectNode sub = subs.addObject().put("subresource", "scale");
        responseKind(sub, "autoscaling", "v1", "Scale");
        texts(sub.putArray("verbs"), subresourceVerbs("scale"));
      }
      if (kind.groupKind().equals("Pod")) {
        ObjectNode sub = subs.addObject().put("subresource", "log");
        responseKind(sub, "", "v1", "Pod");
        texts(sub.putArray("verbs"), subresourceVerbs("log"));
      }
      if (!subs.isEmpty()) {
        resource.set("subresources", subs);
      }
    }
  }

  private static void aggregatedReview(ArrayNode resources, String plural, String kind) {
    ObjectNode resource = resources.addObject().put("resource", plural);
    responseKind(resource, Reviews.GROUP, "v1", kind);
    resource.put("scope", "Cluster").put("singularResource", kind).putArray("verbs").add("create");
  }

  private static void responseKind(ObjectNode owner, String group, String version, String kind) {
    owner.putObject("responseKind").put("group", group).put("version", version).put("kind", kind);
  }
}
