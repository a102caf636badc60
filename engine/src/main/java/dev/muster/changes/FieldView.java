package dev.muster.changes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.muster.diff.Change;
import dev.muster.diff.FieldChange;
import dev.muster.diff.Fingerprint;
import java.util.List;
import java.util.Optional;

/**
 * A field's change as it is shown, saved and compared: values as JSON text, sensitive ones as a
 * keyed fingerprint.
 *
 * @param path dotted, from the object's root
 * @param action {@code add}, {@code replace} or {@code remove}
 * @param before empty when there is no value before, or none that can be told
 * @param after empty when there is no value after, or none that can be told yet
 * @param knownAfter the steps after which the value is known
 * @param generated whether the value is made when it is written
 * @param making how it is made, when it is no random one: who issues a token, and why
 * @param released whether nothing declares the field any more, so that muster gives it back
 */
public record FieldView(
    String path,
    String action,
    String before,
    String after,
    boolean sensitive,
    List<String> knownAfter,
    boolean generated,
    String making,
    boolean released) {
  public FieldView {
    knownAfter = List.copyOf(knownAfter);
  }

  /** One whose value is known, or a random one. */
  public FieldView(
      String path,
      String action,
      String before,
      String after,
      boolean sensitive,
      List<String> knownAfter,
      boolean generated,
      boolean released) {
    this(path, action, before, after, sensitive, knownAfter, generated, "", released);
  }

  /** What stands for an empty text, which is shown even where a value would be sensitive. */
  public static final String EMPTY = "\"\"";

  /** What stands for an object that is deleted. */
  private static final String UID = "metadata.uid";

  /** The UID of the object that is deleted, where that is what this stands for. */
  Optional<String> deleted() {
    // Nobody may write a UID, so no field of a change has this path.
    return path.equals(UID) && action.equals("remove")
        ? Optional.of(before.substring(1, before.length() - 1))
        : Optional.empty();
  }

  private static FieldView of(FieldChange change, boolean released, Fingerprint fingerprint) {
    return new FieldView(
        change.path().toString(),
        change.kind().name().toLowerCase(java.util.Locale.ROOT),
        change.before().map(value -> text(value, change, fingerprint)).orElse(""),
        change.after().map(value -> text(value, change, fingerprint)).orElse(""),
        change.sensitive(),
        change.knownAfter(),
        change.generated(),
        change.making(),
        released);
  }

  public static List<FieldView> of(StepPlan step, Change change, Fingerprint fingerprint) {
    if (change instanceof Change.Delete delete) {
      // Another object of the same name is not the one that was agreed on.
      String uid = TextNode.valueOf(delete.uid()).toString();
      return List.of(new FieldView(UID, "remove", uid, "", false, List.of(), false, false));
    }
    return step.fields(change).stream()
        .map(field -> of(field, step.ownership().releases(change.ref(), field.path()), fingerprint))
        .toList();
  }

  private static String text(JsonNode value, FieldChange change, Fingerprint fingerprint) {
    boolean empty = value.isTextual() && value.asText().isEmpty();
    if (!change.sensitive() || empty) {
      // That there is no secret is no secret.
      return value.toString();
    }
    return fingerprint.of(value.isTextual() ? value.asText() : value.toString()).orElse("");
  }
}
