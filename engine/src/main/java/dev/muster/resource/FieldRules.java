package dev.muster.resource;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What is special about some fields of one object. Paths are dotted keys from the object's root
 * without list segments, for example {@code spec.template.spec.containers.env}.
 *
 * @param mergeKeys list path to the key (or comma-separated keys) by which its elements are one and
 *     the same; lists without an entry are declared as a whole
 * @param sensitive paths whose values, and all values below, are never shown
 * @param documents name of an embedded document to the text field that holds it; declared fields
 *     below {@code <name>} are fields inside that text
 * @param restore paths that, with all below them, go back to the value that muster replaced when
 *     nothing declares them any more; others are removed then
 * @param open keys of the data of a Secret that are no secret, such as a name
 */
public record FieldRules(
    Map<String, String> mergeKeys,
    List<String> sensitive,
    Map<String, DocumentPlace> documents,
    List<String> restore,
    List<String> open) {
  public FieldRules {
    mergeKeys = Map.copyOf(mergeKeys);
    sensitive = List.copyOf(sensitive);
    documents = Map.copyOf(documents);
    restore = List.copyOf(restore);
    open = List.copyOf(open);
  }

  /** Rules by which nothing is restored. */
  public FieldRules(
      Map<String, String> mergeKeys, List<String> sensitive, Map<String, DocumentPlace> documents) {
    this(mergeKeys, sensitive, documents, List.of(), List.of());
  }

  /** Whether a field goes back to its value from before muster; never one inside a list. */
  public boolean restores(FieldPath path) {
    String dotted = String.join(".", path.segments()) + ".";
    return path.segments().stream().noneMatch(segment -> segment.startsWith("["))
        && restore.stream().anyMatch(prefix -> dotted.startsWith(prefix + "."));
  }

  /** The same with other keys in the paths of documents. */
  public FieldRules at(UnaryOperator<String> key) {
    Map<String, DocumentPlace> placed = new HashMap<>();
    documents.forEach((name, place) -> placed.put(name, place.at(key)));
    return new FieldRules(mergeKeys, sensitive, placed, restore, open);
  }

  public static FieldRules none() {
    return new FieldRules(Map.of(), List.of(), Map.of());
  }
}
