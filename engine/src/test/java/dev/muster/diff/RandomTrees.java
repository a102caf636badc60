package dev.muster.diff;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.resource.Declared;
import dev.muster.resource.FieldPath;
import dev.muster.resource.FieldRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;

/**
 * Random objects and declarations of them, and the search for a smaller case that still fails. A
 * declaration is written as JSON, so that both shrink alike: maps are fields, lists are items,
 * {@code {"$known": v}} is a whole, {@code {"$generated": n}} a random value, null a removal.
 */
final class RandomTrees {
  /**
   * @param removed a list of paths, each a list of segments
   */
  record Case(JsonNode live, JsonNode declared, JsonNode removed) {}

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String[] KEYS = {"a", "b~/", "c", "list"};
  private static final String[] NAMES = {"n0", "n1", "n2", "n3"};

  private final Random random;

  RandomTrees(long seed) {
    this.random = new Random(seed);
  }

  Case next() {
    ObjectNode live = object(3);
    live.set("metadata", JSON.objectNode().put("uid", "u-1").put("name", "x"));
    JsonNode declared = declared(live, 3, "");
    ArrayNode removed = JSON.arrayNode();
    for (int i = random.nextInt(3); i > 0; i--) {
      removed.add(path(live));
    }
    return new Case(live, declared, removed);
  }

  /** Every list under the key {@code list} merges by name, down to some depth. */
  static FieldRules rules() {
    Map<String, String> keys = new HashMap<>();
    List<String> parents = new ArrayList<>(List.of(""));
    for (int depth = 0; depth < 5; depth++) {
      List<String> deeper = new ArrayList<>();
      for (String parent : parents) {
        keys.put(parent + "list", "name");
        for (String key : KEYS) {
          deeper.add(parent + key + ".");
        }
      }
      parents = deeper;
    }
    return new FieldRules(keys, List.of(), Map.of());
  }

  static Declared declaration(JsonNode written) {
    if (written.has("$known")) {
      return new Declared.Known(written.get("$known"), false);
    }
    if (written.has("$generated")) {
      return new Declared.Generated("abc", written.get("$generated").asInt());
    }
    if (written.isObject()) {
      Map<String, Declared> entries = new LinkedHashMap<>();
      written.properties().forEach(f -> entries.put(f.getKey(), declaration(f.getValue())));
      return new Declared.Fields(entries);
    }
    if (written.isArray()) {
      List<Declared> elements = new ArrayList<>();
      written.forEach(element -> elements.add(declaration(element)));
      return new Declared.Items(elements);
    }
    return new Declared.Known(written, false);
  }

  static List<FieldPath> paths(JsonNode removed) {
    List<FieldPath> paths = new ArrayList<>();
    for (JsonNode path : removed) {
      List<String> segments = new ArrayList<>();
      path.forEach(segment -> segments.add(segment.asText()));
      if (!segments.isEmpty()) {
        paths.add(new FieldPath(segments));
      }
    }
    return paths;
  }

  /** Leaves out one node after the other for as long as the case still fails. */
  static Case shrunk(Case failing, Predicate<Case> fails) {
    Case smallest = failing;
    boolean smaller = true;
    while (smaller) {
      smaller = false;
      for (Case candidate : candidates(smallest)) {
        if (fails.test(candidate)) {
          smallest = candidate;
          smaller = true;
          break;
        }
      }
    }
    return smallest;
  }

  private static List<Case> candidates(Case from) {
    List<Case> candidates = new ArrayList<>();
    for (JsonNode live : smaller(from.live())) {
      if (!live.at("/metadata/uid").isMissingNode()) {
        candidates.add(new Case(live, from.declared(), from.removed()));
      }
    }
    smaller(from.declared()).forEach(d -> candidates.add(new Case(from.live(), d, from.removed())));
    smaller(from.removed()).forEach(r -> candidates.add(new Case(from.live(), from.declared(), r)));
    return candidates;
  }

