package dev.muster.apply;

import dev.muster.changes.ChangeSet;
import dev.muster.changes.InventoryEntry;
import dev.muster.changes.Snapshot;
import dev.muster.changes.StepPlan;
import dev.muster.live.Cluster;
import dev.muster.live.Failure;
import dev.muster.resource.ObjectRef;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.Topology;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps the inventory on the host. Before a step writes, all that it will own is on the host beside
 * all that was owned; when it is done, exactly what it declares. A run that ends in between leaves
 * too much rather than too little, and the next one puts that right.
 */
public final class InventoryKeeper implements Bookkeeper {
  /** How many entries are written at once. */
  private static final int WRITERS = 16;

  private final Cluster host;
  private final String topology;
  private final Snapshot snapshot;
  private final String runId;
  private final RunLock lock;
  private final Map<String, InventoryBook> books = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> toCome = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> unsettled = new ConcurrentHashMap<>();
  private int adoptedFields;
  private int adoptedObjects;

  public InventoryKeeper(
      Cluster host, Topology topology, Snapshot snapshot, String runId, RunLock lock) {
    this.host = host;
    this.topology = topology.name();
    this.snapshot = snapshot;
    this.runId = runId;
    this.lock = lock;
  }

  /** Takes charge of what a change set finds as declared; nothing is written yet. */
  public void begin(ChangeSet changeSet) {
    for (StepPlan step : changeSet.steps()) {
      ClusterDeclaration subject = step.step().subject();
      if (step.decision() != StepPlan.Decision.DONE
          && step.decision() != StepPlan.Decision.NOT_NEEDED) {
        unsettled.computeIfAbsent(subject.name(), n -> new AtomicInteger()).incrementAndGet();
      }
      if (step.decision() == StepPlan.Decision.RUN) {
        toCome.computeIfAbsent(subject.name(), n -> new AtomicInteger()).incrementAndGet();
      }
      if (step.decision() == StepPlan.Decision.DONE) {
        Optional<InventoryEntry> before = snapshot.inventory().entry(subject.name());
        book(subject).note(entry -> step.ownership().settled(entry, Map.of()));
        countAdopted(before, snapshot.inventory().entry(subject.name()));
      }
    }
    books.forEach(
        (name, book) -> {
          if (!unsettled.containsKey(name)) {
            book.identify();
          }
        });
  }

  private void countAdopted(Optional<InventoryEntry> before, Optional<InventoryEntry> after) {
    for (var object : after.map(InventoryEntry::objects).orElse(List.of())) {
      var known = before.flatMap(entry -> entry.object(object.cluster(), object.ref()));
      long fields =
          object.all().stream()
              .filter(path -> known.map(k -> !k.all().contains(path)).orElse(true))
              .count();
      adoptedFields += (int) fields;
      adoptedObjects += fields > 0 ? 1 : 0;
    }
  }

  /** What was found as declared and belonged to nobody, for people; empty for nothing. */
  public Optional<String> adopted() {
    return adoptedFields == 0
        ? Optional.empty()
        : Optional.of(
            "adopted: "
                + adoptedFields
                + (adoptedFields == 1 ? " field" : " fields")
                + " of "
                + adoptedObjects
                + (adoptedObjects == 1 ? " object" : " objects")
                + " that were as declared already; muster takes them back when nothing declares them any more");
  }

  /** Whether anything is to be written. */
  public boolean due() {
    return books.values().stream().anyMatch(InventoryBook::due);
  }

  @Override
  public Optional<Failure> before(StepPlan now) {
    return book(now.step().subject()).ensure(entry -> now.ownership().intended(entry));
  }

  @Override
  public void after(StepPlan now, Map<ObjectRef, String> made) {
    Map<ObjectRef, String> uids = new LinkedHashMap<>(made);
    InventoryBook book = book(now.step().subject());
    book.note(entry -> now.ownership().settled(entry, uids));
    AtomicInteger left = unsettled.get(now.step().subject().name());
    if (left != null && left.decrementAndGet() == 0) {
      book.identify();
    }
  }

  /** The last step about a cluster writes its entry; what fails is tried again at the end. */
  @Override
  public void ended(StepPlan planned) {
    ClusterDeclaration subject = planned.step().subject();
    AtomicInteger left = toCome.get(subject.name());
    if (left != null && left.decrementAndGet() == 0) {
      Optional<Failure> triedAgain = writeDue(book(subject));
    }
  }

  /**
   * Writes all that is still to be written.
   *
   * @return why some of it could not be
   */
  public Optional<Failure> finish() {
    List<InventoryBook> due = books.values().stream().filter(InventoryBook::due).toList();
    ExecutorService executor =
        Executors.newFixedThreadPool(
            WRITERS,
            task -> {
              Thread thread = new Thread(task, "muster-inventory");
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<CompletableFuture<Optional<Failure>>> writes =
          due.stream()
              .map(book -> CompletableFuture.supplyAsync(() -> writeDue(book), executor))
              .toList();
      return writes.stream().map(CompletableFuture::join).flatMap(Optional::stream).findFirst();
    } finally {
      executor.shutdownNow();
    }
  }

  private static Optional<Failure> writeDue(InventoryBook book) {
    return book.due() ? book.write() : Optional.empty();
  }

  private InventoryBook book(ClusterDeclaration subject) {
    return books.computeIfAbsent(
        subject.name(), name -> new InventoryBook(host, topology, subject, snapshot, runId, lock));
  }
}
