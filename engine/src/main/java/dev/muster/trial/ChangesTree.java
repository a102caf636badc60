package dev.muster.trial;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.muster.changes.ChangeSet;
import dev.muster.changes.Changes;
import dev.muster.changes.StepPlan;
import dev.muster.diff.Change;
import dev.muster.diff.FieldChange;
import java.util.Optional;

/** A change set as cases have it: step to object to field to {@code from} and {@code to}. */
final class ChangesTree {
  private ChangesTree() {}

  static ObjectNode of(ChangeSet changeSet) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    for (StepPlan step : changeSet.steps()) {
      if (!step.effective().isEmpty()) {
        ObjectNode objects =
            tree.putObject(step.step().id() + " on " + step.step().cluster().name());
        step.effective()
            .forEach(change -> objects.set(verb(change) + " " + change.ref(), of(step, change)));
      }
    }
    return tree;
  }

  private static String verb(Change change) {
    return Changes.creates(change)
        ? "create"
        : change instanceof Change.Delete ? "delete" : "patch";
  }

  private static ObjectNode of(StepPlan step, Change change) {
    ObjectNode fields = JsonNodeFactory.instance.objectNode();
    if (change instanceof Change.Delete) {
      return fields;
    }
    for (FieldChange field : step.fields(change)) {
      ObjectNode one = fields.putObject(field.path().toString());
      field.before().ifPresent(value -> one.set("from", shown(value, field.sensitive())));
      after(field).ifPresent(value -> one.set("to", value));
      if (step.ownership().releases(change.ref(), field.path())) {
        one.put("released", true);
      }
    }
    return fields;
  }

  private static Optional<JsonNode> after(FieldChange field) {
    return field.knownAfter().isEmpty() && !field.generated()
        ? field.after().map(value -> shown(value, field.sensitive()))
        : Optional.of(TextNode.valueOf(field.shownAfter()));
  }

  /** That there is no secret is no secret. */
  private static JsonNode shown(JsonNode value, boolean sensitive) {
    boolean empty = value.isTextual() && value.asText().isEmpty();
    return sensitive && !empty ? TextNode.valueOf(Secrets.ANY) : value;
  }
}
