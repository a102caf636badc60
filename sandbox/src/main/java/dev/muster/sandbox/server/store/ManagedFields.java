package dev.muster.sandbox.server.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.server.json.Json;
import dev.muster.sandbox.server.json.ListKeys;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps metadata.managedFields: which manager last wrote which field, by comparing what was with
 * what is.
 */
public final class ManagedFields {
  private static final Set<String> NOT_MANAGED =
      Set.of(
          "name",
          "namespace",
          "uid",
          "resourceVersion",
          "generation",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "selfLink",
          "managedFields");

  private final boolean typed;

  private ManagedFields(boolean typed) {
    this.typed = typed;
  }

  /** Who writes, when and through which subresource (empty for the object itself). */
  public record Writer(String manager, String subresource, String time) {}

  /**
   * Gives {@code after} the managed fields of {@code before} with this write added; typed kinds own
   * the elements of their keyed lists one by one, other kinds own lists as a whole.
   */
  public static void update(ObjectNode before, ObjectNode after, Writer writer, boolean typed) {
    ManagedFields run = new ManagedFields(typed);
    Map<List<String>, JsonNode> was = run.leaves(before);
    Map<List<String>, JsonNode> is = run.leaves(after);
    Set<List<String>> changed = new LinkedHashSet<>();
    is.forEach(
        (path, value) -> {
          JsonNode old = was.get(path);
          if (old == null || !Json.same(old, value)) {
            changed.add(path);
          }
        });
    Set<List<String>> lost = new HashSet<>(changed);
    was.keySet().stream().filter(path -> !is.containsKey(path)).forEach(lost::add);

    ArrayNode entries = Json.array();
    Set<List<String>> own = new LinkedHashSet<>();
    String apiVersion = after.path("apiVersion").asText();
    for (JsonNode entry : before.path("metadata").path("managedFields")) {
      Set<List<String>> paths = new LinkedHashSet<>();
      paths(entry.path("fieldsV1"), List.of(), paths);
      if (entry.path("manager").asText().equals(writer.manager())
          && entry.path("operation").asText().equals("Update")
          && entry.path("subresource").asText("").equals(writer.subresource())) {
        own.addAll(paths);
        if (changed.isEmpty()) {
          own.removeAll(lost);
          addEntry(entries, entry, own);
        }
      } else {
        paths.removeAll(lost);
        addEntry(entries, entry, paths);
      }
    }
    if (!changed.isEmpty()) {
      own.removeAll(lost);
      own.addAll(changed);
      ObjectNode entry = Json.object();
      entry
          .put("manager", writer.manager())
          .put("operation", "Update")
          .put("apiVersion", apiVersion)
          .put("time", writer.time())
          .put("fieldsType", "FieldsV1");
      if (!writer.subresource().isEmpty()) {
        entry.put("subresource", writer.subresource());
      }
      addEntry(entries, entry, own);
    }
    ObjectNode metadata = Json.child(after, "metadata");
    if (entries.isEmpty()) {
      metadata.remove("managedFields");
    } else {
      metadata.set("managedFields", entries);
    }
  }

  private static void addEntry(ArrayNode entries, JsonNode entry, Set<List<String>> paths) {
    if (!paths.isEmpty()) {
      ObjectNode copy = entry.deepCopy();
      copy.set("fieldsV1", tree(paths));
      entries.add(copy);
    }
  }

  private Map<List<String>, JsonNode> leaves(ObjectNode object) {
    Map<List<String>, JsonNode> leaves = new LinkedHashMap<>();
    object
        .fields()
        .forEachRemaining(
            field -> {
              switch (field.getKey()) {
                case "apiVersion", "kind" -> {}
                case "metadata" -> {
                  ObjectNode rest = Json.object();
                  field
                      .getValue()
                      .fields()
                      .forEachRemaining(
                          meta -> {
                            if (!NOT_MANAGED.contains(meta.getKey())) {
                              rest.set(meta.getKey(), meta.getValue());
                            }
                          });
                  if (!rest.isEmpty()) {
                    walk(rest, "metadata", List.of("f:metadata"), leaves);
                  }
                }
                default ->
                    walk(field.getValue(), field.getKey(), List.of("f:" + field.getKey()), leaves);
              }
            });
    return leaves;
  }

  private void walk(
      JsonNode value, String name, List<String> path, Map<List<String>, JsonNode> leaves) {
    if (value.isObject() && !value.isEmpty()) {
      value
          .fields()
          .forEachRemaining(
              field ->
                  walk(
                      field.getValue(), field.getKey(), plus(path, "f:" + field.getKey()), leaves));
      return;
    }
    if (value.isArray() && name.equals("finalizers")) {
      value.forEach(element -> leaves.put(plus(path, "v:" + element), element));
      return;
    }
    List<String> keys =
        typed || name.equals("ownerReferences") ? ListKeys.of(name, value) : List.of();
    if (keys.isEmpty()) {
      leaves.put(path, value);
      return;
    }
    for (JsonNode element : value) {
      ObjectNode identity = Json.object();
      keys.forEach(key -> identity.set(key, element.path(key)));
      List<String> below = plus(path, "k:" + identity);
      leaves.put(plus(below, "."), Json.object());
      element
          .fields()
          .forEachRemaining(
              field ->
                  walk(
                      field.getValue(),
                      field.getKey(),
                      plus(below, "f:" + field.getKey()),
                      leaves));
    }
  }

  private static List<String> plus(List<String> path, String step) {
    List<String> longer = new ArrayList<>(path);
    longer.add(step);
    return List.copyOf(longer);
  }

  private static void paths(JsonNode fields, List<String> path, Set<List<String>> found) {
    if (fields.isEmpty()) {
      if (!path.isEmpty()) {
        found.add(path);
      }
      return;
    }
    fields
        .fields()
        .forEachRemaining(field -> paths(field.getValue(), plus(path, field.getKey()), found));
  }

  private static ObjectNode tree(Set<List<String>> paths) {
    ObjectNode root = Json.object();
    for (List<String> path : paths) {
      ObjectNode at = root;
      for (String step : path) {
        at = Json.child(at, step);
      }
    }
    return root;
  }

  /** True when two states differ in nothing but the bookkeeping of who wrote. */
  public static boolean sameButForManagers(ObjectNode a, ObjectNode b) {
    return Json.same(without(a), without(b));
  }

  private static ObjectNode without(ObjectNode object) {
    JsonNode metadata = object.get("metadata");
    ObjectNode copy = Json.object();
    copy.setAll(object);
    if (metadata instanceof ObjectNode fields) {
      ObjectNode rest = Json.object();
      rest.setAll(fields);
      rest.remove("managedFields");
      copy.set("metadata", rest);
    }
    return copy;
  }
}
