package dev.muster.diff;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.muster.diff.FieldChange.Kind;
import dev.muster.problem.MusterException;
import dev.muster.resource.Declared;
import dev.muster.resource.FieldPath;
import dev.muster.yaml.YamlDocument;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Walks a declaration beside a live tree and notes each edit, in the order of the declaration. */
final class Comparison {
  private static final JsonNode MISSING = MissingNode.getInstance();

  private final Declaration declaration;
  private final MergeKeys keys;
  private final Whole whole;
  private final List<Edit> edits = new ArrayList<>();

  Comparison(Declaration declaration, Whole whole) {
    this.declaration = declaration;
    this.keys = new MergeKeys(declaration.ref(), declaration.rules());
    this.whole = whole;
  }

  static List<Edit> of(Declaration declaration, JsonNode live, Whole whole) {
    Comparison comparison = new Comparison(declaration, whole);
    for (Map.Entry<String, Declared> entry : declaration.fields().entries().entrySet()) {
      String key = entry.getKey();
      if (!declaration.isDocument(key)) {
        FieldPath path = FieldPath.of(key);
        comparison.visit(live.path(key), entry.getValue(), path, Pointer.root().child(key));
      }
    }
    comparison.remove(live, FieldPath.root());
    declaration.rules().documents().keySet().stream()
        .sorted()
        .forEach(name -> comparison.document(name, live));
    return comparison.edits;
  }

  private void visit(JsonNode live, Declared declared, FieldPath path, Pointer at) {
    if (declared instanceof Declared.Fields fields) {
      visitFields(live, fields, path, at);
    } else if (declared instanceof Declared.Items items
        && keys.of(path).isPresent()
        && live.isArray()) {
      visitElements(live, items, path, at);
    } else if (declared instanceof Declared.Known known && known.value().isNull()) {
      if (!live.isMissingNode()) {
        note(Kind.REMOVE, live, MISSING, declared, path, at);
      }
    } else {
      visitWhole(live, declared, path, at);
    }
  }

  private void visitFields(JsonNode live, Declared.Fields fields, FieldPath path, Pointer at) {
    boolean absent = live.isMissingNode() || live.isNull();
    if (!live.isObject() && (fields.entries().isEmpty() || !absent)) {
      visitWhole(live, fields, path, at);
      return;
    }
    fields
        .entries()
        .forEach((key, entry) -> visit(live.path(key), entry, path.child(key), at.child(key)));
  }

  private void visitElements(JsonNode live, Declared.Items items, FieldPath path, Pointer at) {
    List<String> by = keys.of(path).orElse(List.of());
    Map<String, Integer> places = MergeKeys.places(live, by);
    int position = 0;
    Set<String> seen = new HashSet<>();
    for (Declared element : items.elements()) {
      Optional<String> segment = MergeKeys.segment(element, by, path);
      if (segment.isPresent() && !seen.add(segment.get())) {
        throw MusterException.of(
            "element " + segment.get() + " of " + path + " is declared twice",
            "elements of this list are told apart by " + String.join(" and ", by));
      }
      int index = segment.map(s -> places.getOrDefault(s, -1)).orElse(-1);
      FieldPath child = path.child(segment.orElse("[" + position + "]"));
      if (index >= 0) {
        JsonNode there = live.get(index);
        visit(there, element, child, at.element(index, there, by));
      } else {
        visitWhole(MISSING, element, child, at.child(Pointer.END));
      }
      position++;
    }
  }

  /** A value that is compared and written as one. */
  private void visitWhole(JsonNode live, Declared declared, FieldPath path, Pointer at) {
    Kind kind = live.isMissingNode() ? Kind.ADD : Kind.REPLACE;
    if (!declared.knownAfter().isEmpty()) {
      note(kind, live, MISSING, declared, path, at);
      return;
    }
    if (Whole.onlyRemoves(declared) && declared instanceof Declared.Fields) {
      return;
    }
    int open = whole.open().size();
    JsonNode value = whole.of(live, declared, path);
    boolean unmade = whole.open().size() > open;
    if (unmade || !Values.same(path, live, value)) {
      note(kind, live, unmade ? MISSING : value, declared, path, at);
    }
  }

  private void note(
      Kind kind, JsonNode live, JsonNode after, Declared declared, FieldPath path, Pointer at) {
    boolean sensitive = declaration.isSensitive(path, declared);
    List<String> waits = kind == Kind.REMOVE ? List.of() : declared.knownAfter();
    boolean made = kind != Kind.REMOVE && hasMade(declared);
    String making =
        made && declared instanceof Declared.Issued token ? Reissue.words(token, live) : "";
    FieldChange change =
        new FieldChange(path, kind, live, after, sensitive, waits, made).making(making);
    edits.add(new Edit(at, kind, live, after, List.of(change), false));
  }

  private static boolean hasMade(Declared declared) {
    if (declared instanceof Declared.Fields fields) {
      return fields.entries().values().stream().anyMatch(Comparison::hasMade);
    }
    if (declared instanceof Declared.Items items) {
      return items.elements().stream().anyMatch(Comparison::hasMade);
    }
    return declared instanceof Declared.Made;
  }

  /** Fields that are not declared any more, below the given path. */
  private void remove(JsonNode live, FieldPath above) {
    for (FieldPath path : declaration.removed()) {
      boolean document =
          !path.segments().isEmpty() && declaration.isDocument(path.segments().get(0));
      boolean here = document ? !above.equals(FieldPath.root()) : above.equals(FieldPath.root());
      if (!here || !path.startsWith(above) || declaration.declares(path)) {
        continue;
      }
      int skip = above.segments().size();
      FieldPath below = new FieldPath(path.segments().subList(skip, path.segments().size()));
      Optional<Pointer> at = declaration.locate(live, below, above);
      boolean goneAnyway =
          at.isPresent() && edits.stream().anyMatch(e -> at.get().startsWith(e.at()));
      if (at.isPresent() && !at.get().isRoot() && !goneAnyway) {
        // What lies below needs no removal of its own.
        edits.removeIf(e -> e.kind() == Kind.REMOVE && e.at().startsWith(at.get()));
        JsonNode before = at.get().in(live);
        note(Kind.REMOVE, before, MISSING, new Declared.Known(before, false), path, at.get());
      }
    }
  }

  private void document(String name, JsonNode live) {
    FieldPath path = FieldPath.of(name);
    Declared declared = declaration.fields().entries().get(name);
    boolean concerned =
        declared != null || declaration.removed().stream().anyMatch(p -> p.startsWith(path));
    if (!concerned) {
      return;
    }
    YamlDocument document = declaration.document(name, live);
    JsonNode tree = document.json();
    Comparison inner = new Comparison(declaration, whole);
    if (declared != null) {
      inner.visit(tree, declared, path, Pointer.root());
    }
    inner.remove(tree, path);
    if (inner.edits.isEmpty()) {
      return;
    }
    List<FieldChange> changes = inner.edits.stream().flatMap(e -> e.changes().stream()).toList();
    Pointer at = declaration.documentPointer(name);
    JsonNode before = at.in(live);
    Kind kind = before.isMissingNode() ? Kind.ADD : Kind.REPLACE;
    boolean ready =
        changes.stream().allMatch(c -> c.kind() == Kind.REMOVE || c.after().isPresent());
    JsonNode after = MISSING;
    if (ready) {
      JsonNode wanted = new Overlaid(declaration, whole).document(name, tree);
      YamlDocument edited = declaration.inContext(name, () -> document.become(wanted));
      after = declaration.place(name).value(edited.text());
    }
    edits.add(new Edit(at, kind, before, after, changes, true));
  }
}
