package dev.muster.diff;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.resource.Declared;
import dev.muster.resource.FieldPath;
import dev.muster.resource.FieldRules;
import dev.muster.resource.ObjectRef;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The single fields that a declaration speaks of, as paths. */
public final class Leaves {
  private final MergeKeys keys;
  private final Map<FieldPath, Declared> leaves = new LinkedHashMap<>();

  private Leaves(ObjectRef ref, FieldRules rules) {
    keys = new MergeKeys(ref, rules);
  }

  /**
   * Each declared field, in the order of the declaration. What is declared to be absent is none;
   * lists whose elements have no key are one field each; an element whose key is not known yet is
   * left out.
   */
  public static List<FieldPath> of(ObjectRef ref, Declared.Fields declared, FieldRules rules) {
    return List.copyOf(values(ref, declared, rules).keySet());
  }

  /** The same with what is declared of each. */
  public static Map<FieldPath, Declared> values(
      ObjectRef ref, Declared.Fields declared, FieldRules rules) {
    Leaves leaves = new Leaves(ref, rules);
    leaves.visit(FieldPath.root(), declared);
    return Collections.unmodifiableMap(leaves.leaves);
  }

  /** Whether a declaration says something about a field, or about a whole that it is part of. */
  public static boolean declares(
      ObjectRef ref, Declared.Fields declared, FieldRules rules, FieldPath path) {
    return new Declaration(ref, declared, rules, List.of()).declares(path);
  }

  /** Whether a field is (part of) what tells its list element from the others. */
  public static boolean isKey(FieldPath path) {
    List<String> segments = path.segments();
    int last = segments.size() - 1;
    if (last < 1) {
      return false;
    }
    String element = segments.get(last - 1);
    return segments.get(last).startsWith("[=")
        || element.startsWith("[" + segments.get(last) + "=")
        || element.startsWith("[") && element.contains("," + segments.get(last) + "=");
  }

  /** Whether a tree has a field, embedded documents opened in it. */
  public static boolean has(ObjectRef ref, JsonNode tree, FieldRules rules, FieldPath path) {
    return new Declaration(ref, new Declared.Fields(Map.of()), rules, List.of())
        .locate(tree, path, FieldPath.root())
        .isPresent();
  }

  /** Whether a declared field may not be shown, for where it is or for where its value is from. */
  public static boolean sensitive(
      ObjectRef ref, Declared.Fields declared, FieldRules rules, FieldPath path) {
    Declared at = declared;
    for (String segment : path.segments()) {
      Declared below = at instanceof Declared.Fields f ? f.entries().get(segment) : null;
      if (below == null) {
        return at.sensitive() || new Declaration(ref, declared, rules, List.of()).isSensitive(path);
      }
      at = below;
    }
    return new Declaration(ref, declared, rules, List.of()).isSensitive(path, at);
  }

  /**
   * Those of some fields that a declaration does not speak of. In the place of a key of a list
   * element, and of the element's other fields, stands the element: without its key it would be
   * none.
   */
  public static List<FieldPath> dropped(
      ObjectRef ref, Declared.Fields declared, FieldRules rules, Collection<FieldPath> fields) {
    Declaration declaration = new Declaration(ref, declared, rules, List.of());
    Set<FieldPath> dropped = new LinkedHashSet<>();
    for (FieldPath field : fields) {
      if (!declaration.declares(field)) {
        dropped.add(outermostElement(field, declaration, fields).orElse(field));
      }
    }
    return List.copyOf(dropped);
  }

  private static Optional<FieldPath> outermostElement(
      FieldPath field, Declaration declaration, Collection<FieldPath> fields) {
    for (int i = 1; i <= field.segments().size(); i++) {
      if (field.segments().get(i - 1).startsWith("[")) {
        FieldPath element = new FieldPath(field.segments().subList(0, i));
        boolean withKey =
            element.equals(field)
                || fields.stream()
                    .anyMatch(
                        other ->
                            isKey(other)
                                && other.startsWith(element)
                                && other.segments().size() == element.segments().size() + 1);
        if (withKey && !declaration.declares(element)) {
          return Optional.of(element);
        }
      }
    }
    return Optional.empty();
  }

  private void visit(FieldPath path, Declared declared) {
    if (declared instanceof Declared.Fields fields) {
      for (Map.Entry<String, Declared> entry : fields.entries().entrySet()) {
        visit(path.child(entry.getKey()), entry.getValue());
      }
    } else if (declared instanceof Declared.Items items && keys.of(path).isPresent()) {
      List<String> by = keys.of(path).get();
      for (Declared element : items.elements()) {
        MergeKeys.segment(element, by, path)
            .ifPresent(segment -> visit(path.child(segment), element));
      }
    } else if (!(declared instanceof Declared.Known known && known.value().isNull())) {
      leaves.put(path, declared);
    }
  }
}
