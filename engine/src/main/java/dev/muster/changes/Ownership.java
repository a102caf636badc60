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
 */
public record Ownership(
    List<Claim> claims,
    Map<ObjectRef, Set<FieldPath>> released,
    List<Forgotten> forgotten,
    Optional<Map<String, JsonNode>> carried,
    boolean usesCarried) {
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

  public static Ownership none() {
    return new Ownership(List.of(), Map.of(), List.of(), Optional.empty(), false);
  }

  /** The part of it that is about making and deleting certain objects; what is owned stays so. */
  public Ownership only(Set<ObjectRef> made, Set<ObjectRef> deleted) {
    return new Ownership(
        claims.stream().filter(claim -> made.contains(claim.ref())).toList(),
        Map.of(),
        forgotten.stream().filter(each -> deleted.contains(each.ref())).toList(),
        Optional.empty(),
        false);
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
    return carried.isPresent() ? result.withCarried(carried.get()) : result;
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
                  made.isPresent(),
                  fingerprint));
    }
    for (Forgotten each : forgotten) {
      result = result.without(each.cluster(), each.ref());
    }
    return usesCarried ? result.withCarried(Map.of()) : result;
  }

  private static OwnedObject owned(InventoryEntry entry, Claim claim) {
    return entry
        .object(claim.cluster(), claim.ref())
        .orElseGet(() -> OwnedObject.of(claim.cluster(), claim.ref(), claim.rules()));
  }
}
