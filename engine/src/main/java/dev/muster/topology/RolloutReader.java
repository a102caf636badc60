package dev.muster.topology;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.problem.Problems;
import dev.muster.problem.Suggestion;
import dev.muster.yaml.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code spec.rollout}; its form is the schema's to check, whether it fits members ours. */
final class RolloutReader {
  private final YamlNode document;
  private final List<ClusterDeclaration> members;

  RolloutReader(YamlNode document, List<ClusterDeclaration> members) {
    this.document = document;
    this.members = members;
  }

  /** The rollout of a sound file, when it has one. */
  Optional<Rollout> read() {
    Optional<YamlNode> rollout = document.at("/spec/rollout");
    if (rollout.isEmpty()) {
      return Optional.empty();
    }
    JsonNode fields = rollout.get().json();
    List<Rollout.Entry> waves = new ArrayList<>();
    fields.path("waves").forEach(wave -> waves.add(entry(wave)));
    Rollout standard = Rollout.canary();
    return Optional.of(
        new Rollout(
            waves.isEmpty() ? standard.waves() : waves,
            fields.path("stopAfter").asInt(standard.stopAfter())));
  }

  private static Rollout.Entry entry(JsonNode wave) {
    if (wave.has("where")) {
      Map<String, String> labels = new LinkedHashMap<>();
      wave.path("where")
          .properties()
          .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
      return new Rollout.Where(labels);
    }
    String text = wave.path("batch").asText();
    boolean percent = text.endsWith("%");
    return new Rollout.Batch(Integer.parseInt(text.replace("%", "")), percent);
  }

  /** A wave that no member is in is a typo, and the members meant for it would come in another. */
  void check(Problems problems) {
    if (!(document.at("/spec/rollout/waves").orElse(null) instanceof YamlNode.Sequence waves)) {
      return;
    }
    for (YamlNode wave : waves.elements()) {
      if (wave.child("where").orElse(null) instanceof YamlNode.Mapping where) {
        where.entries().forEach(entry -> check(entry, problems));
      }
    }
  }

  private void check(YamlNode.Entry entry, Problems problems) {
    String key = entry.key().text();
    Set<String> keys = new LinkedHashSet<>();
    Set<String> values = new LinkedHashSet<>();
    for (ClusterDeclaration member : members) {
      member.fields().path("labels").fieldNames().forEachRemaining(keys::add);
      member
          .fields()
          .properties()
          .forEach(
              field -> {
                if (field.getValue().isTextual() && !field.getKey().equals("context")) {
                  keys.add(field.getKey());
                }
              });
      values.add(Rollout.value(member.fields(), key));
    }
    values.remove("");
    if (values.isEmpty()) {
      problems.error(
          entry.key().where(),
          "no member has the label \"" + key + "\"",
          Suggestion.closest(key, keys)
              .map(close -> "did you mean " + close + "?")
              .orElse("give it to the members that are meant, or take this wave out"));
      return;
    }
    String wanted = entry.value().json().asText();
    if (entry.value().json().isTextual() && !values.contains(wanted)) {
      problems.error(
          entry.value().where(),
          "no member has " + key + " \"" + wanted + "\"",
          Suggestion.closest(wanted, values)
              .map(close -> "did you mean " + close + "?")
              .orElse("the members have: " + String.join(", ", values)));
    }
  }
}
