package dev.muster.apply;

import dev.muster.changes.InventoryEntry;
import dev.muster.changes.InventoryObjects;
import dev.muster.changes.InventoryText;
import dev.muster.changes.Snapshot;
import dev.muster.diff.Fingerprint;
import dev.muster.live.Cluster;
import dev.muster.live.Failure;
import dev.muster.live.LiveObject;
import dev.muster.live.Reading;
import dev.muster.live.Written;
import dev.muster.resource.ObjectRef;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.CourierAccess;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The inventory of one cluster in the hands of one run: as it lies on the host, and what has been
 * decided since. Each write is guarded by the resourceVersion that was read.
 */
final class InventoryBook {
  private static final int ATTEMPTS = 5;

  private final Cluster host;
  private final String topology;
  private final ClusterDeclaration subject;
  private final Snapshot snapshot;
  private final String runId;
  private final List<UnaryOperator<InventoryEntry>> pending = new ArrayList<>();
  private Optional<LiveObject> object;
  private InventoryEntry stored;
  private final String newKey = Fingerprint.withNewKey(new SecureRandom()).key();
  private boolean identified;

  InventoryBook(
      Cluster host, String topology, ClusterDeclaration subject, Snapshot snapshot, String runId) {
    this.host = host;
    this.topology = topology;
    this.subject = subject;
    this.snapshot = snapshot;
    this.runId = runId;
    this.object = snapshot.inventoryObject(subject.name());
    // One without an object is of a member that is being renamed.
    this.stored =
        object
            .map(InventoryObjects::entry)
            .or(() -> snapshot.inventory().entry(subject.name()))
            .orElseGet(() -> fresh(subject, runId));
  }

  private static InventoryEntry fresh(ClusterDeclaration subject, String runId) {
    return new InventoryEntry(
        subject.name(),
        subject.host(),
        "",
        "",
        "",
        runId,
        List.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        Optional.empty());
  }

  /** Decides something; it is written with the next write. */
  synchronized void note(UnaryOperator<InventoryEntry> edit) {
    pending.add(edit);
    snapshot.putInventory(current(), Optional.empty());
  }

  /** All about the cluster is done, so that it is the one that is joined under this name. */
  synchronized void identify() {
    identified = true;
    snapshot.putInventory(current(), Optional.empty());
  }

  /** Makes sure that something is on the host before anything else happens. */
  synchronized Optional<Failure> ensure(UnaryOperator<InventoryEntry> edit) {
    boolean there = object.isPresent() && same(edit.apply(stored), stored);
    note(edit);
    return there ? Optional.empty() : write();
  }

  synchronized boolean due() {
    return object.isEmpty() ? !current().objects().isEmpty() : !same(current(), stored);
  }

  synchronized Optional<Failure> write() {
    String last = "";
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      InventoryEntry entry = current();
      if (object.isPresent() && same(entry, stored)) {
        pending.clear();
        return Optional.empty();
      }
      ObjectRef ref = InventoryObjects.refOf(topology, subject.name());
      Written written =
          object.isPresent()
              ? host.replace(ref, InventoryObjects.manifest(topology, entry, object))
              : host.create(ref, InventoryObjects.manifest(topology, entry, object));
      if (written instanceof Written.Done done) {
        stored = entry;
        object = Optional.of(done.object());
        return written();
      }
      Failure failure = ((Written.Failed) written).failure();
      if (failure.kind().unknown()) {
        // Maybe only the answer was lost.
        boolean seen = reread(ref).isEmpty() && object.isPresent();
        return seen && same(entry, stored) ? written() : Optional.of(failure);
      }
      boolean moved =
          failure.kind() == Failure.Kind.STALE
              || failure.kind() == Failure.Kind.ALREADY_EXISTS
              || failure.kind() == Failure.Kind.NOT_FOUND && object.isPresent();
      last = failure.message();
      Optional<Failure> hopeless = moved ? reread(ref) : Optional.of(failure);
      if (hopeless.isPresent()) {
        return hopeless;
      }
    }
    return Optional.of(
        new Failure(
            Failure.Kind.STALE,
            "somebody else writes the inventory of "
                + subject.name()
                + " all the time; tried "
                + ATTEMPTS
                + " times, at last: "
                + last));
  }

  private Optional<Failure> written() {
    pending.clear();
    snapshot.putInventory(stored, object);
    return Optional.empty();
  }

  /** Somebody else has written it: what this run has decided is laid over that. */
  private Optional<Failure> reread(ObjectRef ref) {
    Reading reading = host.read(ref);
    if (reading.failed().isPresent()) {
      return reading.failed();
    }
    object = reading.found();
    if (object.isPresent() && !InventoryObjects.holds(object.get(), topology, subject.name())) {
      return Optional.of(
          new Failure(
              Failure.Kind.INVALID,
              ref
                  + " on the host is not the inventory of this topology; rename the topology, or that object"));
    }
    stored = object.map(InventoryObjects::entry).orElseGet(() -> fresh(subject, runId));
    return Optional.empty();
  }

  private InventoryEntry current() {
    InventoryEntry.Settled settled = stored.settled();
    InventoryEntry entry =
        settled.key().isEmpty() && !pending.isEmpty()
            ? stored.with(new InventoryEntry.Settled(newKey, settled.run(), settled.at()))
            : stored;
    for (UnaryOperator<InventoryEntry> edit : pending) {
      entry = edit.apply(entry);
    }
    String uid = snapshot.identity(subject).flatMap(Reading::found).map(LiveObject::uid).orElse("");
    String connection = subject.host() ? "" : subject.fields().path("connection").asText("");
    boolean known = !identified && !entry.uid().isEmpty();
    return entry.seen(
        known ? entry.uid() : uid,
        connection,
        subject.access().context(),
        subject.access().courier().map(CourierAccess::written));
  }

  /** Contexts differ from runner to runner and are no reason to write. */
  private static boolean same(InventoryEntry a, InventoryEntry b) {
    return InventoryText.write(a.seen(a.uid(), a.connection(), "", a.courier()))
        .equals(InventoryText.write(b.seen(b.uid(), b.connection(), "", b.courier())));
  }
}
