package dev.muster.diff;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.fge.jsonpatch.JsonPatch;
import com.github.fge.jsonpatch.JsonPatchException;
import dev.muster.diff.FieldChange.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** RFC 6902 patches: made from edits, applied in memory, and asked which test of theirs fails. */
public final class Patches {
  private Patches() {}

  /**
   * The tree after the patch.
   *
   * @throws IllegalArgumentException when it is no patch, or does not fit the tree
   */
  public static JsonNode apply(JsonNode patch, JsonNode tree) {
    if (LongPatch.isOne(patch)) {
      return LongPatch.apply(patch, tree);
    }
    try {
      return JsonPatch.fromJson(patch).apply(tree);
    } catch (IOException | JsonPatchException e) {
      // The cause stays out: its text may quote a value.
      throw new IllegalArgumentException("the patch does not fit the object");
    }
  }

  /**
   * The place of the first {@code test} that does not hold, since no API server says which. Only
   * tests that stand before any other operation at their place are asked.
   */
  public static Optional<String> failedTest(JsonNode patch, JsonNode tree) {
    for (JsonNode operation : patch) {
      String path = operation.path("path").asText();
      if (operation.path("op").asText().equals("test")
          && !Values.equal(tree.at(path), operation.path("value"))) {
        return Optional.of(path);
      }
    }
    return Optional.empty();
  }

  /** All operations, with the tests that guard them; list elements are removed from the back. */
  static ArrayNode of(List<Edit> edits, JsonNode live) {
    ArrayNode patch = JsonNodeFactory.instance.arrayNode();
    Set<String> written = new LinkedHashSet<>();
    test(patch, written, Pointer.of(List.of("metadata", "uid")), live);
    for (Edit edit : inOrder(edits)) {
      prepare(patch, written, edit, live);
      if (edit.kind() == Kind.ADD) {
        operation(patch, "add", edit.at()).set("value", edit.after());
      } else {
        test(patch, written, edit.at(), live);
        ObjectNode operation =
            operation(patch, edit.kind() == Kind.REMOVE ? "remove" : "replace", edit.at());
        if (edit.kind() == Kind.REPLACE) {
          operation.set("value", edit.after());
        }
      }
    }
    return patch;
  }

  /** What stands before an edit: tests of the list elements on its way, and maps that it needs. */
  static void prepare(ArrayNode patch, Set<String> written, Edit edit, JsonNode live) {
    for (Pointer.Guard guard : edit.at().guards()) {
      test(patch, written, guard.at(), live);
    }
    if (edit.kind() == Kind.ADD) {
      addParents(patch, written, edit.at(), live);
    }
  }

  /** Removals come last, those further back first, so that no position shifts before its turn. */
  static List<Edit> inOrder(List<Edit> edits) {
    List<Edit> ordered = new ArrayList<>(edits);
    ordered.removeIf(edit -> edit.kind() == Kind.REMOVE);
    edits.stream()
        .filter(edit -> edit.kind() == Kind.REMOVE)
        .sorted(Comparator.comparing(Edit::at, Patches::backToFront))
        .forEach(ordered::add);
    return ordered;
  }

  private static int backToFront(Pointer a, Pointer b) {
    for (int i = 0; i < Math.min(a.tokens().size(), b.tokens().size()); i++) {
      String left = a.tokens().get(i);
      String right = b.tokens().get(i);
      boolean positions = left.matches("[0-9]{1,9}") && right.matches("[0-9]{1,9}");
      int order =
          positions
              ? Integer.compare(Integer.parseInt(right), Integer.parseInt(left))
              : left.compareTo(right);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(b.tokens().size(), a.tokens().size());
  }

  private static void test(ArrayNode patch, Set<String> written, Pointer at, JsonNode live) {
    JsonNode value = at.in(live);
    if (!value.isMissingNode() && written.add("test " + at)) {
      operation(patch, "test", at).set("value", value);
    }
  }

  /** Maps on the way that are not there, or are null. */
  private static void addParents(ArrayNode patch, Set<String> written, Pointer at, JsonNode live) {
    for (int i = 1; i < at.tokens().size(); i++) {
      Pointer parent = Pointer.of(at.tokens().subList(0, i));
      JsonNode there = parent.in(live);
      boolean absent = there.isMissingNode() || there.isNull();
      if (absent && written.add("parent " + parent)) {
        test(patch, written, parent, live);
        operation(patch, there.isNull() ? "replace" : "add", parent)
            .set("value", JsonNodeFactory.instance.objectNode());
      }
    }
  }

  private static ObjectNode operation(ArrayNode patch, String op, Pointer at) {
    return patch.addObject().put("op", op).put("path", at.toString());
  }
}
