package dev.muster.records;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.history.GitHistory;
import dev.muster.history.RunEntry;
import dev.muster.problem.MusterException;
import dev.muster.resource.FieldPath;
import dev.muster.resource.Redactor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The records of a topology, read as a whole. A record holds the fields of those clusters that its
 * run looked at; what it says nothing about is as the run before left it.
 */
public final class Archive {
  private final GitHistory history;
  private final List<RunEntry> runs;
  private final Map<String, RunDetails> details = new HashMap<>();

  public Archive(GitHistory history) {
    this.history = history;
    this.runs = history.runs(Integer.MAX_VALUE);
  }

  GitHistory history() {
    return history;
  }

  /** The runs that ended, newest first. */
  public List<RunEntry> runs() {
    return runs;
  }

  /**
   * The run that a person names.
   *
   * @param name a run id, a commit or the beginning of one; empty for the latest run
   * @throws MusterException when there is none, or more than one
   */
  public RunEntry run(String name) {
    return (name.isEmpty() ? runs.stream().findFirst() : history.run(name))
        .orElseThrow(
            () ->
                MusterException.of(
                    name.isEmpty() ? "no run is recorded yet" : "no run is called \"" + name + "\"",
                    "muster history lists them"));
  }

  public RunDetails details(RunEntry run) {
    return details.computeIfAbsent(run.commit(), commit -> RunDetails.read(history, run));
  }

  /** One file of a record. */
  public Optional<String> file(RunEntry run, String path) {
    return history.file(run, path);
  }

  /** The topology that a run was planned from. */
  public String topology(RunEntry run) {
    return file(run, RunDetails.TOPOLOGY)
        .orElseThrow(
            () -> MusterException.of("the record of run " + run.runId() + " has no topology"));
  }

  /** The runs up to one, that one first. */
  List<RunEntry> upTo(RunEntry run) {
    int at = runs.indexOf(run);
    if (at >= 0) {
      return runs.subList(at, runs.size());
    }
    List<RunEntry> all = new ArrayList<>(List.of(run));
    all.addAll(runs);
    return all;
  }

  /** The declared fields as a run left them, by cluster and object. */
  Map<FieldName, JsonNode> fields(RunEntry upTo) {
    return fields(upTo(upTo));
  }

  /** The declared fields as the latest run left them. */
  Map<FieldName, JsonNode> fields() {
    return fields(runs);
  }

  private Map<FieldName, JsonNode> fields(List<RunEntry> newestFirst) {
    Map<String, Map<FieldName, JsonNode>> objects = new TreeMap<>();
    Set<String> settled = new HashSet<>();
    for (RunEntry run : newestFirst) {
      Map<String, RunDetails.LiveObject> known = new LinkedHashMap<>();
      for (String path : history.paths(run).keySet()) {
        if (!path.startsWith("live/") || settled.contains(path)) {
          continue;
        }
        if (known.isEmpty()) {
          known.putAll(details(run).objects());
        }
        settled.add(path);
        RunDetails.LiveObject object = known.get(path);
        if (object != null) {
          objects.put(path, live(object, path, file(run, path).orElse("")));
        }
      }
      details(run)
          .objects()
          .forEach(
              (path, object) -> {
                if (object.deleted()) {
                  settled.add(path);
                }
              });
    }
    Map<FieldName, JsonNode> all = new LinkedHashMap<>();
    objects.values().forEach(all::putAll);
    return all;
  }

  static Map<FieldName, JsonNode> live(RunDetails.LiveObject object, String path, String text) {
    Map<FieldName, JsonNode> fields = new LinkedHashMap<>();
    Flattened.of(path, text)
        .forEach(
            (field, value) -> {
              if (!identity(field)) {
                fields.put(new FieldName(object.cluster(), object.name(), field), value);
              }
            });
    return fields;
  }

  private static boolean identity(FieldPath field) {
    return field.equals(FieldPath.of("apiVersion")) || field.equals(FieldPath.of("kind"));
  }

  /** Whether a value stands in a record for one that it must not hold. */
  static boolean masked(JsonNode value) {
    return value.isTextual() && value.asText().contains(Redactor.MASK);
  }
}
