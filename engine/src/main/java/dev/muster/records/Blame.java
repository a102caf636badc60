package dev.muster.records;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.history.RunEntry;
import dev.muster.problem.MusterException;
import dev.muster.problem.Suggestion;
import dev.muster.resource.FieldPath;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Finds out which run gave a field its value. */
public final class Blame {
  private static final int CANDIDATES_NAMED = 12;

  private final Archive archive;
  private final Map<FieldName, JsonNode> fields;
  private final Map<FieldPath, JsonNode> topology;

  public Blame(Archive archive) {
    this.archive = archive;
    if (archive.runs().isEmpty()) {
      throw MusterException.of("no run is recorded yet, so nothing was set by one");
    }
    this.fields = archive.fields();
    this.topology = Flattened.of("topology.yaml", archive.topology(archive.runs().get(0)));
  }

  /**
   * A field with all that runs did to it.
   *
   * @param now its value as the latest run that looked at it left it; empty where it is gone
   * @param events newest first
   */
  public record History(FieldName field, Optional<JsonNode> now, List<Event> events) {
    public History {
      events = List.copyOf(events);
    }

    /** What gave it the value that it has; empty when no record says so. */
    public Optional<Event> origin() {
      return events.stream().filter(e -> e.certainty() == Event.Certainty.WRITTEN).findFirst();
    }
  }

  /**
   * The fields that a person means.
   *
   * @param name {@code CLUSTER:KIND/NAME:PATH}, any end of it that names one field, a key of the
   *     topology; or a cluster or an object, for all of its fields
   * @throws MusterException naming the candidates when it is not clear
   */
  public List<History> of(String name) {
    List<FieldName> all = whole(name);
    if (!all.isEmpty()) {
      return histories(all);
    }
    List<FieldName> found = matching(name);
    if (found.isEmpty()) {
      throw unknown(name);
    }
    if (found.size() > 1) {
      List<String> hints = new ArrayList<>();
      found.stream().limit(CANDIDATES_NAMED).forEach(field -> hints.add(field.toString()));
      if (found.size() > CANDIDATES_NAMED) {
        hints.add("and " + (found.size() - CANDIDATES_NAMED) + " more");
      }
      throw MusterException.of(
          "\"" + name + "\" names " + found.size() + " fields", hints.toArray(String[]::new));
    }
    return histories(found);
  }

  /** All fields of a cluster or of an object. */
  private List<FieldName> whole(String name) {
    return fields.keySet().stream()
        .filter(
            f ->
                f.cluster().equals(name)
                    || shorter(f.object()).contains(name)
                    || shorter(f.object()).stream()
                        .anyMatch(o -> (f.cluster() + ":" + o).equals(name)))
        .toList();
  }

  /** With its namespace and without. */
  private static List<String> shorter(String object) {
    int first = object.indexOf('/');
    int last = object.lastIndexOf('/');
    return first == last
        ? List.of(object)
        : List.of(object, object.substring(0, first) + object.substring(last));
  }

  private List<FieldName> matching(String name) {
    List<FieldName> found = new ArrayList<>();
    List<FieldName> ends = new ArrayList<>();
    for (FieldName field : named()) {
      String path = field.path().toString();
      List<String> full = new ArrayList<>(List.of(path));
      for (String object : field.ofTopology() ? List.<String>of() : shorter(field.object())) {
        full.add(object + ":" + path);
        full.add(field.cluster() + ":" + object + ":" + path);
      }
      if (full.contains(name)) {
        found.add(field);
      } else if (full.stream().anyMatch(one -> one.endsWith("." + name))) {
        ends.add(field);
      }
    }
    return found.isEmpty() ? ends : found;
  }

  private List<FieldName> named() {
    List<FieldName> all = new ArrayList<>(fields.keySet());
    topology.keySet().forEach(path -> all.add(FieldName.ofTopology(path)));
    for (RunEntry run : archive.runs()) {
      archive.details(run).events().stream()
          .map(Event::field)
          .filter(field -> all.stream().noneMatch(field::overlaps))
          .forEach(all::add);
    }
    return all;
  }

  private MusterException unknown(String name) {
    String last = name.substring(name.lastIndexOf(':') + 1);
    List<String> hints = new ArrayList<>();
    Suggestion.closest(last, named().stream().map(f -> f.path().toString()).toList())
        .ifPresent(close -> hints.add("did you mean " + close + "?"));
    hints.add(
        "write CLUSTER:KIND/NAME:PATH, a key of the topology, or a cluster for all of its fields: "
            + String.join(
                ", ", fields.keySet().stream().map(FieldName::cluster).distinct().toList()));
    return MusterException.of(
        "no run has declared a field \"" + name + "\"", hints.toArray(String[]::new));
  }

