package dev.muster.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.sandbox.controller.env.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One write that a plan stands for.
 *
 * @param patch its entry in {@code plan -o patch}
 * @param fields its fields in {@code plan -o json}
 */
record PlannedWrite(JsonNode patch, JsonNode fields) {
  boolean pending() {
    return action().equals("pending");
  }

  private String action() {
    return patch.path("action").asText();
  }

  boolean names(String cluster, Audit.Request request) {
    boolean creates = request.verb().equals("create");
    String path = creates ? collection() : collection() + "/" + patch.at("/ref/name").asText();
    return cluster.equals(patch.path("cluster").asText())
        && path.equals(request.path())
        && (!creates || request.body().at("/metadata/name").equals(patch.at("/ref/name")))
        && (action().equals(request.verb())
            || (pending() && (creates || request.verb().equals("patch"))));
  }

  private String collection() {
    String version = patch.at("/ref/apiVersion").asText();
    String namespace = patch.at("/ref/namespace").asText();
    return (version.contains("/") ? "/apis/" : "/api/")
        + version
        + (namespace.isEmpty() ? "" : "/namespaces/" + namespace)
        + "/"
        + patch.at("/ref/kind").asText().toLowerCase(Locale.ROOT)
        + "s";
  }

  List<String> differences(Audit.Request request) {
    List<String> found = new ArrayList<>();
    boolean creates = request.verb().equals("create");
    if (patch.path("fromManifest").asBoolean() || request.verb().equals("delete")) {
      return found;
    }
    if (creates) {
      if (!builtIn()) {
        leaves("", request.body(), found);
      }
      for (JsonNode field : fields) {
        JsonNode at = FieldPlace.of(field.path("path").asText()).in(request.body());
        boolean later = field.has("knownAfter") || field.path("sensitive").asBoolean();
        if (!later && !at.equals(field.path("after")) && !field.has("generated")) {
          found.add(field.path("path").asText() + " is " + at);
        }
      }
    } else if (pending()) {
      pendingPatch(request.body(), found);
    } else {
      plannedPatch(request.body(), found);
    }
    return found;
  }

  /** Of a kind of its own, a server tells a new object with the defaults that it fills in. */
  private boolean builtIn() {
    String group = patch.at("/ref/apiVersion").asText().replaceFirst("/?[^/]*$", "");
    return !group.contains(".") || group.endsWith(".k8s.io");
  }

  /** Each value of a new object has to stand in the plan. */
  private void leaves(String pointer, JsonNode node, List<String> found) {
    if (List.of("/apiVersion", "/kind", "/metadata/name", "/metadata/namespace").contains(pointer)
        || (!pointer.isEmpty() && planned(pointer))) {
      return;
    }
    if (node.isObject() && !node.isEmpty()) {
      node.fields()
          .forEachRemaining(
              field -> leaves(pointer + "/" + escape(field.getKey()), field.getValue(), found));
    } else if (node.isArray() && !node.isEmpty()) {
      for (int i = 0; i < node.size(); i++) {
        leaves(pointer + "/" + i, node.get(i), found);
      }
    } else if (!mergeKey(pointer)) {
      found.add("unplanned value at " + pointer);
    }
  }

  private boolean planned(String pointer) {
    for (JsonNode field : fields) {
      if (FieldPlace.of(field.path("path").asText()).covers(pointer)) {
        return true;
      }
    }
    return false;
  }

  /** A command line is planned argument by argument and written as a whole. */
  private boolean opened(String pointer) {
    for (JsonNode field : fields) {
      if (FieldPlace.of(field.path("path").asText()).isElementOf(pointer)) {
        return true;
      }
    }
    return false;
  }

  /** The name in {@code containers[name=agent]} is told by the paths of the other fields. */
  private boolean mergeKey(String pointer) {
    String parent = pointer.substring(0, pointer.lastIndexOf('/'));
    String key = pointer.substring(pointer.lastIndexOf('/') + 1);
    for (JsonNode field : fields) {
      if (FieldPlace.of(field.path("path").asText()).passes(parent, key)) {
        return true;
      }
    }
    return false;
  }

  /** Its operations are not known yet, its fields are. */
  private void pendingPatch(JsonNode operations, List<String> found) {
    for (JsonNode operation : operations) {
      String path = operation.path("path").asText();
      if (!operation.path("op").asText().equals("test")
          && !planned(path)
          && !opened(path)
          && !document(path)) {
        found.add("unplanned operation at " + path);
      }
    }
  }

  private boolean document(String pointer) {
    return pointer.startsWith("/data/");
  }

  private void plannedPatch(JsonNode operations, List<String> found) {
    int next = 0;
    for (JsonNode planned : patch.path("patch")) {
      if (planned.has("fields") && next < operations.size() - 1) {
        next++; // The test of the whole old text, which the plan tells by its fingerprint.
      }
      if (next >= operations.size()) {
        found.add("not in the request: " + planned);
        return;
      }
      JsonNode sent = operations.get(next++);
      if (!sent.path("op").equals(planned.path("op"))
          || !sent.path("path").equals(planned.path("path"))) {
        found.add("planned " + planned + ", sent " + sent);
      } else if (planned.has("fields")) {
        document(planned, sent, found);
      } else if (!secret(planned.path("value"))
          && !sent.path("value").equals(planned.path("value"))) {
        found.add("planned " + planned + ", sent " + sent);
      }
    }
    for (int i = next; i < operations.size(); i++) {
      found.add("unplanned operation " + operations.get(i));
    }
  }

  private static void document(JsonNode planned, JsonNode sent, List<String> found) {
    JsonNode text = Manifest.yaml(sent.path("value").asText());
    for (JsonNode field : planned.path("fields")) {
      JsonNode is = FieldPlace.of(field.path("field").asText()).withoutFirst().in(text);
      boolean removed = field.path("op").asText().equals("remove");
      boolean right = removed ? is.isMissingNode() : is.equals(field.path("to"));
      if (!right && !secret(field.path("to"))) {
        found.add(field.path("field").asText() + " is " + is + ", planned " + field);
      }
    }
  }

  private static boolean secret(JsonNode value) {
    String text = value.asText();
    return text.startsWith("(sensitive")
        || text.startsWith("known after")
        || text.startsWith("generated when written");
  }

  private static String escape(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }

  @Override
  public String toString() {
    return patch.path("cluster").asText()
        + ": "
        + action()
        + " "
        + collection()
        + "/"
        + patch.at("/ref/name").asText();
  }
}
