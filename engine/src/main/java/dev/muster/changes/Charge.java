package dev.muster.changes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.desired.Lookup;
import dev.muster.desired.Need;
import dev.muster.expression.Reference;
import dev.muster.plan.FactSpec;
import dev.muster.plan.Plan;
import dev.muster.plan.Step;
import dev.muster.plan.Subjects;
import dev.muster.resource.Declared;
import dev.muster.resource.FieldPath;
import dev.muster.resource.FieldRules;
import dev.muster.resource.ObjectRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Collects what one step takes charge of, and what it gives back, while the step is planned. */
final class Charge {
  private final Plan plan;
  private final Step step;
  private final Snapshot snapshot;
  private final Releases releases;
  private final List<Claim> claims = new ArrayList<>();
  private final List<Ownership.Forgotten> forgotten = new ArrayList<>();
  private final Map<ObjectRef, Set<FieldPath>> released = new LinkedHashMap<>();
  private Optional<Ownership.Restart> restart = Optional.empty();

  Charge(Plan plan, Step step, Snapshot snapshot, Writers writers) {
    this.plan = plan;
    this.step = step;
    this.snapshot = snapshot;
    this.releases = new Releases(snapshot.inventory(), writers);
  }

  /**
   * An object that the step declares fields of.
   *
   * @param there whether it exists
   * @param makes whether the plan itself says what it is made of, as opposed to a user's manifest
   * @return what is to be given back of it
   */
  Releases.Release take(
      Need need, FieldRules rules, Declared.Fields declared, boolean there, boolean makes) {
    if (step.spec().subjects().removing()) {
      // A member that is taken out is forgotten as a whole.
      return Releases.Release.none();
    }
    ObjectRef ref = need.ref();
    Releases.Release release =
        there ? releases.of(step, ref, declared, rules) : Releases.Release.none();
    if (!release.paths().isEmpty()) {
      released.put(ref, release.paths());
    }
    if (there || !declared.entries().isEmpty()) {
      Optional<JsonNode> live =
          there && snapshot.object(need) instanceof Lookup.Present present
              ? Optional.of(present.value())
              : Optional.empty();
      Set<FieldPath> owned =
          snapshot
              .inventory()
              .entry(step.subject().name())
              .flatMap(entry -> entry.object(step.cluster().name(), ref))
              .map(OwnedObject::all)
              .orElse(Set.of());
      claims.add(Claim.of(step, ref, rules, declared, live, makes, owned, release.replaces()));
    }
    return release;
  }

  /** An object that the step deletes. */
  void forget(ObjectRef ref) {
    forgotten.add(new Ownership.Forgotten(step.cluster().name(), ref));
  }

  /**
   * A workload that the step restarts for its own changes.
   *
   * @param mark by which it would know one for them; empty when nothing is changed
   * @return the mark of the restart that is due, for changes of this run or of one that ended
   *     before it came to this
   */
  Optional<String> restart(ObjectRef ref, Optional<String> mark) {
    Ownership.Restart now = new Ownership.Restart(step.cluster().name(), ref, mark);
    Optional<String> due =
        mark.or(() -> snapshot.inventory().entry(step.subject().name()).flatMap(now::left));
    restart = Optional.of(new Ownership.Restart(now.cluster(), ref, due));
    return due;
  }

  /** It is not wanted here, so that one that is left is forgotten. */
  void noRestart() {
    restart =
        restart.map(each -> new Ownership.Restart(each.cluster(), each.ref(), Optional.empty()));
  }

  Ownership ownership() {
    boolean usesCarried = !step.spec().initial().isEmpty();
    return new Ownership(claims, released, forgotten, carried(), usesCarried, restart);
  }

  /** Values that have to survive what the step deletes, in another run too. */
  private Optional<Map<String, JsonNode>> carried() {
    boolean destroys =
        step.spec().subjects() == Subjects.MEMBERS
            && plan.facts().values().stream()
                .filter(FactSpec::carry)
                .flatMap(fact -> fact.from().stream())
                .flatMap(from -> from.references().stream())
                .anyMatch(reference -> step.spec().delete().contains(first(reference)));
    return destroys
        ? Optional.of(snapshot.carriedFor(step.subject())).filter(values -> !values.isEmpty())
        : Optional.empty();
  }

  private static String first(Reference reference) {
    return reference.path().isEmpty() ? "" : reference.path().get(0);
  }
}