  private static List<JsonNode> smaller(JsonNode tree) {
    List<JsonNode> smaller = new ArrayList<>();
    if (tree instanceof ObjectNode object) {
      for (var field : object.properties()) {
        smaller.add(object.deepCopy().without(field.getKey()));
        for (JsonNode less : smaller(field.getValue())) {
          smaller.add(object.deepCopy().set(field.getKey(), less));
        }
      }
    } else if (tree instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        ArrayNode without = array.deepCopy();
        without.remove(i);
        smaller.add(without);
        for (JsonNode less : smaller(array.get(i))) {
          ArrayNode copy = array.deepCopy();
          copy.set(i, less);
          smaller.add(copy);
        }
      }
    }
    return smaller;
  }

  private ObjectNode object(int depth) {
    ObjectNode object = JSON.objectNode();
    for (String key : KEYS) {
      if (random.nextInt(3) > 0) {
        object.set(key, value(depth, key));
      }
    }
    return object;
  }

  private JsonNode value(int depth, String key) {
    if (key.equals("list") && random.nextInt(5) > 0) {
      ArrayNode list = JSON.arrayNode();
      for (String name : NAMES) {
        if (random.nextInt(2) == 0) {
          ObjectNode element = depth > 0 ? object(depth - 1) : JSON.objectNode();
          list.insert(random.nextInt(list.size() + 1), element.put("name", name));
        }
      }
      return list;
    }
    int kind = random.nextInt(depth > 0 ? 9 : 6);
    if (kind >= 7) {
      return object(depth - 1);
    }
    if (kind == 6) {
      ArrayNode list = JSON.arrayNode();
      for (int i = random.nextInt(3); i > 0; i--) {
        list.add(value(depth - 1, "a"));
      }
      return list;
    }
    return switch (kind) {
      case 0 -> JSON.numberNode(random.nextInt(3));
      case 1 -> JSON.numberNode((double) random.nextInt(3));
      case 2 -> JSON.booleanNode(random.nextBoolean());
      case 3 -> JSON.nullNode();
      default -> JSON.textNode(random.nextInt(3) == 0 ? "" : "t" + random.nextInt(3));
    };
  }

  private JsonNode declared(JsonNode live, int depth, String key) {
    if (key.equals("list") && random.nextInt(5) > 0) {
      ArrayNode items = JSON.arrayNode();
      for (String name : NAMES) {
        if (random.nextInt(3) == 0) {
          JsonNode element = random.nextBoolean() ? JSON.objectNode() : object(1);
          JsonNode written = depth > 0 ? declared(element, depth - 1, "") : JSON.objectNode();
          ObjectNode fields =
              written instanceof ObjectNode o && !o.has("$known") ? o : JSON.objectNode();
          fields.remove("$generated");
          items.insert(random.nextInt(items.size() + 1), fields.put("name", name));
        }
      }
      return items;
    }
    if (key.isEmpty() || (live.isObject() ? random.nextInt(4) > 0 : random.nextInt(6) == 0)) {
      ObjectNode fields = JSON.objectNode();
      for (String next : KEYS) {
        if (depth > 0 && random.nextInt(2) == 0) {
          fields.set(next, declared(live.path(next), depth - 1, next));
        }
      }
      return fields;
    }
    return switch (random.nextInt(6)) {
      case 0 -> JSON.nullNode();
      case 1 -> JSON.objectNode().put("$generated", 1 + random.nextInt(4));
      case 2 -> live.isMissingNode() ? JSON.numberNode(1) : known(live);
      case 3 -> JSON.arrayNode().add(1).add("x").add(JSON.objectNode().put("$generated", 3));
      default -> known(value(Math.max(depth - 1, 0), "a"));
    };
  }

  private static JsonNode known(JsonNode value) {
    return value.isContainerNode() ? JSON.objectNode().set("$known", value) : value;
  }

  private ArrayNode path(JsonNode tree) {
    ArrayNode path = JSON.arrayNode();
    JsonNode node = tree;
    while (true) {
      if (node.isArray() && !node.isEmpty() && node.get(0).has("name")) {
        JsonNode element = node.get(random.nextInt(node.size()));
        path.add("[name=" + element.path("name").asText() + "]");
        node = element;
      } else {
        String key = KEYS[random.nextInt(KEYS.length)];
        path.add(key);
        node = node.path(key);
      }
      if (!node.isContainerNode() || random.nextInt(3) == 0) {
        return path;
      }
    }
  }
}
