package dev.muster.apply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.changes.RefusedException;
import dev.muster.live.Cluster;
import dev.muster.live.Failure;
import dev.muster.live.LiveObject;
import dev.muster.live.Reading;
import dev.muster.live.Written;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problem;
import dev.muster.problem.Where;
import dev.muster.resource.ObjectRef;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The lock of a topology: a Lease on its host. Written with the resourceVersion as guard, so of two
 * runs that take it at once one wins. One that nobody renews is taken over. The times in the Lease
 * are for people: no decision to take it rests on two clocks being the same.
 */
public final class LeaseLock implements RunLock {
  /** How long the lock stands without renewal. */
  static final Duration DURATION = Duration.ofSeconds(60);

  private static final Duration RENEWAL = Duration.ofSeconds(15);

  /** How often it is looked whether a renewal is due: one that failed is tried again then. */
  private static final Duration BEAT = Duration.ofSeconds(5);

  /** A proof that is older is renewed before a write: the process may have been stopped since. */
  static final Duration FRESH = Duration.ofSeconds(5);

  /** A write that waited longer for its turn asks again. */
  private static final Duration STANDS = Duration.ofSeconds(10);

  /**
   * No write begins in the last part of the lock's time: it may still be under way when it ends.
   */
  private static final Duration MARGIN = Duration.ofSeconds(20);

  private static final long NEVER = Long.MIN_VALUE;

  private final Cluster host;
  private final ObjectRef ref;
  private final Claimant claimant;
  private final ScheduledExecutorService renewals;
  private Optional<LiveObject> lease = Optional.empty();
  private long confirmed;
  private volatile long asked = NEVER;
  private boolean closed;
  private String why = RunLock.none().why();

  /**
   * Who wants the lock.
   *
   * @param holder this process
   * @param clock for the times that people see, and for a first guess
   * @param stopped whether to give up while it is waited for
   * @param notes what takes its time, for people
   */
  public record Claimant(
      String runId, Holder holder, Clock clock, BooleanSupplier stopped, Consumer<String> notes) {
    /** One who is never stopped. */
    public static Claimant of(String runId, Holder holder) {
      return new Claimant(runId, holder, Clock.systemUTC(), () -> false, text -> {});
    }
  }

  private final Ticks ticks;

  private LeaseLock(Cluster host, ObjectRef ref, Claimant claimant, Ticks ticks) {
    this.host = host;
    this.ref = ref;
    this.claimant = claimant;
    this.ticks = ticks;
    this.renewals =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "muster-lock");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Where the lock of a topology is. */
  public static ObjectRef refOf(String topology) {
    return ObjectRef.of("coordination.k8s.io/v1", "Lease", "kube-system", "muster-" + topology);
  }

  /** What a lock's Lease says about who holds it; empty when nobody does. */
  public static Optional<Held> holder(JsonNode lease, Clock clock) {
    return LeaseText.holder(lease, clock);
  }

  /**
   * A lock that somebody holds.
   *
   * @param since RFC 3339
   * @param overdue whether its last renewal lies too far back, or in the future, by a clock of
   *     ours: a reason to look at it for as long as it lasts, and no proof
   */
  public record Held(String runId, Holder by, String since, boolean overdue) {
    /** The run and whose it is, for people. */
    public String run() {
      return "run " + runId + " of " + by.who();
    }
  }

  /** The outcome of trying to take the lock. */
  public sealed interface Attempt {
    record Taken(LeaseLock lock, Optional<Held> from) implements Attempt {}

    record Busy(Held holder) implements Attempt {}
  }

  /**
   * Takes the lock. Where its holder may be gone and nobody can know, it is looked at for a minute.
   *
   * @throws RefusedException when the host refuses
   * @throws MusterException when it cannot be reached
   */
  public static Attempt take(Cluster host, String topology, Claimant claimant) {
    return take(host, topology, claimant, Ticks.ofThisMachine());
  }

  static Attempt take(Cluster host, String topology, Claimant claimant, Ticks ticks) {
    LeaseLock lock = new LeaseLock(host, refOf(topology), claimant, ticks);
    boolean taken = false;
    try {
      Attempt attempt = lock.take();
      taken = attempt instanceof Attempt.Taken;
      return attempt;
    } finally {
      if (!taken) {
        lock.renewals.shutdownNow();
      }
    }
  }

  /**
   * Whether a Lease that somebody holds stays as it is for as long as it lasts, and so belongs to
   * nobody; takes that long to find out.
   */
  public static boolean abandoned(Cluster host, LiveObject lease) {
    Watched watched = new Watched(() -> host.read(lease.ref()), Ticks.ofThisMachine(), () -> false);
    return watched.abandoned(lease, LeaseText.length(lease.tree())).isPresent();
  }

