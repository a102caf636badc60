package dev.muster.diff;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.resource.Declared;
import dev.muster.resource.FieldPath;
import java.util.LinkedHashMap;
import java.util.Map;

/** Values of declarations, with the values that were made for one change. */
final class Whole {
  private final Map<FieldPath, JsonNode> made;
  private final Map<FieldPath, Declared.Made> open = new LinkedHashMap<>();

  /**
   * @param made values by the path they were made for
   */
  Whole(Map<FieldPath, JsonNode> made) {
    this.made = made;
  }

  /** Values that are needed and not made yet. */
  Map<FieldPath, Declared.Made> open() {
    return open;
  }

  /** The made value for a field; missing, and noted as open, when it is not made yet. */
  private JsonNode made(FieldPath path, Declared.Made wanted) {
    JsonNode value = made.get(path);
    if (value == null) {
      open.put(path, wanted);
      return MissingNode.getInstance();
    }
    return value;
  }

  /** Whether a live value stays. */
  private static boolean isKept(JsonNode live, Declared.Made wanted) {
    return wanted instanceof Declared.Issued token
        ? Reissue.why(token, live).isEmpty()
        : isThere(live);
  }

  /** Whether a live value counts as made already. */
  static boolean isThere(JsonNode live) {
    return !live.isMissingNode()
        && !live.isNull()
        && !(live.isTextual() && live.textValue().isEmpty());
  }

  /**
   * All that is declared, and nothing else; of the live value only made values are kept.
   *
   * @param declared nothing in it is unknown
   */
  JsonNode of(JsonNode live, Declared declared, FieldPath path) {
    if (declared instanceof Declared.Known known) {
      return known.value();
    }
    if (declared instanceof Declared.Made wanted) {
      return isKept(live, wanted) ? live : made(path, wanted);
    }
    if (declared instanceof Declared.Items items) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      for (int i = 0; i < items.elements().size(); i++) {
        JsonNode value = of(live.path(i), items.elements().get(i), path.child("[" + i + "]"));
        if (!value.isMissingNode()) {
          array.add(value);
        }
      }
      return array;
    }
    if (declared instanceof Declared.Fields fields) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      fields
          .entries()
          .forEach(
              (key, entry) -> {
                JsonNode value = of(live.path(key), entry, path.child(key));
                if (!value.isMissingNode() && !value.isNull() && !onlyRemoves(entry)) {
                  object.set(key, value);
                }
              });
      return object;
    }
    throw new IllegalStateException(path + " is not known yet");
  }

  /** Whether the declaration says just which fields must not be there. */
  static boolean onlyRemoves(Declared declared) {
    if (declared instanceof Declared.Known known) {
      return known.value().isNull();
    }
    return declared instanceof Declared.Fields fields
        && !fields.entries().isEmpty()
        && fields.entries().values().stream().allMatch(Whole::onlyRemoves);
  }
}
