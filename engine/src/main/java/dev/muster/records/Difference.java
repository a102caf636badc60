package dev.muster.records;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.history.RunEntry;
import dev.muster.history.TextDiff;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What differs between two runs, or between a run and a file.
 *
 * @param after empty when the file is compared, whose clusters nobody has asked
 * @param topology a unified diff, empty when the texts are the same
 * @param plan the same of the plans
 * @param fields the declared live fields that the two runs left different
 */
public record Difference(
    RunEntry before, Optional<RunEntry> after, String topology, String plan, List<Field> fields) {
  public Difference {
    fields = List.copyOf(fields);
  }

  /** A field with its value before and after; empty where it was or is not declared. */
  public record Field(FieldName name, Optional<JsonNode> before, Optional<JsonNode> after) {}

  public boolean none() {
    return topology.isEmpty() && plan.isEmpty() && fields.isEmpty();
  }

  public static Difference of(Archive archive, RunEntry before, RunEntry after) {
    Map<FieldName, JsonNode> then = archive.fields(before);
    Map<FieldName, JsonNode> now = archive.fields(after);
    Set<FieldName> names = new LinkedHashSet<>(then.keySet());
    names.addAll(now.keySet());
    List<Field> fields = new ArrayList<>();
    for (FieldName name : names) {
      Optional<JsonNode> one = Optional.ofNullable(then.get(name));
      Optional<JsonNode> other = Optional.ofNullable(now.get(name));
      if (!one.equals(other)) {
        fields.add(new Field(name, one, other));
      }
    }
    fields.sort(
        Comparator.comparing((Field field) -> field.name().cluster())
            .thenComparing(field -> field.name().object()));
    String a = before.runId();
    String b = after.runId();
    return new Difference(
        before,
        Optional.of(after),
        TextDiff.unified(
            a + "/topology.yaml",
            archive.topology(before),
            b + "/topology.yaml",
            archive.topology(after)),
        TextDiff.unified(
            a + "/plan.yaml", plan(archive, before), b + "/plan.yaml", plan(archive, after)),
        fields);
  }

  /** Against texts that no run was planned from yet. */
  public static Difference of(
      Archive archive, RunEntry before, String file, String topology, String plan) {
    String a = before.runId();
    return new Difference(
        before,
        Optional.empty(),
        TextDiff.unified(a + "/topology.yaml", archive.topology(before), file, topology),
        TextDiff.unified(a + "/plan.yaml", plan(archive, before), "plan.yaml", plan),
        List.of());
  }

  private static String plan(Archive archive, RunEntry run) {
    return archive.file(run, RunDetails.PLAN).orElse("");
  }
}
