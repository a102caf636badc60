package dev.muster.diff;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.resource.Declared;
import dev.muster.resource.FieldPath;
import dev.muster.yaml.YamlDocument;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The live tree with the declared fields laid over it, computed without any patch: what each patch
 * is checked against.
 */
final class Overlaid {
  private static final JsonNode MISSING = MissingNode.getInstance();

  private final Declaration declaration;
  private final MergeKeys keys;
  private final Whole whole;

  Overlaid(Declaration declaration, Whole whole) {
    this.declaration = declaration;
    this.keys = new MergeKeys(declaration.ref(), declaration.rules());
    this.whole = whole;
  }

  JsonNode of(JsonNode live) {
    ObjectNode result = live.deepCopy();
    declaration
        .fields()
        .entries()
        .forEach(
            (key, declared) -> {
              if (!declaration.isDocument(key)) {
                put(result, key, overlay(live.path(key), declared, FieldPath.of(key)));
              }
            });
    JsonNode withoutRemoved = withoutRemoved(result, FieldPath.root());
    declaration.rules().documents().keySet().stream()
        .sorted()
        .forEach(name -> putDocument((ObjectNode) withoutRemoved, name, live));
    return withoutRemoved;
  }

  /** The tree that an embedded document should hold. */
  JsonNode document(String name, JsonNode tree) {
    FieldPath path = FieldPath.of(name);
    Declared declared = declaration.fields().entries().get(name);
    JsonNode result = declared == null ? tree : overlay(tree, declared, path);
    return withoutRemoved(result.deepCopy(), path);
  }

  private void putDocument(ObjectNode result, String name, JsonNode live) {
    YamlDocument document = declaration.document(name, live);
    JsonNode tree = document.json();
    JsonNode wanted = document(name, tree);
    if (Values.equal(tree, wanted)) {
      return;
    }
    Pointer at = declaration.documentPointer(name);
    ObjectNode parent = result;
    for (String token : at.parent().tokens()) {
      parent = parent.path(token) instanceof ObjectNode there ? there : parent.putObject(token);
    }
    parent.set(at.last(), declaration.place(name).value(document.become(wanted).text()));
  }

  private JsonNode overlay(JsonNode live, Declared declared, FieldPath path) {
    if (declared instanceof Declared.Fields fields && !Whole.onlyRemoves(fields)) {
      return overlayFields(live, fields, path);
    }
    if (declared instanceof Declared.Fields fields) {
      return live.isObject() ? overlayFields(live, fields, path) : live;
    }
    if (declared instanceof Declared.Items items && live.isArray() && keys.of(path).isPresent()) {
      return overlayElements((ArrayNode) live, items, path);
    }
    if (declared instanceof Declared.Known known && known.value().isNull()) {
      return MISSING;
    }
    JsonNode value = whole.of(live, declared, path);
    return Values.same(path, live, value) ? live : value;
  }

  private JsonNode overlayFields(JsonNode live, Declared.Fields fields, FieldPath path) {
    boolean absent = live.isMissingNode() || live.isNull();
    if (!live.isObject() && !absent) {
      return whole.of(live, fields, path);
    }
    ObjectNode result = live.isObject() ? live.deepCopy() : JsonNodeFactory.instance.objectNode();
    fields
        .entries()
        .forEach((key, entry) -> put(result, key, overlay(live.path(key), entry, path.child(key))));
    return result;
  }

  private JsonNode overlayElements(ArrayNode live, Declared.Items items, FieldPath path) {
    List<String> by = keys.of(path).orElse(List.of());
    Map<String, Integer> places = MergeKeys.places(live, by);
    ArrayNode result = live.deepCopy();
    for (Declared element : items.elements()) {
      String segment = MergeKeys.segment(element, by, path).orElseThrow();
      int index = places.getOrDefault(segment, -1);
      FieldPath child = path.child(segment);
      if (index < 0) {
        result.add(whole.of(MISSING, element, child));
      } else {
        result.set(index, overlay(live.get(index), element, child));
      }
    }
    return result;
  }

  private JsonNode withoutRemoved(JsonNode tree, FieldPath above) {
    List<FieldPath> removed =
        declaration.removed().stream()
            .filter(path -> path.startsWith(above) && !path.equals(above))
            .filter(
                path ->
                    declaration.isDocument(path.segments().get(0))
                        == !above.equals(FieldPath.root()))
            .filter(path -> !declaration.declares(path))
            .toList();
    for (FieldPath path : removed) {
      int skip = above.segments().size();
      FieldPath below = new FieldPath(path.segments().subList(skip, path.segments().size()));
      Optional<Pointer> at = declaration.locate(tree, below, above);
      if (at.isPresent()) {
        JsonNode parent = at.get().parent().in(tree);
        if (parent instanceof ObjectNode object) {
          object.remove(at.get().last());
        } else if (parent instanceof ArrayNode array) {
          array.remove(Integer.parseInt(at.get().last()));
        }
      }
    }
    return tree;
  }

  private static void put(ObjectNode into, String key, JsonNode value) {
    if (value.isMissingNode()) {
      into.remove(key);
    } else {
      into.set(key, value);
    }
  }
}
