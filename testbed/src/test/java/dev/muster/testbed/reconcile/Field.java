package dev.muster.testbed.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.controller.env.Manifest;
import java.util.Iterator;
import java.util.Optional;

/**
 * One field of an object that a plan may declare.
 *
 * @param path a JSON pointer; {@code settings:size} is a key of the text in data['settings.yaml'],
 *     {@code env:WATER} a variable of the first container
 * @param restored whether it goes back to what muster replaced
 */
record Field(String cluster, String object, String path, boolean restored) {
  JsonNode in(Optional<ObjectNode> object) {
    if (object.isEmpty()) {
      return MissingNode.getInstance();
    }
    ObjectNode tree = object.get();
    if (path.startsWith("settings:")) {
      return settings(tree).path(path.substring(9));
    }
    if (path.startsWith("env:")) {
      for (JsonNode variable : tree.at("/spec/template/spec/containers/0/env")) {
        if (variable.path("name").asText().equals(path.substring(4))) {
          return variable.path("value");
        }
      }
      return MissingNode.getInstance();
    }
    return tree.at(path);
  }

  /** Takes it out of a copy of the object, so that the rest can be compared. */
  void without(ObjectNode tree) {
    if (path.startsWith("settings:")) {
      JsonNode settings = settings(tree);
      if (settings instanceof ObjectNode map) {
        map.remove(path.substring(9));
        ((ObjectNode) tree.path("data")).set("settings.yaml", map);
      }
    } else if (path.startsWith("env:")) {
      if (tree.at("/spec/template/spec/containers/0/env") instanceof ArrayNode env) {
        for (Iterator<JsonNode> all = env.iterator(); all.hasNext(); ) {
          if (all.next().path("name").asText().equals(path.substring(4))) {
            all.remove();
          }
        }
      }
    } else {
      int last = path.lastIndexOf('/');
      JsonNode parent = tree.at(path.substring(0, last));
      if (parent instanceof ObjectNode map) {
        map.remove(path.substring(last + 1).replace("~1", "/"));
      } else if (parent instanceof ArrayNode) {
        throw new IllegalStateException("no list elements: " + path);
      }
    }
  }

  private static JsonNode settings(ObjectNode tree) {
    JsonNode text = tree.path("data").path("settings.yaml");
    return text.isTextual() ? Manifest.yaml(text.asText()) : text;
  }

  @Override
  public String toString() {
    return cluster + " " + object + " " + path;
  }
}
