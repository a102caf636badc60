package dev.muster.diff;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.resource.FieldPath;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** One declared field that is not as declared. */
public final class FieldChange {
  /** What happens to the field. */
  public enum Kind {
    ADD,
    REPLACE,
    REMOVE
  }

  private final FieldPath path;
  private final Kind kind;
  private final JsonNode before;
  private final JsonNode after;
  private final boolean sensitive;
  private final List<String> knownAfter;
  private final boolean generated;
  private final String making;

  /**
   * @param before the live value; missing when there is none
   * @param after the declared value; missing when it is removed, not known yet or not made yet
   * @param knownAfter the steps the new value waits for; empty when it is known
   * @param generated whether the new value is made when the object is written
   */
  public FieldChange(
      FieldPath path,
      Kind kind,
      JsonNode before,
      JsonNode after,
      boolean sensitive,
      List<String> knownAfter,
      boolean generated) {
    this(path, kind, before, after, sensitive, knownAfter, generated, "");
  }

  private FieldChange(
      FieldPath path,
      Kind kind,
      JsonNode before,
      JsonNode after,
      boolean sensitive,
      List<String> knownAfter,
      boolean generated,
      String making) {
    this.path = path;
    this.kind = kind;
    this.before = before;
    this.after = after;
    this.sensitive = sensitive;
    this.knownAfter = List.copyOf(knownAfter);
    this.generated = generated;
    this.making = making;
  }

  /** The same with words for how its value is made; none for a random one. */
  public FieldChange making(String words) {
    return words.isEmpty()
        ? this
        : new FieldChange(path, kind, before, after, sensitive, knownAfter, generated, words);
  }

  public FieldPath path() {
    return path;
  }

  public Kind kind() {
    return kind;
  }

  /** The live value; empty when the field is added. */
  public Optional<JsonNode> before() {
    return before.isMissingNode() ? Optional.empty() : Optional.of(before);
  }

  /** The new value; empty when the field is removed, or its value is not known or not made yet. */
  public Optional<JsonNode> after() {
    return after.isMissingNode() ? Optional.empty() : Optional.of(after);
  }

  /** Whether neither value may ever be shown. */
  public boolean sensitive() {
    return sensitive;
  }

  /** The steps that the new value waits for; empty when it is known. */
  public List<String> knownAfter() {
    return knownAfter;
  }

  /** Whether the new value is made when the object is written. */
  public boolean generated() {
    return generated;
  }

  /** How a new value is made that is no random one; empty otherwise. */
  public String making() {
    return making;
  }

  /** The old value for people; never a sensitive one. */
  public String shownBefore() {
    return sensitive ? "(sensitive)" : before.toString();
  }

  /** The new value for people; never a sensitive one. */
  public String shownAfter() {
    if (!knownAfter.isEmpty()) {
      return "(known after " + String.join(", ", knownAfter) + ")";
    }
    if (generated) {
      return making.isEmpty() ? "(generated)" : "(" + making + ")";
    }
    return sensitive ? "(sensitive)" : after.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FieldChange that
        && path.equals(that.path)
        && kind == that.kind
        && before.equals(that.before)
        && after.equals(that.after)
        && sensitive == that.sensitive
        && knownAfter.equals(that.knownAfter)
        && generated == that.generated
        && making.equals(that.making);
  }

  @Override
  public int hashCode() {
    return Objects.hash(path, kind, before, after);
  }

  /** Never shows a sensitive value. */
  @Override
  public String toString() {
    return switch (kind) {
      case ADD -> "+ " + path + ": " + shownAfter();
      case REPLACE -> "~ " + path + ": " + shownBefore() + " -> " + shownAfter();
      case REMOVE -> "- " + path + ": " + shownBefore();
    };
  }
}
