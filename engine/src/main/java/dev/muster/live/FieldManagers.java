package dev.muster.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.muster.resource.FieldPath;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Who wrote which fields of an object, as its {@code metadata.managedFields} tell: one entry for
 * each client that has set a field, with the time at which it last changed any of its fields. A
 * client that only removes fields leaves no entry.
 */
public final class FieldManagers {
  /** The name that muster gives with each write. */
  public static final String MUSTER = "muster";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<Entry> entries;

  private FieldManagers(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /**
   * One client's part in an object.
   *
   * @param manager what the client calls itself
   * @param operation {@code Apply} for server-side apply, {@code Update} for all other writes
   * @param subresource {@code scale} or {@code status}; empty for the object itself
   * @param time of its last change of any of its fields
   * @param fields the fields, as FieldsV1 says them
   */
  public record Entry(
      String manager,
      String operation,
      String subresource,
      Optional<Instant> time,
      JsonNode fields) {
    public boolean muster() {
      return manager.equals(MUSTER);
    }
  }

  public static FieldManagers of(LiveObject object) {
    List<Entry> entries = new ArrayList<>();
    for (JsonNode entry : object.tree().at("/metadata/managedFields")) {
      entries.add(
          new Entry(
              entry.path("manager").asText(),
              entry.path("operation").asText(),
              entry.path("subresource").asText(""),
              time(entry.path("time").asText("")),
              entry.path("fieldsV1")));
    }
    return new FieldManagers(entries);
  }

  private static Optional<Instant> time(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeParseException unknown) {
      return Optional.empty();
    }
  }

  /**
   * Whether muster has made an object and nobody else has had a hand in it since. Where that is not
   * told, the answer is no; a status does not count.
   */
  public static boolean madeByMusterAlone(LiveObject object) {
    List<Entry> writers =
        of(object).entries.stream().filter(entry -> entry.subresource().isEmpty()).toList();
    Optional<Instant> made = time(object.tree().at("/metadata/creationTimestamp").asText(""));
    return made.isPresent()
        && !writers.isEmpty()
        && writers.stream().allMatch(Entry::muster)
        && writers.stream()
            .flatMap(entry -> entry.time().stream())
            // Both are told in whole seconds, and taken one after the other.
            .anyMatch(time -> !time.isAfter(made.get().plusSeconds(1)));
  }

  /** Those who own a field, or the whole that it is part of, or something in it; latest first. */
  public List<Entry> owners(FieldPath field) {
    return entries.stream()
        .filter(entry -> owns(entry.fields(), field.segments()))
        .sorted(LATEST_FIRST)
        .toList();
  }

  /** All, the first one first. */
  public List<Entry> oldestFirst() {
    return entries.stream().sorted(LATEST_FIRST.reversed()).toList();
  }

  private static final Comparator<Entry> LATEST_FIRST =
      Comparator.comparing((Entry entry) -> entry.time().orElse(Instant.MIN)).reversed();

  private static boolean owns(JsonNode fields, List<String> path) {
    JsonNode at = fields;
    for (int i = 0; i < path.size(); i++) {
      Optional<JsonNode> child = child(at, path.get(i));
      if (child.isEmpty()) {
        // A whole that is owned as one is told without its parts.
        return i > 0 && at.isObject() && at.isEmpty();
      }
      at = child.get();
    }
    return !at.isMissingNode();
  }

  private static Optional<JsonNode> child(JsonNode fields, String segment) {
    if (!segment.startsWith("[")) {
      return Optional.ofNullable(fields.get("f:" + segment));
    }
    for (var entry : fields.properties()) {
      if (isElement(entry.getKey(), segment)) {
        return Optional.of(entry.getValue());
      }
    }
    return Optional.empty();
  }

  /**
   * Whether {@code k:{"name":"x"}} or {@code v:"x"} is what {@code [name=x]} or {@code [=x]} is.
   */
  private static boolean isElement(String key, String segment) {
    JsonNode value;
    try {
      value = JSON.readTree(key.substring(Math.min(2, key.length())));
    } catch (JsonProcessingException none) {
      return false;
    }
    if (key.startsWith("v:")) {
      return segment.equals("[=" + value.asText() + "]");
    }
    if (!key.startsWith("k:")) {
      return key.startsWith("i:") && segment.equals("[" + value.asText() + "]");
    }
    int length = 1 + value.size();
    for (var each : value.properties()) {
      String part = each.getKey() + "=" + each.getValue().asText();
      if (!segment.contains("[" + part) && !segment.contains("," + part)) {
        return false;
      }
      length += part.length();
    }
    return segment.length() == length;
  }
}
