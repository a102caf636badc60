package dev.muster.topology;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * In what groups the members of a topology get their turn, and when a run stops before the next
 * group.
 *
 * @param waves as the file lists them, at least one
 * @param stopAfter as soon as so many members have failed, no further wave starts; at least 1
 */
public record Rollout(List<Entry> waves, int stopAfter) {
  /** One member first, then a quarter of them at a time: for a budget without waves of its own. */
  private static final List<Entry> CANARY = List.of(new Batch(1, false), new Batch(25, true));

  public Rollout {
    waves = List.copyOf(waves);
    if (waves.isEmpty() || stopAfter < 1) {
      throw new IllegalArgumentException("a rollout has waves and a budget of at least 1");
    }
  }

  /** What stops at the first failed member, and was given no waves: one member, then quarters. */
  public static Rollout canary() {
    return new Rollout(CANARY, 1);
  }

  public Rollout withStopAfter(int budget) {
    return new Rollout(waves, budget);
  }

  /** An entry of the list of waves. */
  public sealed interface Entry {}

  /**
   * One wave of all members that fit.
   *
   * @param labels label or key of a member to the value it has to have; all have to fit
   */
  public record Where(Map<String, String> labels) implements Entry {
    public Where {
      labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    }

    public boolean fits(ClusterDeclaration member) {
      return labels.entrySet().stream()
          .allMatch(wanted -> value(member.fields(), wanted.getKey()).equals(wanted.getValue()));
    }

    @Override
    public String toString() {
      return String.join(
          ", ", labels.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
    }
  }

  /**
   * So many of the members that no {@link Where} takes, in the order of the file.
   *
   * @param percent whether {@code number} is a part of a hundred of all members of the topology
   */
  public record Batch(int number, boolean percent) implements Entry {
    /** Rounded up, and at least one. */
    public int size(int members) {
      int size = percent ? (int) ((members * (long) number + 99) / 100) : number;
      return Math.max(1, size);
    }

    @Override
    public String toString() {
      return "batch " + number + (percent ? "%" : "");
    }
  }

  /** What a member has for a label, or else for a plain key of its own such as its name. */
  static String value(JsonNode member, String key) {
    JsonNode label = member.path("labels").path(key);
    return label.isMissingNode() && member.path(key).isTextual()
        ? member.path(key).asText()
        : label.asText();
  }
}
