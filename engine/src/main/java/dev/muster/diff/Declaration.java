package dev.muster.diff;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problem;
import dev.muster.resource.Declared;
import dev.muster.resource.DocumentPlace;
import dev.muster.resource.FieldPath;
import dev.muster.resource.FieldRules;
import dev.muster.resource.ObjectRef;
import dev.muster.yaml.YamlDocument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All that is declared of one object. */
record Declaration(
    ObjectRef ref, Declared.Fields fields, FieldRules rules, List<FieldPath> removed) {
  Declaration {
    removed = List.copyOf(removed);
  }

  /** Whether a key at the root names an embedded document. */
  boolean isDocument(String key) {
    return rules.documents().containsKey(key);
  }

  /** Where the text of a document is. */
  DocumentPlace place(String name) {
    return rules.documents().getOrDefault(name, DocumentPlace.plain(FieldPath.root()));
  }

  Pointer documentPointer(String name) {
    return Pointer.of(place(name).field().segments());
  }

  /** The live text of an embedded document, read; an absent text is an empty document. */
  YamlDocument document(String name, JsonNode live) {
    DocumentPlace place = place(name);
    JsonNode value = documentPointer(name).in(live);
    Optional<String> text = place.text(value);
    if (text.isEmpty() && !value.isMissingNode() && !value.isNull()) {
      String what =
          place.encoded() && value.isTextual() ? " has no text in base64 at " : " has no text at ";
      throw MusterException.of(ref + what + place + ", where " + name + " is");
    }
    String there = text.orElse("");
    boolean begun = place.json() && there.isBlank();
    return inContext(name, () -> YamlDocument.parse(begun ? "{}" : there));
  }

  /** Says in which object an embedded document is wrong. */
  YamlDocument inContext(String name, java.util.function.Supplier<YamlDocument> work) {
    try {
      return work.get();
    } catch (MusterException e) {
      Problem problem = e.problems().get(0);
      String field = place(name).toString();
      String message = ref + ", field " + field + ": " + problem.message();
      throw new MusterException(
          new Problem(problem.severity(), problem.where(), message, problem.hints()));
    }
  }

  /** Whether the value, or part of it, is under a path that is never shown. */
  boolean isSensitive(FieldPath path, Declared declared) {
    return declared.sensitive() || isSensitive(path);
  }

  boolean isSensitive(FieldPath path) {
    if (isUnderSensitive(MergeKeys.dotted(path))) {
      return true;
    }
    String first = path.segments().isEmpty() ? "" : path.segments().get(0);
    return isDocument(first) && isUnderSensitive(String.join(".", documentPointer(first).tokens()));
  }

  private boolean isUnderSensitive(String dotted) {
    return rules.sensitive().stream()
        .anyMatch(
            sensitive ->
                dotted.isEmpty()
                    || (dotted + ".").startsWith(sensitive + ".")
                    || (sensitive + ".").startsWith(dotted + "."));
  }

  /** Whether the declaration says something about a field or about a whole that it is part of. */
  boolean declares(FieldPath path) {
    MergeKeys keys = new MergeKeys(ref, rules);
    Declared at = fields;
    FieldPath walked = FieldPath.root();
    for (String segment : path.segments()) {
      Optional<Declared> next = Optional.empty();
      if (at instanceof Declared.Fields map) {
        next = Optional.ofNullable(map.entries().get(segment));
      } else if (at instanceof Declared.Items items && keys.of(walked).isPresent()) {
        List<String> by = keys.of(walked).get();
        FieldPath list = walked;
        if (items.elements().stream().anyMatch(e -> MergeKeys.segment(e, by, list).isEmpty())) {
          // An element whose key is not known yet may be this one.
          return true;
        }
        next =
            items.elements().stream()
                .filter(e -> MergeKeys.segment(e, by, list).equals(Optional.of(segment)))
                .findFirst();
      } else {
        return true;
      }
      if (next.isEmpty()) {
        return false;
      }
      at = next.get();
      walked = walked.child(segment);
    }
    return true;
  }

  /** The same that says nothing of some fields. */
  Declaration without(List<FieldPath> paths) {
    Declared.Fields rest = fields;
    for (FieldPath path : paths) {
      rest =
          without(rest, path, 0)
              .map(Declared.Fields.class::cast)
              .orElseGet(() -> new Declared.Fields(Map.of()));
    }
    List<FieldPath> stillRemoved = removed.stream().filter(path -> !paths.contains(path)).toList();
    return new Declaration(ref, rest, rules, stillRemoved);
  }

  /** What is left of a part of a declaration; nothing when that is empty. */
  private Optional<Declared> without(Declared declared, FieldPath path, int depth) {
    if (depth == path.segments().size()) {
      return Optional.empty();
    }
    String segment = path.segments().get(depth);
    if (declared instanceof Declared.Fields map) {
      Map<String, Declared> entries = new LinkedHashMap<>(map.entries());
      Optional.ofNullable(entries.remove(segment))
          .flatMap(child -> without(child, path, depth + 1))
          .ifPresent(left -> entries.put(segment, left));
      return entries.isEmpty() ? Optional.empty() : Optional.of(new Declared.Fields(entries));
    }
    if (declared instanceof Declared.Items items) {
      FieldPath list = new FieldPath(path.segments().subList(0, depth));
      Optional<List<String>> by = new MergeKeys(ref, rules).of(list);
      List<Declared> elements = new ArrayList<>();
      for (Declared element : items.elements()) {
        boolean meant =
            by.isPresent()
                && MergeKeys.segment(element, by.get(), list).equals(Optional.of(segment));
        (meant ? without(element, path, depth + 1) : Optional.of(element)).ifPresent(elements::add);
      }
      return elements.isEmpty() ? Optional.empty() : Optional.of(new Declared.Items(elements));
    }
    return Optional.empty();
  }

  /** The place of a field in a tree; empty when it is not there. */
  Optional<Pointer> locate(JsonNode tree, FieldPath path, FieldPath above) {
    MergeKeys keys = new MergeKeys(ref, rules);
    Pointer at = Pointer.root();
    JsonNode node = tree;
    FieldPath walked = above;
    for (String segment : path.segments()) {
      if (node.isArray()) {
        Optional<List<String>> by = keys.of(walked);
        int index = by.isEmpty() ? -1 : MergeKeys.find(node, by.get(), segment);
        if (index < 0) {
          return Optional.empty();
        }
        at = at.element(index, node.get(index), by.orElse(List.of()));
        node = node.get(index);
      } else {
        at = at.child(segment);
        node = node.path(segment);
      }
      if (node.isMissingNode()) {
        return Optional.empty();
      }
      walked = walked.child(segment);
    }
    return node instanceof MissingNode ? Optional.empty() : Optional.of(at);
  }
}
