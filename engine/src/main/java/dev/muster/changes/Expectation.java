package dev.muster.changes;

import dev.muster.diff.Change;
import dev.muster.diff.Fingerprint;
import dev.muster.resource.ObjectRef;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What people have seen and agreed to: the fields of a change set. A run compares with it what it
 * is about to write.
 */
public final class Expectation {
  private final Map<String, Map<ObjectRef, AgreedChange>> steps;
  private final Fingerprint fingerprint;
  private final Function<StepPlan, Optional<String>> further;

  /**
   * @param steps step id to object to its planned change
   * @param fingerprint with the key that the planned fingerprints were made with
   */
  public Expectation(Map<String, Map<ObjectRef, AgreedChange>> steps, Fingerprint fingerprint) {
    this(steps, fingerprint, step -> Optional.empty());
  }

  private Expectation(
      Map<String, Map<ObjectRef, AgreedChange>> steps,
      Fingerprint fingerprint,
      Function<StepPlan, Optional<String>> further) {
    this.steps = steps;
    this.fingerprint = fingerprint;
    this.further = further;
  }

  /** This, and a further look at each step right before its writes, which may stop it as well. */
  public Expectation and(Function<StepPlan, Optional<String>> look) {
    return new Expectation(
        steps, fingerprint, step -> further.apply(step).or(() -> look.apply(step)));
  }

  public static Expectation of(ChangeSet changeSet, Fingerprint fingerprint) {
    Map<String, Map<ObjectRef, AgreedChange>> steps = new LinkedHashMap<>();
    for (StepPlan step : changeSet.steps()) {
      Map<ObjectRef, AgreedChange> objects = new LinkedHashMap<>();
      for (Change change : step.effective()) {
        objects.put(change.ref(), AgreedChange.of(step, change, fingerprint));
      }
      steps.put(step.step().id(), objects);
    }
    return new Expectation(steps, fingerprint);
  }

  /** The objects that a step was to change. */
  public Set<ObjectRef> refs(String stepId) {
    return steps.getOrDefault(stepId, Map.of()).keySet();
  }

  /** The UID of an object that a step was to delete; empty for what it was to do otherwise. */
  public Optional<String> deleted(String stepId, ObjectRef ref) {
    return Optional.ofNullable(steps.getOrDefault(stepId, Map.of()).get(ref)).stream()
        .flatMap(change -> change.fields().stream())
        .flatMap(field -> field.deleted().stream())
        .findFirst();
  }

  /**
   * The first thing in which a step now differs from what was planned; empty when it would write
   * what was planned, or less.
   */
  public Optional<String> deviation(StepPlan now) {
    Map<ObjectRef, AgreedChange> planned = steps.getOrDefault(now.step().id(), Map.of());
    for (Change change : now.effective()) {
      AgreedChange agreed = planned.get(change.ref());
      if (agreed == null) {
        return Optional.of(change.ref() + " would change now, and was not in the change set");
      }
      Optional<String> deviation =
          agreed.deviation(
              change.ref(), AgreedChange.existed(change), FieldView.of(now, change, fingerprint));
      if (deviation.isPresent()) {
        return deviation;
      }
    }
    return further.apply(now);
  }
}
