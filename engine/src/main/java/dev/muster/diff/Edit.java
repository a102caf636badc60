package dev.muster.diff;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.diff.FieldChange.Kind;
import java.util.List;

/**
 * One write into a live tree.
 *
 * @param changes the fields it makes true: one, or all that changed inside an embedded document
 * @param before the live value there, missing when there is none
 * @param after the new value there, missing when it is removed or cannot be known yet
 * @param document whether the value is the text of an embedded document
 */
record Edit(
    Pointer at,
    Kind kind,
    JsonNode before,
    JsonNode after,
    List<FieldChange> changes,
    boolean document) {
  Edit {
    changes = List.copyOf(changes);
  }

  boolean sensitive() {
    return changes.stream().anyMatch(FieldChange::sensitive);
  }
}
