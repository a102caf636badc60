package dev.muster.rehearsal;

import dev.muster.changes.FieldView;
import dev.muster.changes.StepPlan;
import dev.muster.diff.Change;
import dev.muster.diff.Fingerprint;
import dev.muster.resource.ObjectRef;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a run wrote, field by field, to compare another run with. Sensitive values are not compared,
 * as a rehearsal has placeholders in their place; that they change is.
 */
public final class Rehearsed {
  private static final Fingerprint NONE = Fingerprint.withNewKey(new SecureRandom());

  private final Map<String, Map<ObjectRef, List<FieldView>>> steps;

  /**
   * @param steps step id to object to its fields, in the order of writing
   */
  public Rehearsed(Map<String, Map<ObjectRef, List<FieldView>>> steps) {
    this.steps = new LinkedHashMap<>(steps);
  }

  public static Rehearsed of(List<StepPlan> performed) {
    Map<String, Map<ObjectRef, List<FieldView>>> steps = new LinkedHashMap<>();
    for (StepPlan step : performed) {
      Map<ObjectRef, List<FieldView>> objects = new LinkedHashMap<>();
      step.effective().forEach(change -> objects.put(change.ref(), fields(step, change)));
      steps.put(step.step().id(), objects);
    }
    return new Rehearsed(steps);
  }

  /** Without any sensitive value, not even its fingerprint. */
  private static List<FieldView> fields(StepPlan step, Change change) {
    return FieldView.of(step, change, NONE).stream()
        .map(
            field ->
                field.sensitive()
                    ? new FieldView(
                        field.path(),
                        field.action(),
                        "",
                        "",
                        true,
                        field.knownAfter(),
                        field.generated(),
                        field.released())
                    : field)
        .toList();
  }

  public Map<String, Map<ObjectRef, List<FieldView>>> steps() {
    return steps;
  }

  /** How many objects were written. */
  public int changes() {
    return steps.values().stream().mapToInt(Map::size).sum();
  }

  /** The first thing that a step is about to write and that was not rehearsed so. */
  public Optional<String> deviation(StepPlan now) {
    Map<ObjectRef, List<FieldView>> then = steps.getOrDefault(now.step().id(), Map.of());
    for (Change change : now.effective()) {
      List<FieldView> fields = then.get(change.ref());
      if (fields == null) {
        return Optional.of("differs from the rehearsal: it did not change " + change.ref());
      }
      for (FieldView field : fields(now, change)) {
        Optional<String> difference = difference(change.ref(), field, fields);
        if (difference.isPresent()) {
          return difference;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> difference(ObjectRef ref, FieldView now, List<FieldView> then) {
    Optional<FieldView> same =
        then.stream().filter(field -> field.path().equals(now.path())).findFirst();
    String where = "differs from the rehearsal: " + ref + " " + now.path() + ", ";
    if (same.isEmpty()) {
      return Optional.of(where + "rehearsed to stay, would now become " + shown(now, now.after()));
    }
    FieldView rehearsed = same.get();
    if (!rehearsed.action().equals(now.action())) {
      return Optional.of(
          where + "rehearsed to " + rehearsed.action() + ", would now be: " + now.action());
    }
    if (!rehearsed.before().equals(now.before())) {
      return Optional.of(
          where
              + "rehearsed from "
              + shown(rehearsed, rehearsed.before())
              + ", now "
              + shown(now, now.before()));
    }
    return rehearsed.after().equals(now.after())
        ? Optional.empty()
        : Optional.of(
            where
                + "rehearsed to become "
                + shown(rehearsed, rehearsed.after())
                + ", would now become "
                + shown(now, now.after()));
  }

  private static String shown(FieldView field, String value) {
    return field.sensitive() ? "a sensitive value" : value.isEmpty() ? "absent" : value;
  }

  /**
   * What was rehearsed and not done, as {@code step ID: OBJECT [FIELD]}: another run had less to
   * do, or stopped.
   */
  public List<String> missingFrom(Rehearsed other) {
    List<String> missing = new ArrayList<>();
    steps.forEach(
        (step, objects) ->
            objects.forEach(
                (ref, fields) -> {
                  Map<ObjectRef, List<FieldView>> did = other.steps.getOrDefault(step, Map.of());
                  if (!did.containsKey(ref)) {
                    missing.add("step " + step + ": " + ref);
                    return;
                  }
                  Set<String> paths = new HashSet<>();
                  did.getOrDefault(ref, List.of()).forEach(field -> paths.add(field.path()));
                  fields.stream()
                      .filter(field -> !paths.contains(field.path()))
                      .forEach(
                          field -> missing.add("step " + step + ": " + ref + " " + field.path()));
                }));
    return missing;
  }
}
