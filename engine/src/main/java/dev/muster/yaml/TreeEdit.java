package dev.muster.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Finds the next smallest edit that brings a text closer to the tree it should hold. */
final class TreeEdit {
  /**
   * @param path where it happens, for people
   * @param text what it does to the text
   * @param tree what it has to do to the tree, and nothing else
   * @param otherwise the next best edit, when this one does not come out right
   */
  record Step(
      String path, Consumer<Splice> text, UnaryOperator<JsonNode> tree, Optional<Step> otherwise) {}

  private final Splice text;
  private final ValueEdit values;
  private final EntryEdit entries;

  TreeEdit(Splice text, YamlWriter writer, boolean json) {
    this.text = text;
    this.values = new ValueEdit(writer, json);
    this.entries = new EntryEdit(writer, values, json);
  }

  Optional<Step> first(Place place, JsonNode now, JsonNode want) throws Refused {
    return step(place, now, want, List.of(), Optional.empty());
  }

  private Optional<Step> step(
      Place place, JsonNode now, JsonNode want, List<String> path, Optional<Step> otherwise)
      throws Refused {
    if (Scalars.same(now, want)) {
      return Optional.empty();
    }
    boolean root = place.kind() == Place.Kind.ROOT;
    boolean grows = !want.isEmpty() && (!now.isEmpty() || place.flow() || root);
    if (place.part() instanceof Part.Mapping mapping && want.isObject() && grows) {
      return mappingStep(place, mapping, now, want, path, otherwise);
    }
    if (place.part() instanceof Part.Sequence list && want.isArray() && grows) {
      Step anew = replace(place, want, path, otherwise);
      return Optional.of(listStep(place, list, now, want, path, anew));
    }
    return Optional.of(replace(place, want, path, otherwise));
  }

  private Step replace(Place place, JsonNode want, List<String> path, Optional<Step> otherwise) {
    return new Step(
        name(path),
        splice -> values.replace(splice, place, want),
        tree -> with(tree, path, want),
        otherwise);
  }

  private Optional<Step> mappingStep(
      Place place,
      Part.Mapping mapping,
      JsonNode now,
      JsonNode want,
      List<String> path,
      Optional<Step> otherwise)
      throws Refused {
    for (var field : want.properties()) {
      String key = field.getKey();
      List<String> below = below(path, key);
      if (now.has(key) && Scalars.same(now.get(key), field.getValue())) {
        continue;
      }
      List<Integer> pairs = pairs(mapping, key);
      if (now.has(key) && !pairs.isEmpty()) {
        Part.Pair last = mapping.pairs().get(pairs.get(pairs.size() - 1));
        Place value = place.value(mapping, last, text);
        return step(value, now.get(key), field.getValue(), below, otherwise);
      }
      return Optional.of(
          new Step(
              name(below),
              splice -> entries.append(splice, place.flow(), mapping, key, field.getValue()),
              tree -> with(tree, below, field.getValue()),
              otherwise));
    }
    for (var field : now.properties()) {
      if (!want.has(field.getKey())) {
        return Optional.of(remove(place, mapping, below(path, field.getKey()), otherwise));
      }
    }
    throw new IllegalStateException("equal trees have no next edit");
  }

  private Step remove(
      Place place, Part.Mapping mapping, List<String> path, Optional<Step> otherwise)
      throws Refused {
    List<Integer> pairs = pairs(mapping, path.get(path.size() - 1));
    if (pairs.isEmpty()) {
      throw new Refused(mapping.start(), name(path) + " comes from a merge key", "");
    }
    // Of duplicates the last one counts: removing an earlier one changes no value.
    boolean duplicate = pairs.size() > 1;
    return new Step(
        name(path),
        splice -> entries.remove(splice, place.flow(), mapping, pairs.get(0)),
        tree -> duplicate ? tree : without(tree, path),
        otherwise);
  }

  private Step listStep(
      Place place, Part.Sequence list, JsonNode now, JsonNode want, List<String> path, Step anew)
      throws Refused {
    int at = 0;
    while (at < Math.min(now.size(), want.size()) && Scalars.same(now.get(at), want.get(at))) {
      at++;
    }
    int index = at;
    List<String> below = below(path, Integer.toString(index));
    boolean shifted =
        index < now.size()
            && contains(now, index, want.path(index))
            && !contains(want, index, now.get(index));
    if (now.size() == want.size() && !shifted) {
      Place element = place.element(list, list.elements().get(index), text);
      return step(element, now.get(index), want.get(index), below, Optional.of(anew)).orElse(anew);
    }
    Optional<Step> otherwise = Optional.of(anew);
    if (now.size() > want.size() || shifted) {
      return new Step(
          name(below),
          splice -> entries.remove(splice, place.flow(), list, index),
          tree -> without(tree, below),
          otherwise);
    }
    return new Step(
        name(below),
        splice -> entries.insert(splice, place.flow(), list, index, want.get(index)),
        tree -> inserted(tree, below, want.get(index)),
        otherwise);
  }

  private static boolean contains(JsonNode list, int from, JsonNode value) {
    for (int i = from; i < list.size(); i++) {
      if (Scalars.same(list.get(i), value)) {
        return true;
      }
    }
    return false;
  }

  private static List<Integer> pairs(Part.Mapping mapping, String key) throws Refused {
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < mapping.pairs().size(); i++) {
      Part written = mapping.pairs().get(i).key();
      if (!LenientTree.isMerge(written) && LenientTree.keyOf(written).equals(key)) {
        found.add(i);
      }
    }
    return found;
  }

  private static JsonNode with(JsonNode tree, List<String> path, JsonNode value) {
    if (path.isEmpty()) {
      return value;
    }
    JsonNode copy = tree.deepCopy();
    JsonNode parent = parent(copy, path);
    String last = path.get(path.size() - 1);
    if (parent instanceof ObjectNode object) {
      object.set(last, value);
    } else {
      ((ArrayNode) parent).set(Integer.parseInt(last), value);
    }
    return copy;
  }

  private static JsonNode without(JsonNode tree, List<String> path) {
    JsonNode copy = tree.deepCopy();
    JsonNode parent = parent(copy, path);
    String last = path.get(path.size() - 1);
    if (parent instanceof ObjectNode object) {
      object.remove(last);
    } else {
      ((ArrayNode) parent).remove(Integer.parseInt(last));
    }
    return copy;
  }

  private static JsonNode inserted(JsonNode tree, List<String> path, JsonNode value) {
    JsonNode copy = tree.deepCopy();
    int index = Integer.parseInt(path.get(path.size() - 1));
    ((ArrayNode) parent(copy, path)).insert(index, value);
    return copy;
  }

  private static JsonNode parent(JsonNode tree, List<String> path) {
    JsonNode node = tree;
    for (String segment : path.subList(0, path.size() - 1)) {
      node = node.isArray() ? node.get(Integer.parseInt(segment)) : node.get(segment);
    }
    return node;
  }

  private static List<String> below(List<String> path, String segment) {
    List<String> longer = new ArrayList<>(path);
    longer.add(segment);
    return longer;
  }

  private static String name(List<String> path) {
    return String.join(".", path);
  }
}