  private List<History> histories(List<FieldName> names) {
    Map<FieldName, List<Event>> events = new LinkedHashMap<>();
    names.forEach(name -> events.put(name, new ArrayList<>()));
    for (RunEntry run : archive.runs()) {
      List<Event> ofRun = archive.details(run).events();
      Map<String, List<Event>> byObject = new LinkedHashMap<>();
      ofRun.forEach(
          e -> byObject.computeIfAbsent(object(e.field()), o -> new ArrayList<>()).add(e));
      for (FieldName name : names) {
        byObject.getOrDefault(object(name), List.of()).stream()
            .filter(e -> e.field().overlaps(name))
            .findFirst()
            .ifPresent(e -> found(events, name).add(known(e, name)));
      }
    }
    List<History> histories = new ArrayList<>();
    for (FieldName name : names) {
      List<Event> found = new ArrayList<>(found(events, name));
      if (name.ofTopology()) {
        found.addAll(ofTopology(name));
      } else if (found.stream().noneMatch(e -> e.certainty() == Event.Certainty.WRITTEN)) {
        firstSeen(name).ifPresent(found::add);
      }
      histories.add(new History(name, now(name), found));
    }
    return histories;
  }

  private static List<Event> found(Map<FieldName, List<Event>> events, FieldName name) {
    return events.computeIfAbsent(name, n -> new ArrayList<>());
  }

  private static String object(FieldName field) {
    return field.cluster() + ":" + field.object();
  }

  private Optional<JsonNode> now(FieldName name) {
    return Optional.ofNullable(name.ofTopology() ? topology.get(name.path()) : fields.get(name));
  }

  /** Where the value was known only later, the fields that the same run found afterwards say it. */
  private Event known(Event event, FieldName name) {
    if (!event.after().isEmpty() || event.sensitive() || event.action().equals("remove")) {
      return event;
    }
    String after = seen(event.run(), name).map(JsonNode::toString).orElse("");
    return new Event(
        event.run(),
        event.field(),
        event.action(),
        event.before(),
        after,
        event.sensitive(),
        event.step(),
        event.outcome(),
        event.certainty());
  }

  private Optional<JsonNode> seen(RunEntry run, FieldName name) {
    for (Map.Entry<String, RunDetails.LiveObject> object :
        archive.details(run).objects().entrySet()) {
      if (object.getValue().cluster().equals(name.cluster())
          && object.getValue().name().equals(name.object())) {
        String text = archive.file(run, object.getKey()).orElse("");
        return Optional.ofNullable(
            Archive.live(object.getValue(), object.getKey(), text).get(name));
      }
    }
    return Optional.empty();
  }

  /** The first run that found the field as declared. */
  private Optional<Event> firstSeen(FieldName name) {
    List<RunEntry> oldestFirst = new ArrayList<>(archive.runs());
    Collections.reverse(oldestFirst);
    for (RunEntry run : oldestFirst) {
      Optional<JsonNode> value = seen(run, name);
      if (value.isPresent()) {
        return Optional.of(
            new Event(
                run,
                name,
                "found",
                "",
                value.get().toString(),
                Archive.masked(value.get()),
                "",
                "",
                Event.Certainty.WRITTEN));
      }
    }
    return Optional.empty();
  }

  /** The runs whose topology had another value than the one before. */
  private List<Event> ofTopology(FieldName name) {
    List<RunEntry> runs = archive.runs();
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      RunEntry run = runs.get(i);
      Optional<JsonNode> here = declared(run, name.path());
      Optional<JsonNode> before =
          i + 1 < runs.size() ? declared(runs.get(i + 1), name.path()) : Optional.empty();
      if (!Objects.equals(here, before)) {
        events.add(
            new Event(
                run,
                name,
                before.isEmpty() ? "add" : here.isEmpty() ? "remove" : "replace",
                before.map(JsonNode::toString).orElse(""),
                here.map(JsonNode::toString).orElse(""),
                false,
                "",
                "",
                Event.Certainty.WRITTEN));
      }
    }
    return events;
  }

  private final Map<String, Map<FieldPath, JsonNode>> declarations = new LinkedHashMap<>();

  private Optional<JsonNode> declared(RunEntry run, FieldPath path) {
    return Optional.ofNullable(
        declarations
            .computeIfAbsent(
                run.commit(), c -> Flattened.of("topology.yaml", archive.topology(run)))
            .get(path));
  }
}
