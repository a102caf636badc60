package dev.muster.changes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.diff.Fingerprint;
import dev.muster.resource.ObjectRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What is remembered of one cluster of a topology.
 *
 * @param uid of its namespace kube-system
 * @param connection how the host reaches it; empty for the host itself
 * @param context by which the run that wrote this reached it
 * @param run the run that first wrote this
 * @param objects owned by the steps that are about this cluster, wherever they live
 * @param carried values that a plan wants kept when the live object loses them, by name
 * @param rotations the state of rotations, by name
 * @param openRuns when the runs began that no history keeps and that have not ended, by run id
 * @param courier where bundles and receipts of one that is reached by courier are sealed and kept,
 *     as the topology said it; empty for others
 * @param settled when a run last settled something of it, and how what was declared then is told
 * @param restarts of workloads that are due, since what they are restarted for may be written: the
 *     mark that each gets, by cluster and path
 */
public record InventoryEntry(
    String name,
    boolean host,
    String uid,
    String connection,
    String context,
    String run,
    List<OwnedObject> objects,
    Map<String, JsonNode> carried,
    Map<String, JsonNode> rotations,
    Map<String, String> openRuns,
    Optional<JsonNode> courier,
    Settled settled,
    Map<String, String> restarts) {
  public InventoryEntry {
    Objects.requireNonNull(name, "name");
    objects = List.copyOf(objects);
    carried = Collections.unmodifiableMap(new LinkedHashMap<>(carried));
    rotations = Collections.unmodifiableMap(new LinkedHashMap<>(rotations));
    openRuns = Collections.unmodifiableMap(new LinkedHashMap<>(openRuns));
    restarts = Collections.unmodifiableMap(new LinkedHashMap<>(restarts));
  }

  /** One of which nothing has been settled. */
  public InventoryEntry(
      String name,
      boolean host,
      String uid,
      String connection,
      String context,
      String run,
      List<OwnedObject> objects,
      Map<String, JsonNode> carried,
      Map<String, JsonNode> rotations,
      Map<String, String> openRuns,
      Optional<JsonNode> courier) {
    this(
        name,
        host,
        uid,
        connection,
        context,
        run,
        objects,
        carried,
        rotations,
        openRuns,
        courier,
        Settled.NOTHING,
        Map.of());
  }

  /**
   * When a run last settled something, and the key of what was declared.
   *
   * @param key of the fingerprints of declared values; empty when there are none
   * @param run the run; empty when none is known
   * @param at by the clock of the machine it ran on
   */
  public record Settled(String key, String run, Optional<Instant> at) {
    /** What an older muster left. */
    public static final Settled NOTHING = new Settled("", "", Optional.empty());

    public Optional<Fingerprint> fingerprint() {
      return key.isEmpty() ? Optional.empty() : Optional.of(Fingerprint.withKey(key));
    }
  }

  public Optional<OwnedObject> object(String cluster, ObjectRef ref) {
    return objects.stream().filter(object -> object.is(cluster, ref)).findFirst();
  }

  /** The same with another state of one object; one of which nothing is owned is dropped. */
  InventoryEntry with(OwnedObject object) {
    List<OwnedObject> all = new ArrayList<>();
    boolean there = false;
    for (OwnedObject each : objects) {
      boolean same = each.is(object.cluster(), object.ref());
      there |= same;
      all.add(same ? object : each);
    }
    if (!there) {
      all.add(object);
    }
    all.removeIf(each -> each.fields().isEmpty() && !each.made().intended());
    return withObjects(all);
  }

  InventoryEntry without(String cluster, ObjectRef ref) {
    return withObjects(objects.stream().filter(object -> !object.is(cluster, ref)).toList());
  }

  /** The same for the cluster under a new name: what is owned on it. */
  InventoryEntry renamed(String newName) {
    List<OwnedObject> own =
        objects.stream()
            .filter(object -> object.cluster().equals(name))
            .map(object -> object.on(newName))
            .toList();
    return new InventoryEntry(
        newName,
        host,
        uid,
        connection,
        context,
        run,
        own,
        Map.of(),
        rotations,
        Map.of(),
        courier,
        settled,
        Map.of());
  }

  /** The same, with what lives in the cluster itself as another entry of it says. */
  public InventoryEntry withThose(InventoryEntry there) {
    List<OwnedObject> all = new ArrayList<>(objects);
    all.removeIf(object -> object.cluster().equals(name));
    String otherKey = there.settled().key();
    boolean told = settled.key().isEmpty() || settled.key().equals(otherKey);
    there.objects().stream()
        .filter(object -> object.cluster().equals(name))
        .map(object -> told ? object : object.undeclared())
        .forEach(all::add);
    boolean later =
        there.settled().at().isPresent()
            && (settled.at().isEmpty() || there.settled().at().get().isAfter(settled.at().get()));
    Settled last = later ? there.settled() : settled;
    Map<String, String> due = new LinkedHashMap<>(restarts);
    due.keySet().removeIf(this::isHere);
    there.restarts().entrySet().stream()
        .filter(restart -> isHere(restart.getKey()))
        .forEach(restart -> due.put(restart.getKey(), restart.getValue()));
    return withObjects(all)
        .withRestarts(due)
        .with(
            new Settled(settled.key().isEmpty() ? otherKey : settled.key(), last.run(), last.at()));
  }

  /** How a workload is called among those that are to be restarted. */
  static String restartKey(String cluster, ObjectRef workload) {
    return cluster + " " + workload.path();
  }

  private boolean isHere(String restartKey) {
    return restartKey.startsWith(name + " ");
  }

  /** The same with another word on when something was last settled. */
  public InventoryEntry with(Settled now) {
    return with(objects, carried, rotations, openRuns, now, restarts);
  }

  private InventoryEntry withObjects(List<OwnedObject> all) {
    return with(all, carried, rotations, openRuns, settled, restarts);
  }

  /** The same with what is known of the cluster now. */
  public InventoryEntry seen(
      String nowUid, String nowConnection, String nowContext, Optional<JsonNode> nowCourier) {
    return new InventoryEntry(
        name,
        host,
        nowUid.isEmpty() ? uid : nowUid,
        nowConnection,
        nowContext,
        run,
        objects,
        carried,
        rotations,
        openRuns,
        nowCourier,
        settled,
        restarts);
  }

  public InventoryEntry withCarried(Map<String, JsonNode> values) {
    return with(objects, values, rotations, openRuns, settled, restarts);
  }

  public InventoryEntry withRotations(Map<String, JsonNode> states) {
    return with(objects, carried, states, openRuns, settled, restarts);
  }

  public InventoryEntry withOpenRuns(Map<String, String> runs) {
    return with(objects, carried, rotations, runs, settled, restarts);
  }

  InventoryEntry withRestarts(Map<String, String> due) {
    return with(objects, carried, rotations, openRuns, settled, due);
  }

  /** The same cluster with another state of what is remembered of it. */
  private InventoryEntry with(
      List<OwnedObject> newObjects,
      Map<String, JsonNode> newCarried,
      Map<String, JsonNode> newRotations,
      Map<String, String> newOpenRuns,
      Settled newSettled,
      Map<String, String> newRestarts) {
    return new InventoryEntry(
        name,
        host,
        uid,
        connection,
        context,
        run,
        newObjects,
        newCarried,
        newRotations,
        newOpenRuns,
        courier,
        newSettled,
        newRestarts);
  }
}
