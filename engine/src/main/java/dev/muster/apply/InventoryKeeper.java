package dev.muster.apply;

import dev.muster.changes.ChangeSet;
import dev.muster.changes.InventoryEntry;
import dev.muster.changes.InventoryObjects;
import dev.muster.changes.Snapshot;
import dev.muster.changes.StepPlan;
import dev.muster.live.Cluster;
import dev.muster.live.Failure;
import dev.muster.live.LiveObject;
import dev.muster.live.Reading;
import dev.muster.live.Written;
import dev.muster.resource.ObjectRef;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.Topology;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

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
  private final Set<String> named;
  private final Snapshot snapshot;
  private final String runId;
  private final Map<String, InventoryBook> books = new ConcurrentHashMap<>();
  private final Map<String, List<String>> leaving = new LinkedHashMap<>();
  private final Set<String> leftOut = new LinkedHashSet<>();
  private final Map<String, AtomicInteger> toCome = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> unsettled = new ConcurrentHashMap<>();
  private int adoptedFields;
  private int adoptedObjects;

  public InventoryKeeper(
      Cluster host, Topology topology, Snapshot snapshot, String runId, RunLock lock) {
    this.host = host.under(lock);
    this.topology = topology.name();
    this.named =
        topology.members().stream()
            .map(ClusterDeclaration::name)
            .collect(Collectors.toUnmodifiableSet());
    this.snapshot = snapshot;
    this.runId = runId;
  }

  /** Takes charge of what a change set finds as declared; nothing is written yet. */
  public void begin(ChangeSet changeSet) {
    for (StepPlan step : changeSet.steps()) {
      ClusterDeclaration subject = step.step().subject();
      if (subject.absent()) {
        leaves(subject.name(), step);
        continue;
      }
      String former = subject.formerName();
      if (!former.isEmpty() && !named.contains(former)) {
        leaves(former, step);
      }
      if (step.decision() != StepPlan.Decision.DONE
          && step.decision() != StepPlan.Decision.NOT_NEEDED) {
        unsettled.computeIfAbsent(subject.name(), n -> new AtomicInteger()).incrementAndGet();
      }
      if (step.decision() == StepPlan.Decision.RUN) {
        toCome.computeIfAbsent(subject.name(), n -> new AtomicInteger()).incrementAndGet();
      }
      if (step.decision() == StepPlan.Decision.DONE) {
        Optional<InventoryEntry> before = snapshot.inventory().entry(subject.name());
        book(subject).note(entry -> found(step, entry));
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

  /**
   * A step that is found done. What an earlier run has written and never settled, since it was
   * killed, is settled by this one.
   */
  private InventoryEntry found(StepPlan step, InventoryEntry entry) {
    InventoryEntry now = step.ownership().settled(entry, Map.of());
    boolean unsettledBefore =
        entry.objects().stream()
            .anyMatch(
                object -> !now.object(object.cluster(), object.ref()).equals(Optional.of(object)));
    return unsettledBefore ? now.with(settledNow(now)) : now;
  }

  private InventoryEntry.Settled settledNow(InventoryEntry entry) {
    return new InventoryEntry.Settled(
        entry.settled().key(), runId, Optional.of(Instant.now().truncatedTo(ChronoUnit.SECONDS)));
  }

  /** What is remembered under a name goes when these steps are done. */
  private void leaves(String name, StepPlan step) {
    leaving.computeIfAbsent(name, n -> new ArrayList<>()).add(step.step().id());
    if (step.decision() == StepPlan.Decision.EXCLUDED) {
      leftOut.add(name);
    }
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

  /**
   * Whether anything is to be written.
   *
   * @param done whether a step has nothing left to do
   */
  public boolean due(Predicate<String> done) {
    return books.values().stream().anyMatch(InventoryBook::due) || !left(done).isEmpty();
  }

  /** The members that have been taken out and are remembered all the same. */
  private List<LiveObject> left(Predicate<String> done) {
    return leaving.entrySet().stream()
        .filter(member -> !leftOut.contains(member.getKey()))
        .filter(member -> member.getValue().stream().allMatch(done))
        .flatMap(member -> snapshot.inventoryObject(member.getKey()).stream())
        .toList();
  }

  /** Decides something about a cluster's entry; it is written with the next write of it. */
  public void note(ClusterDeclaration subject, UnaryOperator<InventoryEntry> edit) {
    book(subject).note(edit);
  }

  /**
   * Makes sure that something is on the host before anything else happens.
   *
   * @return why that failed; then nothing else must be written
   */
  public Optional<Failure> remember(
      ClusterDeclaration subject, UnaryOperator<InventoryEntry> edit) {
    return book(subject).ensure(edit);
  }

  @Override
  public Optional<Failure> before(StepPlan now) {
    boolean leaves = leaving.containsKey(now.step().subject().name());
    if (leaves && !now.ownership().restarts()) {
      return Optional.empty(); // It is remembered until nothing of it is left.
    }
    return book(now.step().subject()).ensure(entry -> now.ownership().intended(entry));
  }

  @Override
  public void after(StepPlan now, Map<ObjectRef, String> made) {
    if (leaving.containsKey(now.step().subject().name())) {
      return;
    }
    Map<ObjectRef, String> uids = new LinkedHashMap<>(made);
    InventoryBook book = book(now.step().subject());
    book.note(entry -> now.ownership().settled(entry, uids).with(settledNow(entry)));
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
   * Writes all that is still to be written, and forgets the members that have been taken out.
   *
   * @param done whether a step has nothing left to do
   * @return why some of it could not be
   */
  public Optional<Failure> finish(Predicate<String> done) {
    List<LiveObject> left = left(done);
    Set<String> forgotten =
        left.stream()
            .map(object -> InventoryObjects.entry(object).name())
            .collect(Collectors.toSet());
    List<InventoryBook> due =
        books.entrySet().stream()
            .filter(book -> !forgotten.contains(book.getKey()))
            .map(Map.Entry::getValue)
            .filter(InventoryBook::due)
            .toList();
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
      List<Failure> failures =
          new ArrayList<>(
              writes.stream().map(CompletableFuture::join).flatMap(Optional::stream).toList());
      left.forEach(object -> forget(object).ifPresent(failures::add));
      return failures.stream().findFirst();
    } finally {
      executor.shutdownNow();
    }
  }

  private Optional<Failure> forget(LiveObject object) {
    if (host.delete(object.ref(), object.uid()) instanceof Written.Failed failed) {
      boolean gone =
          failed.failure().kind().unknown() && host.read(object.ref()) instanceof Reading.Absent;
      if (!gone) {
        return Optional.of(failed.failure());
      }
    }
    snapshot.removeFromInventory(InventoryObjects.entry(object).name());
    return Optional.empty();
  }

  private static Optional<Failure> writeDue(InventoryBook book) {
    return book.due() ? book.write() : Optional.empty();
  }

  private InventoryBook book(ClusterDeclaration subject) {
    return books.computeIfAbsent(
        subject.name(), name -> new InventoryBook(host, topology, subject, snapshot, runId));
  }
}
