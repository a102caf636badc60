package dev.muster.changes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.diff.Fingerprint;
import dev.muster.resource.FieldPath;
import dev.muster.resource.ObjectRef;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a step means for the inventory.
 *
 * @param claims what it takes charge of
 * @param released fields that it takes back because nothing declares them any more, by object
 * @param forgotten objects in which nothing is left to take charge of when it is done
 * @param carried values of facts to remember before the step destroys what they are read from
 * @param usesCarried whether such values have served their purpose when the step is done
 * @param restart the restart that is its last write, where the plan knows one
 */
public record Ownership(
    List<Claim> claims,
    Map<ObjectRef, Set<FieldPath>> released,
    List<Forgotten> forgotten,
    Optional<Map<String, JsonNode>> carried,
    boolean usesCarried,
    Optional<Restart> restart) {
  public Ownership {
    claims = List.copyOf(claims);
    released =
        released.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(Map.Entry::getKey, e -> Set.copyOf(e.getValue())));
    forgotten = List.copyOf(forgotten);
    carried = carried.map(LinkedHashMap::new);
  }

  /** An object that is no longer owned. */
  public record Forgotten(String cluster, ObjectRef ref) {}

  /**
   * A workload that is restarted for what the step writes before. A run that ends in between has
   * written all that is declared, so only this tells that something is left to do.
   *
   * @param due what the restart leaves on the workload; empty when there is to be none
   */
  record Restart(String cluster, ObjectRef ref, Optional<String> due) {
    private String key() {
      return InventoryEntry.restartKey(cluster, ref);
    }

    /** What an earlier run has left of it. */
    Optional<String> left(InventoryEntry entry) {
      return Optional.ofNullable(entry.restarts().get(key()));
    }

    private boolean isLeft(InventoryEntry entry) {
      return due.isPresent() && left(entry).equals(due);
    }

    private InventoryEntry intended(InventoryEntry entry) {
      return due.map(mark -> with(entry, Map.of(key(), mark))).orElse(entry);
    }

    private InventoryEntry settled(InventoryEntry entry) {
      return entry.restarts().containsKey(key()) ? with(entry, Map.of()) : entry;
    }

    private InventoryEntry with(InventoryEntry entry, Map<String, String> own) {
      Map<String, String> restarts = new LinkedHashMap<>(entry.restarts());
      restarts.remove(key());
      restarts.putAll(own);
      return entry.withRestarts(restarts);
    }
  }

  public static Ownership none() {
    return of(List.of(), Map.of(), List.of());
  }

  /** Of a step that neither carries facts nor restarts anything. */
  static Ownership of(
      List<Claim> claims, Map<ObjectRef, Set<FieldPath>> released, List<Forgotten> forgotten) {
    return new Ownership(claims, released, forgotten, Optional.empty(), false, Optional.empty());
  }

  /**
   * The part of it that is about making and deleting certain objects, and a restart; what is owned
   * stays so.
   */
  public Ownership only(Set<ObjectRef> made, Set<ObjectRef> deleted) {
    return new Ownership(
        claims.stream().filter(claim -> made.contains(claim.ref())).toList(),
        Map.of(),
        forgotten.stream().filter(each -> deleted.contains(each.ref())).toList(),
        Optional.empty(),
        false,
        restart);
  }

  /** Whether its restart is left from a run that ended before it came to it. */
  public boolean owesRestart(Inventory inventory, String subject) {
    return inventory
        .entry(subject)
        .flatMap(entry -> restart.filter(each -> each.isLeft(entry)))
        .isPresent();
  }

  /** Whether a restart is due when the rest of it is written. */
  public boolean restarts() {
    return restart.flatMap(Restart::due).isPresent();
  }

  public boolean releases(ObjectRef ref, FieldPath path) {
    return released.getOrDefault(ref, Set.of()).contains(path);
  }

  /** What is remembered while the step writes; never less than it was. */
  public InventoryEntry intended(InventoryEntry entry) {
    InventoryEntry result = entry;
    for (Claim claim : claims) {
      result = result.with(claim.intended(owned(result, claim)));
    }
    InventoryEntry kept = carried.isPresent() ? result.withCarried(carried.get()) : result;
    return restart.map(each -> each.intended(kept)).orElse(kept);
  }

  /**
   * What is remembered when the step is done.
   *
   * @param madeUids the uids of objects that it made
   */
  public InventoryEntry settled(InventoryEntry entry, Map<ObjectRef, String> madeUids) {
    InventoryEntry result = entry;
    Optional<Fingerprint> fingerprint = entry.settled().fingerprint();
    for (Claim claim : claims) {
      Optional<String> made = Optional.ofNullable(madeUids.get(claim.ref()));
      result =
          result.with(
              claim.settled(
                  owned(result, claim),
                  made.orElse(claim.liveUid()),
                  // What a manifest of the user's says is not the plan's own, whoever made it.
                  made.isPresent() && claim.makes(),
                  fingerprint));
    }
    for (Forgotten each : forgotten) {
      result = result.without(each.cluster(), each.ref());
    }
    InventoryEntry left = usesCarried ? result.withCarried(Map.of()) : result;
    return restart.map(each -> each.settled(left)).orElse(left);
  }

  private static OwnedObject owned(InventoryEntry entry, Claim claim) {
    return entry
        .object(claim.cluster(), claim.ref())
        .orElseGet(() -> OwnedObject.of(claim.cluster(), claim.ref(), claim.rules()));
  }
}
