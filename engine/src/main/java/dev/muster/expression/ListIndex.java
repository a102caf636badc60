package dev.muster.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which elements of a list have which value at a path. An expression that is evaluated for each
 * member and looks for something in a list with an entry for each member would go through it as
 * often as there are members; the index is made once for a list and a path, and lives as long as
 * the list. Trees that were read are never changed, so it cannot be out of date.
 */
final class ListIndex {
  private static final Map<Identity, Map<String, Map<JsonNode, List<JsonNode>>>> INDEXES =
      new ConcurrentHashMap<>();
  private static final ReferenceQueue<ArrayNode> GONE = new ReferenceQueue<>();

  /** A list itself, not what is in it. */
  private static final class Identity extends WeakReference<ArrayNode> {
    private final int hash;

    Identity(ArrayNode list) {
      super(list, GONE);
      hash = System.identityHashCode(list);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(Object other) {
      ArrayNode own = get();
      return this == other || own != null && other instanceof Identity that && that.get() == own;
    }
  }

  private ListIndex() {}

  /**
   * The elements with this value at the path, in their order.
   *
   * @param path keys with dots between them
   */
  static List<JsonNode> find(ArrayNode list, String path, JsonNode value) {
    for (Object gone = GONE.poll(); gone != null; gone = GONE.poll()) {
      INDEXES.remove(gone);
    }
    return INDEXES
        .computeIfAbsent(new Identity(list), one -> new ConcurrentHashMap<>())
        .computeIfAbsent(path, one -> index(list, path))
        .getOrDefault(value, List.of());
  }

  private static Map<JsonNode, List<JsonNode>> index(ArrayNode list, String path) {
    Map<JsonNode, List<JsonNode>> index = new HashMap<>();
    String[] keys = path.split("\\.", -1);
    for (JsonNode element : list) {
      JsonNode value = element;
      for (String key : keys) {
        value = value.path(key);
      }
      if (!value.isMissingNode() && !value.isNull()) {
        index.computeIfAbsent(value, one -> new ArrayList<>()).add(element);
      }
    }
    return index;
  }
}
