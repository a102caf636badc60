package dev.muster.changes;

import dev.muster.diff.Change;
import dev.muster.diff.Fingerprint;
import dev.muster.resource.ObjectRef;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One object's change as people have seen and agreed to it.
 *
 * @param existed whether the object was there; empty where nobody could tell, as for one that
 *     another step was to make
 * @param fields what was to change
 */
public record AgreedChange(Optional<Boolean> existed, List<FieldView> fields) {
  private static final String MOVED = "changed since planned: ";

  public AgreedChange {
    Objects.requireNonNull(existed, "existed");
    fields = List.copyOf(fields);
  }

  static AgreedChange of(StepPlan step, Change change, Fingerprint fingerprint) {
    return new AgreedChange(existed(change), FieldView.of(step, change, fingerprint));
  }

  /** Whether the object of a change is there; empty where the change does not say. */
  public static Optional<Boolean> existed(Change change) {
    if (Changes.creates(change)) {
      return Optional.of(false);
    }
    return change instanceof Change.Pending ? Optional.empty() : Optional.of(true);
  }

  /**
   * The first thing in which a change now differs from this; empty when it would write the same, or
   * less.
   *
   * @param there whether the object is there now
   * @param now the fields that would change now
   */
  Optional<String> deviation(ObjectRef ref, Optional<Boolean> there, List<FieldView> now) {
    if (is(existed, true) && is(there, false)) {
      // What was agreed to is a change of something, and not that a part of it is made anew.
      return Optional.of(MOVED + ref + " was there when planned, and is not there any more");
    }
    boolean appeared = is(existed, false) && is(there, true);
    return now.stream()
        .flatMap(field -> deviation(field).stream())
        .findFirst()
        .map(
            found ->
                MOVED
                    + ref
                    + (appeared ? " was not there when planned, and is there now: " : " ")
                    + found);
  }

  private static boolean is(Optional<Boolean> known, boolean value) {
    return known.filter(there -> there == value).isPresent();
  }

  private Optional<String> deviation(FieldView now) {
    Optional<FieldView> same =
        fields.stream().filter(field -> field.path().equals(now.path())).findFirst();
    if (same.isEmpty()) {
      return Optional.of(now.path() + ", planned to stay, now " + shown(now.before(), now));
    }
    FieldView then = same.get();
    if (!then.before().equals(now.before())) {
      return Optional.of(
          now.path()
              + ", planned from "
              + shown(then.before(), then)
              + ", now "
              + shown(now.before(), now));
    }
    boolean open = !then.knownAfter().isEmpty() || then.generated();
    if (!open && !then.after().equals(now.after())) {
      return Optional.of(
          now.path()
              + ", planned to become "
              + shown(then.after(), then)
              + ", would now become "
              + shown(now.after(), now));
    }
    return Optional.empty();
  }

  private static String shown(String value, FieldView field) {
    if (value.isEmpty()) {
      return "absent";
    }
    return field.sensitive() ? "another (sensitive) value" : value;
  }
}
