package dev.muster.drift;

import dev.muster.changes.Changes;
import dev.muster.changes.Claim;
import dev.muster.changes.InventoryEntry;
import dev.muster.changes.OwnedObject;
import dev.muster.diff.Change;
import dev.muster.diff.Fingerprint;
import dev.muster.drift.DriftedField.Kind;
import dev.muster.live.FieldManagers;
import dev.muster.resource.FieldPath;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

/**
 * Tells which side of a difference has moved. What was declared when a step was settled is in the
 * inventory, so every runner comes to the same answer; where it is not, the object's managers
 * decide.
 */
final class Kinds {
  private Kinds() {}

  /**
   * The kind of one field.
   *
   * @param released whether nothing declares it any more
   */
  static Kind of(Sight sight, FieldPath field, boolean released) {
    if (released) {
      return Kind.PENDING;
    }
    if (sight.owned().isEmpty() || sight.claim().isEmpty()) {
      return sight.claim().isPresent() ? Kind.PENDING : unclaimed(sight, field);
    }
    Claim claim = sight.claim().get();
    OwnedObject owned = sight.owned().get();
    Optional<Fingerprint> fingerprint =
        sight.entry().map(InventoryEntry::settled).flatMap(InventoryEntry.Settled::fingerprint);
    List<FieldPath> parts = parts(claim, field);
    boolean told = fingerprint.isPresent() && !parts.isEmpty();
    for (FieldPath part : parts) {
      if (!owned.all().contains(part)) {
        return Kind.PENDING;
      }
      Optional<String> then = Optional.ofNullable(owned.declared().get(part));
      Optional<String> now = fingerprint.flatMap(with -> claim.mark(part, with));
      if (then.isPresent() && now.isPresent() && !then.equals(now)) {
        return Kind.PENDING;
      }
      told &= then.isPresent() && now.isPresent();
    }
    // A token runs out by itself: what was declared is one that is good.
    boolean ranOut = !parts.isEmpty() && parts.stream().allMatch(claim::issues);
    return told || ranOut ? Kind.DRIFT : untold(sight, field);
  }

  /** The kind of an object that is there and should not be. */
  static Kind ofUnwanted(Sight sight) {
    Optional<Instant> settled = sight.entry().flatMap(entry -> entry.settled().at());
    Optional<Instant> made = sight.live().flatMap(live -> time(live.tree().at(CREATED).asText()));
    boolean madeSince =
        sight.owned().isEmpty()
            && settled.isPresent()
            && made.isPresent()
            && made.get().isAfter(settled.get());
    return madeSince ? Kind.DRIFT : Kind.PENDING;
  }

  private static final String CREATED = "/metadata/creationTimestamp";

  private static Optional<Instant> time(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeParseException none) {
      return Optional.empty();
    }
  }

  /** The declared fields that a shown one consists of, or is a part of. */
  private static List<FieldPath> parts(Claim claim, FieldPath field) {
    List<FieldPath> exact = related(claim, field);
    if (!exact.isEmpty()) {
      return exact;
    }
    // Elements of a new object's lists are shown by their names or positions.
    int list = 0;
    while (list < field.segments().size() && !field.segments().get(list).startsWith("[")) {
      list++;
    }
    return list == field.segments().size()
        ? List.of()
        : related(claim, new FieldPath(field.segments().subList(0, list)));
  }

  private static List<FieldPath> related(Claim claim, FieldPath field) {
    return claim.fields().stream()
        .filter(leaf -> leaf.startsWith(field) || field.startsWith(leaf))
        .toList();
  }

  /** Nobody remembers what was declared: what is not muster's any more was changed by another. */
  private static Kind untold(Sight sight, FieldPath field) {
    if (Changes.creates(sight.change())) {
      return sight.settledBefore() ? Kind.DRIFT : Kind.PENDING;
    }
    return mustersOwn(sight, field) ? Kind.PENDING : Kind.DRIFT;
  }

  /** A step that takes charge of nothing: it sets fields of all objects of a list, for one. */
  private static Kind unclaimed(Sight sight, FieldPath field) {
    if (sight.change() instanceof Change.Patch || sight.change() instanceof Change.Pending) {
      List<FieldManagers.Entry> owners = owners(sight, field);
      return owners.isEmpty() || owners.get(0).muster() ? Kind.PENDING : Kind.DRIFT;
    }
    boolean before =
        sight
            .entry()
            .filter(
                entry ->
                    entry.objects().stream()
                        .anyMatch(o -> o.fields().containsKey(sight.step().step().spec().id())))
            .isPresent();
    return before ? Kind.DRIFT : Kind.PENDING;
  }

  private static boolean mustersOwn(Sight sight, FieldPath field) {
    List<FieldManagers.Entry> owners = owners(sight, field);
    return !owners.isEmpty() && owners.get(0).muster();
  }

  private static List<FieldManagers.Entry> owners(Sight sight, FieldPath field) {
    return sight.managers().map(m -> m.owners(sight.place(field))).orElse(List.of());
  }
}
