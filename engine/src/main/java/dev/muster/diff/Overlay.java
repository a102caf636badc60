package dev.muster.diff;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.problem.MusterException;
import dev.muster.resource.Declared;
import dev.muster.resource.FieldPath;
import dev.muster.resource.FieldRules;
import dev.muster.resource.ObjectRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lays declared fields over a live object. Fields that nobody declared are not looked at, so
 * defaults, status and the fields of other controllers make no difference.
 */
public final class Overlay {
  private Overlay() {}

  /**
   * What has to change in an object that is there.
   *
   * @param live as the cluster returned it
   * @throws MusterException when the live object holds what cannot be edited, such as a broken
   *     embedded document, or when a declared list element does not say its merge key
   */
  public static ObjectDiff compare(
      ObjectRef ref, JsonNode live, Declared.Fields declared, FieldRules rules) {
    return compare(ref, live, declared, rules, List.of());
  }

  /**
   * The same, with fields that are to be removed unless they are declared.
   *
   * @param removed paths as {@link FieldChange#path()} gives them, list elements included
   */
  public static ObjectDiff compare(
      ObjectRef ref,
      JsonNode live,
      Declared.Fields declared,
      FieldRules rules,
      List<FieldPath> removed) {
    return new ObjectDiff(
        new Declaration(ref, declared, rules, removed), Optional.of(live), Map.of());
  }

  /** What an object that is not there is made of. */
  public static ObjectDiff create(ObjectRef ref, Declared.Fields declared, FieldRules rules) {
    Declaration declaration = new Declaration(ref, declared, rules, List.of());
    return new ObjectDiff(declaration, Optional.empty(), Map.of());
  }

  /** What each new object starts from. */
  static JsonNode skeleton(ObjectRef ref) {
    ObjectNode base = JsonNodeFactory.instance.objectNode();
    base.put("apiVersion", ref.apiVersion()).put("kind", ref.kind());
    ObjectNode metadata = base.putObject("metadata").put("name", ref.name());
    if (!ref.namespace().isEmpty()) {
      metadata.put("namespace", ref.namespace());
    }
    return base;
  }
}