  private synchronized Attempt take() {
    Reading reading = host.read(ref);
    String last = "";
    for (int attempt = 0; attempt < 5; attempt++) {
      reading
          .failed()
          .ifPresent(
              failure -> {
                throw cannot("read", failure);
              });
      Optional<LiveObject> found = reading.found();
      Optional<Held> other = found.flatMap(object -> holder(object.tree(), claimant.clock()));
      if (other.isPresent() && !other.get().by().gone()) {
        Optional<Reading> free =
            other.get().overdue() ? look(found.orElseThrow(), other.get()) : Optional.empty();
        if (free.isEmpty()) {
          return new Attempt.Busy(other.get());
        }
        found = free.get().found();
      }
      long start = ticks.nanos();
      Written written =
          found.isPresent()
              ? host.replace(ref, LeaseText.of(ref, claimant, found, true))
              : host.create(ref, LeaseText.of(ref, claimant, found, true));
      if (written instanceof Written.Done done) {
        return taken(done.object(), start, other);
      }
      Failure failure = ((Written.Failed) written).failure();
      boolean moved =
          failure.kind() == Failure.Kind.STALE || failure.kind() == Failure.Kind.ALREADY_EXISTS;
      if (!moved && !failure.kind().unknown()) {
        throw cannot("take", failure);
      }
      last = failure.message();
      reading = host.read(ref);
      Optional<LiveObject> mine = reading.found().filter(this::isMine);
      if (mine.isPresent()) {
        // Only the answer was lost; else it would keep everybody out until it runs out.
        return taken(mine.get(), start, other);
      }
      if (!moved) {
        throw cannot("take", failure);
      }
    }
    throw MusterException.of(
        "the lock "
            + ref
            + " on the host cannot be taken: somebody else writes it all the time ("
            + last
            + ")",
        "muster lock shows who holds it; run the command again");
  }

  private Attempt taken(LiveObject written, long start, Optional<Held> from) {
    confirm(written, start);
    renewals.scheduleWithFixedDelay(
        this::beat, BEAT.toSeconds(), BEAT.toSeconds(), TimeUnit.SECONDS);
    return new Attempt.Taken(this, from);
  }

  private boolean isMine(LiveObject object) {
    return LeaseText.isOf(object, claimant);
  }

  private Optional<Reading> look(LiveObject found, Held other) {
    Duration length = LeaseText.length(found.tree());
    claimant
        .notes()
        .accept(
            "the lock is held by run "
                + other.runId()
                + ", which seems not to renew it; looking for "
                + length.toSeconds()
                + " s whether it is still at work");
    return new Watched(() -> host.read(ref), ticks, claimant.stopped()).abandoned(found, length);
  }

  private RuntimeException cannot(String verb, Failure failure) {
    String message = "cannot " + verb + " the lock " + ref + " on the host: " + failure.message();
    boolean rights = failure.kind().refused();
    return rights
        ? new RefusedException(
            List.of(
                Problem.error(
                    Where.nowhere(),
                    message,
                    "muster needs get, create and update of leases in namespace kube-system of the host")))
        : MusterException.of(message, "check the host, then run the command again");
  }

  private void confirm(LiveObject written, long start) {
    lease = Optional.of(written);
    confirmed = start;
  }

  private synchronized void beat() {
    if (ticks.since(confirmed).compareTo(RENEWAL) >= 0) {
      renew();
    }
  }

  private void renew() {
    if (closed || lease.isEmpty()) {
      return;
    }
    long start = ticks.nanos();
    Written written = host.replace(ref, LeaseText.of(ref, claimant, lease, false));
    if (written instanceof Written.Done done) {
      confirm(done.object(), start);
      return;
    }
    Failure failure = ((Written.Failed) written).failure();
    switch (failure.kind()) {
      // A 404 is believed when a read says so too: nobody else can have the lock while it is there.
      case STALE, NOT_FOUND -> reread();
      default -> notRenewed(failure);
    }
  }

  /** The time that is left stands, and the next beat tries again. */
  private void notRenewed(Failure failure) {
    why =
        "the lock of this run could not be renewed ("
            + failure.message()
            + "), so nothing more is written; another run may have taken over";
  }

  /**
   * Somebody may have written the Lease: if it is still ours, go on from there; if not, it is lost.
   */
  private void reread() {
    Reading reading = host.read(ref);
    if (reading.failed().isPresent()) {
      notRenewed(reading.failed().get());
      return;
    }
    Optional<LiveObject> found = reading.found();
    Optional<Held> now = found.flatMap(object -> holder(object.tree(), claimant.clock()));
    if (now.isEmpty()) {
      String last = found.map(LeaseText::last).orElse("");
      lose(
          last.isEmpty()
              ? "was released by hand"
              : "was taken over by run " + last + ", which has ended");
    } else if (!now.get().runId().equals(claimant.runId())) {
      lose("was taken over by " + now.get().run());
    } else {
      long start = ticks.nanos();
      Written written = host.replace(ref, LeaseText.of(ref, claimant, found, false));
      if (written instanceof Written.Done done) {
        confirm(done.object(), start);
      } else {
        notRenewed(((Written.Failed) written).failure());
      }
    }
  }

  private void lose(String how) {
    lease = Optional.empty();
    asked = NEVER;
    why = "the lock of this run " + how + ", so nothing more is written";
  }

  @Override
  public synchronized boolean held() {
    long start = ticks.nanos();
    if (ticks.since(confirmed).compareTo(FRESH) > 0) {
      renew();
    }
    boolean held =
        lease.isPresent() && ticks.since(confirmed).compareTo(DURATION.minus(MARGIN)) < 0;
    asked = held ? start : NEVER;
    return held;
  }

  /** Takes no lock of this object: whoever renews may be waiting for the turn of who asks this. */
  @Override
  public boolean stands() {
    long last = asked;
    return last != NEVER && ticks.since(last).compareTo(STANDS) < 0;
  }

  @Override
  public synchronized String why() {
    return why;
  }

  @Override
  public synchronized void close() {
    closed = true;
    renewals.shutdownNow();
    lease
        .flatMap(mine -> new LeaseReturn(host, ref, claimant).of(mine))
        .ifPresent(failure -> claimant.notes().accept(notReturned(failure)));
    lease = Optional.empty();
  }

  private static String notReturned(Failure failure) {
    return "the lock of this run could not be given back ("
        + failure.message()
        + "); it runs out by itself within "
        + DURATION.toSeconds()
        + " s, and until then other runs find it held, unless: muster lock release";
  }
}
