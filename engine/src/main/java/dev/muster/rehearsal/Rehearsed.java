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
                        field.making(),
                        field.released())
                    : field)
        .toList();
  }

  public Map<String, Map<ObjectRef, List<FieldView>>> steps() {
    return steps;
  }

  /** The part of it that these steps are. */
  public Rehearsed among(Set<String> ids) {
    Map<String, Map<ObjectRef, List<FieldView>>> kept = new LinkedHashMap<>(steps);
    kept.keySet().retainAll(ids);
    return new Rehearsed(kept);
  }

  /** How many objects were written. */
  public int changes() {
    return steps.values().stream().mapToInt(Map::size).sum();
  }

  /**
   * Where a run would not do what was rehearsed.
   *
   * @param path the field, empty when it is the object as a whole
   * @param rehearsed and now: in words, or values as JSON text
   */
  public record Deviation(ObjectRef ref, String path, String rehearsed, String now) {
    /** In one sentence. */
    public String text() {
      return ref + (path.isEmpty() ? "" : " " + path) + ", rehearsed " + rehearsed + ", now " + now;
    }
  }

  /** The first thing that a step is about to write and that was not rehearsed so. */
  public Optional<Deviation> deviation(StepPlan now) {
    Map<ObjectRef, List<FieldView>> then = steps.getOrDefault(now.step().id(), Map.of());
    for (Change change : now.effective()) {
      List<FieldView> fields = then.get(change.ref());
      if (fields == null) {
        return Optional.of(
            new Deviation(change.ref(), "", "to stay as it was", "it would be changed"));
      }
      for (FieldView field : fields(now, change)) {
        Optional<Deviation> difference = difference(change.ref(), field, fields);
        if (difference.isPresent()) {
          return difference;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Deviation> difference(
      ObjectRef ref, FieldView now, List<FieldView> then) {
    Optional<FieldView> same =
        then.stream().filter(field -> field.path().equals(now.path())).findFirst();
    if (same.isEmpty()) {
      return Optional.of(
          new Deviation(
              ref, now.path(), "to stay as it was", "it would become " + shown(now, now.after())));
    }
    FieldView rehearsed = same.get();
    if (!rehearsed.action().equals(now.action())) {
      return Optional.of(
          new Deviation(
              ref, now.path(), "to " + rehearsed.action() + " it", "to " + now.action() + " it"));
    }
    if (!rehearsed.before().equals(now.before())) {
      return Optional.of(
          new Deviation(
              ref,
              now.path(),
              "from " + shown(rehearsed, rehearsed.before()),
              "from " + shown(now, now.before())));
    }
    return rehearsed.after().equals(now.after())
        ? Optional.empty()
        : Optional.of(
            new Deviation(
                ref,
                now.path(),
                "to become " + shown(rehearsed, rehearsed.after()),
                "it would become " + shown(now, now.after())));
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
