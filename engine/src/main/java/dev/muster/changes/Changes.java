package dev.muster.changes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.diff.Change;
import dev.muster.diff.ObjectDiff;
import dev.muster.digest.Sha256;
import dev.muster.live.LiveObject;
import dev.muster.resource.Declared;
import dev.muster.resource.FieldPath;
import dev.muster.resource.ObjectRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Questions about changes that several parts ask. */
public final class Changes {
  private Changes() {}

  /** Whether the object is not there yet. */
  public static boolean creates(Change change) {
    return change instanceof Change.Create
        || change instanceof Change.Pending pending && pending.intended() == Change.Intended.CREATE;
  }

  /** The steps that a change waits for. */
  public static List<String> waitsFor(Change change) {
    return change instanceof Change.Pending pending ? pending.waitsFor() : List.of();
  }

  /** What a manifest names. */
  static ObjectRef refOf(JsonNode manifest) {
    return ObjectRef.of(
        manifest.path("apiVersion").asText("v1"),
        manifest.path("kind").asText(),
        manifest.at("/metadata/namespace").asText(""),
        manifest.at("/metadata/name").asText());
  }

  /** A user's manifest with declared fields over it; these come first. */
  static Declared.Fields over(Declared.Fields declared, JsonNode manifest) {
    Map<String, Declared> merged = new LinkedHashMap<>();
    declared
        .entries()
        .forEach(
            (key, value) ->
                merged.put(
                    key,
                    value instanceof Declared.Fields fields && manifest.path(key).isObject()
                        ? over(fields, manifest.get(key))
                        : value));
    manifest
        .properties()
        .forEach(entry -> merged.putIfAbsent(entry.getKey(), tree(entry.getValue())));
    return new Declared.Fields(merged);
  }

  /** What an object is made with, with declared fields over it; these come first. */
  static Declared.Fields over(Declared.Fields declared, Declared.Fields initial) {
    Map<String, Declared> merged = new LinkedHashMap<>(declared.entries());
    initial
        .entries()
        .forEach(
            (key, value) ->
                merged.merge(
                    key,
                    value,
                    (own, given) ->
                        own instanceof Declared.Fields a && given instanceof Declared.Fields b
                            ? over(a, b)
                            : own));
    return new Declared.Fields(merged);
  }

  private static Declared tree(JsonNode value) {
    if (value.isObject() && !value.isEmpty()) {
      Map<String, Declared> entries = new LinkedHashMap<>();
      value.properties().forEach(entry -> entries.put(entry.getKey(), tree(entry.getValue())));
      return new Declared.Fields(entries);
    }
    return new Declared.Known(value, false);
  }

  /** What restarts a workload; it follows from other changes and is declared by nobody. */
  static final String RESTART_MARK = "muster.dev/restarted-for";

  /** Whether a field only carries a restart. */
  public static boolean isRestart(FieldPath path) {
    return path.segments().contains(RESTART_MARK);
  }

  /** One declared field at a path of keys. */
  static Declared.Fields nested(Declared leaf, String... path) {
    Declared value = leaf;
    for (int i = path.length - 1; i >= 0; i--) {
      value = new Declared.Fields(Map.of(path[i], value));
    }
    return (Declared.Fields) value;
  }

  /**
   * A mark that differs when the changed fields do; sensitive values have no part in it.
   *
   * @param live the workload, whose last mark is part of the next: the same changes after an edit
   *     by hand want a restart of their own
   * @return empty when nothing is changed
   */
  static Optional<String> restartMark(List<Change> causes, LiveObject live) {
    if (causes.isEmpty()) {
      return Optional.empty();
    }
    List<String> parts = new ArrayList<>();
    String last =
        live.tree().at("/spec/template/metadata/annotations").path(RESTART_MARK).asText("");
    if (!last.isEmpty()) {
      parts.add(last);
    }
    for (Change cause : causes) {
      cause
          .fields()
          .forEach(
              field ->
                  parts.add(
                      field.path()
                          + "="
                          + (field.sensitive()
                              ? "?"
                              : field.after().map(JsonNode::toString).orElse(""))));
    }
    return Optional.of(Sha256.hex(String.join("\n", parts), 16));
  }

  /** Fields that can be declared only when other steps have brought the object forth. */
  static Change pending(ObjectRef ref, ObjectDiff diff, List<String> waitsFor) {
    return new Change.Pending(
        ref, "it does not exist yet", Change.Intended.PATCH, diff.fields(), waitsFor);
  }
}
