package dev.muster.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The lock of a topology: a Lease on its host. Written with the resourceVersion as guard, so of two
 * runs that take it at once one wins. An expired one is taken over.
 */
public final class LeaseLock implements RunLock {
  /** How long the lock stands without renewal. */
  static final Duration DURATION = Duration.ofSeconds(60);

  private static final Duration RENEWAL = Duration.ofSeconds(15);

  /**
   * No write begins in the last part of the lock's time: it may still be under way when it ends.
   */
  private static final Duration MARGIN = Duration.ofSeconds(20);

  private final Cluster host;
  private final ObjectRef ref;
  private final String runId;
  private final Holder holder;
  private final Clock clock;
  private final ScheduledExecutorService renewals;
  private final AtomicReference<Deadline> deadline = new AtomicReference<>();
  private Optional<LiveObject> lease = Optional.empty();
  private boolean closed;

  /**
   * Two clocks: the wall clock counts the time a machine sleeps, the other does not jump. Both have
   * to agree that there is time left.
   */
  private record Deadline(Instant wall, long nanos) {
    static Deadline from(Clock clock, Duration length) {
      return new Deadline(clock.instant().plus(length), System.nanoTime() + length.toNanos());
    }
  }

  private LeaseLock(Cluster host, ObjectRef ref, String runId, Holder holder, Clock clock) {
    this.host = host;
    this.ref = ref;
    this.runId = runId;
    this.holder = holder;
    this.clock = clock;
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
    JsonNode spec = lease.path("spec");
    String identity = spec.path("holderIdentity").asText("");
    if (identity.isEmpty()) {
      return Optional.empty();
    }
    Instant renewed = time(spec.path("renewTime").asText("")).orElse(Instant.EPOCH);
    Duration length = Duration.ofSeconds(spec.path("leaseDurationSeconds").asLong(0));
    String[] parts = identity.split(" ", 3);
    return Optional.of(
        new Held(
            parts[0],
            Holder.parse(parts.length > 2 ? parts[2] : ""),
            time(spec.path("acquireTime").asText("")).orElse(renewed).toString(),
            renewed.plus(length).isBefore(clock.instant())));
  }

  private static Optional<Instant> time(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /**
   * A lock that somebody holds.
   *
   * @param since RFC 3339
   * @param expired whether its time has run out
   */
  public record Held(String runId, Holder by, String since, boolean expired) {
    /** Whether another run may take it over. */
    public boolean free() {
      return expired || by.gone();
    }
  }

  /** The outcome of trying to take the lock. */
  public sealed interface Attempt {
    record Taken(LeaseLock lock, Optional<Held> from) implements Attempt {}

    record Busy(Held holder) implements Attempt {}
  }

  /**
   * Takes the lock.
   *
   * @param holder this process
   * @throws RefusedException when the host refuses
   * @throws MusterException when it cannot be reached
   */
  public static Attempt take(
      Cluster host, String topology, String runId, Holder holder, Clock clock) {
    LeaseLock lock = new LeaseLock(host, refOf(topology), runId, holder, clock);
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

  private Attempt take() {
    for (int attempt = 0; attempt < 5; attempt++) {
      Reading reading = host.read(ref);
      Optional<LiveObject> found = reading.found();
      reading
          .failed()
          .ifPresent(
              failure -> {
                throw cannot("read", failure);
              });
      Optional<Held> other = found.flatMap(object -> holder(object.tree(), clock));
      if (other.isPresent() && !other.get().free()) {
        return new Attempt.Busy(other.get());
      }
      Deadline until = Deadline.from(clock, DURATION);
      Written written =
          found.isPresent()
              ? host.replace(ref, content(found, true))
              : host.create(ref, content(found, true));
      if (written instanceof Written.Done done) {
        lease = Optional.of(done.object());
        deadline.set(until);
        renewals.scheduleWithFixedDelay(
            this::renew, RENEWAL.toSeconds(), RENEWAL.toSeconds(), TimeUnit.SECONDS);
        return new Attempt.Taken(this, other);
      }
      Failure failure = ((Written.Failed) written).failure();
      if (failure.kind() != Failure.Kind.STALE && failure.kind() != Failure.Kind.ALREADY_EXISTS) {
        throw cannot("take", failure);
      }
    }
    throw MusterException.of(
        "the lock " + ref + " on the host changes hands all the time", "run the command again");
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

  private ObjectNode content(Optional<LiveObject> live, boolean fresh) {
    String now =
        java.time.format.DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'")
            .withZone(java.time.ZoneOffset.UTC)
            .format(clock.instant());
    ObjectNode lease = JsonNodeFactory.instance.objectNode();
    lease.put("apiVersion", ref.apiVersion()).put("kind", ref.kind());
    ObjectNode metadata = lease.putObject("metadata");
    metadata.put("name", ref.name()).put("namespace", ref.namespace());
    live.ifPresent(object -> metadata.put("resourceVersion", object.resourceVersion()));
    ObjectNode spec = lease.putObject("spec");
    spec.put("holderIdentity", runId + " by " + holder);
    spec.put("leaseDurationSeconds", (int) DURATION.toSeconds());
    JsonNode before = live.map(object -> object.tree().path("spec")).orElse(spec);
    spec.put("acquireTime", fresh ? now : before.path("acquireTime").asText(now));
    spec.put("renewTime", now);
    spec.put(
        "leaseTransitions",
        before.path("leaseTransitions").asInt(0) + (fresh && live.isPresent() ? 1 : 0));
    return lease;
  }

  private synchronized void renew() {
    if (closed || lease.isEmpty()) {
      return;
    }
    Deadline until = Deadline.from(clock, DURATION);
    Written written = host.replace(ref, content(lease, false));
    if (written instanceof Written.Done done) {
      lease = Optional.of(done.object());
      deadline.set(until);
    } else if (((Written.Failed) written).failure().kind() == Failure.Kind.STALE) {
      reread(until);
    }
    // Any other failure: the deadline stands, and the next renewal tries again.
  }

  /** Somebody wrote the Lease: if it is still ours, go on from there; if not, it is lost. */
  private void reread(Deadline until) {
    Optional<LiveObject> found = host.read(ref).found();
    boolean ours =
        found
            .flatMap(object -> holder(object.tree(), clock))
            .map(now -> now.runId().equals(runId))
            .orElse(false);
    if (!ours) {
      lease = Optional.empty();
      deadline.set(new Deadline(Instant.EPOCH, Long.MIN_VALUE / 2));
    } else if (host.replace(ref, content(found, false)) instanceof Written.Done done) {
      lease = Optional.of(done.object());
      deadline.set(until);
    }
  }

  @Override
  public boolean held() {
    Deadline until = deadline.get();
    return until != null
        && clock.instant().isBefore(until.wall().minus(MARGIN))
        && until.nanos() - System.nanoTime() > MARGIN.toNanos();
  }

  @Override
  public synchronized void close() {
    closed = true;
    renewals.shutdownNow();
    if (lease.isPresent()) {
      ObjectNode released = content(lease, false);
      released.withObjectProperty("spec").put("holderIdentity", "");
      // Not given back, it expires by itself.
      Written unused = host.replace(ref, released);
      lease = Optional.empty();
    }
  }
}
