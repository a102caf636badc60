package dev.muster.diff;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.muster.diff.FieldChange.Kind;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A patch as outputs and files show it: sensitive values are references to their fingerprint,
 * embedded documents are their inner fields. It cannot be applied, by design.
 */
public final class ReadablePatch {
  private final Fingerprint fingerprint;
  private final ArrayNode operations = JsonNodeFactory.instance.arrayNode();

  private ReadablePatch(Fingerprint fingerprint) {
    this.fingerprint = fingerprint;
  }

  /** The operations, also of a difference with values that are not known yet. */
  public static ArrayNode of(ObjectDiff diff, Fingerprint fingerprint) {
    ReadablePatch patch = new ReadablePatch(fingerprint);
    if (!diff.creates()) {
      JsonNode uid = diff.base().at("/metadata/uid");
      patch.operation("test", "/metadata/uid").set("value", uid);
    }
    Set<String> prepared = new LinkedHashSet<>();
    for (Edit edit : Patches.inOrder(diff.edits())) {
      if (!diff.creates()) {
        Patches.prepare(patch.operations, prepared, edit, diff.base());
      }
      if (edit.document()) {
        patch.document(edit);
      } else {
        patch.field(edit);
      }
    }
    return patch.operations;
  }

  private void field(Edit edit) {
    FieldChange change = edit.changes().get(0);
    String path = edit.at().toString();
    if (edit.kind() != Kind.ADD) {
      operation("test", path).set("value", before(change));
    }
    ObjectNode operation = operation(name(edit.kind()), path);
    operation.put("field", change.path().toString());
    if (edit.kind() != Kind.REMOVE) {
      operation.set("value", after(change));
    }
  }

  private void document(Edit edit) {
    ObjectNode operation = operation(name(edit.kind()), edit.at().toString());
    if (edit.before().isTextual()) {
      String reference =
          fingerprint.of(edit.before().textValue()).map(f -> "fingerprint " + f).orElse("(short)");
      operation.put("oldText", reference);
    }
    ArrayNode fields = operation.putArray("fields");
    for (FieldChange change : edit.changes()) {
      ObjectNode field = fields.addObject().put("op", name(change.kind()));
      field.put("field", change.path().toString());
      if (change.kind() != Kind.ADD) {
        field.set("from", before(change));
      }
      if (change.kind() != Kind.REMOVE) {
        field.set("to", after(change));
      }
    }
  }

  private JsonNode before(FieldChange change) {
    JsonNode value = change.before().orElse(JsonNodeFactory.instance.nullNode());
    return change.sensitive() ? reference(value) : value;
  }

  private JsonNode after(FieldChange change) {
    if (change.after().isEmpty()) {
      return TextNode.valueOf(change.shownAfter());
    }
    return change.sensitive() ? reference(change.after().get()) : change.after().get();
  }

  private JsonNode reference(JsonNode secret) {
    // A map with a short secret in it could be found by trying, so only texts have a fingerprint.
    String known =
        secret.isTextual()
            ? fingerprint.of(secret.textValue()).map(f -> ", fingerprint " + f).orElse("")
            : "";
    return TextNode.valueOf("(sensitive" + known + ")");
  }

  private ObjectNode operation(String op, String path) {
    return operations.addObject().put("op", op).put("path", path);
  }

  private static String name(Kind kind) {
    return switch (kind) {
      case ADD -> "add";
      case REPLACE -> "replace";
      case REMOVE -> "remove";
    };
  }
}
