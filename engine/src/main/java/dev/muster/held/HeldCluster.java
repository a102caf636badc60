package dev.muster.held;

import dev.muster.live.Cluster;
import dev.muster.live.Failure;
import dev.muster.live.ForwardingCluster;
import dev.muster.live.Listing;
import dev.muster.live.LiveObject;
import dev.muster.live.LogQuery;
import dev.muster.live.Logs;
import dev.muster.live.Reading;
import dev.muster.live.ServicePort;
import dev.muster.live.Watching;
import dev.muster.resource.ObjectRef;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A cluster of which each object is asked for once and watched from then on. What nobody can watch
 * is remembered until it is to be forgotten. Which cluster it is, is asked again whenever it has
 * been away: nothing is said of one that took its place.
 */
final class HeldCluster extends ForwardingCluster {
  private final Cluster source;
  private final ObjectRef identity;
  private final Attention attention;
  private final Map<String, HeldObject> objects = new ConcurrentHashMap<>();
  private final Map<String, HeldList> lists = new ConcurrentHashMap<>();
  private final Map<String, Reading> through = new ConcurrentHashMap<>();
  private final Map<String, Logs> logs = new ConcurrentHashMap<>();
  private Optional<Reading> who = Optional.empty();
  private Optional<Failure> away = Optional.empty();
  private Optional<Duration> ahead = Optional.empty();
  private @Nullable Watching sentinel;
  private boolean closed;

  /**
   * @param identity the object whose UID tells which cluster it is
   */
  HeldCluster(Cluster source, ObjectRef identity, Attention attention) {
    super(source);
    this.source = source;
    this.identity = identity;
    this.attention = attention;
  }

  /** Whether the cluster as a whole is out of reach, as opposed to an object of it. */
  static boolean lost(Failure failure) {
    return failure.kind().unreachable()
        || failure.kind() == Failure.Kind.UNAUTHORIZED
        || failure.kind() == Failure.Kind.NO_ACCESS;
  }

  @Override
  public Reading read(ObjectRef ref) {
    return ref.equals(identity)
        ? identified()
        : objects.computeIfAbsent(ref.path(), path -> new HeldObject(ref, this, source)).reading();
  }

  private Reading identified() {
    synchronized (this) {
      if (away.isPresent()) {
        return new Reading.Failed(away.get());
      }
      if (who.isPresent()) {
        return who.get();
      }
    }
    Reading reading = source.read(identity);
    synchronized (this) {
      if (reading.failed().isPresent()) {
        away = reading.failed();
        stand();
      } else {
        who = Optional.of(reading);
      }
    }
    return reading;
  }

  @Override
  public Listing list(ObjectRef kind, String labelSelector) {
    return lists
        .computeIfAbsent(
            kind.collectionPath() + "?" + labelSelector,
            path -> new HeldList(kind, labelSelector, this, source))
        .listing();
  }

  @Override
  public Reading readThrough(ServicePort service, ObjectRef ref) {
    return once(through, service.path() + ref.path(), () -> source.readThrough(service, ref));
  }

  @Override
  public Logs logs(LogQuery query, Instant since) {
    return once(logs, query.toString(), () -> source.logs(query, since));
  }

  /** Asks without holding up those who ask for something else. */
  static <T> T once(Map<String, T> answers, String key, Supplier<T> question) {
    T before = answers.get(key);
    if (before != null) {
      return before;
    }
    T answer = question.get();
    answers.put(key, answer);
    return answer;
  }

  @Override
  public Optional<Instant> clock() {
    synchronized (this) {
      if (ahead.isPresent()) {
        return Optional.of(Instant.now().plus(ahead.get()));
      }
    }
    Optional<Instant> told = source.clock();
    synchronized (this) {
      ahead = told.map(now -> Duration.between(Instant.now(), now));
    }
    return told;
  }

  /** What cannot be watched is asked for anew when it is needed next. */
  void forget() {
    through.clear();
    logs.clear();
    synchronized (this) {
      ahead = Optional.empty();
    }
  }

  void changed(ObjectRef ref) {
    attention.changed(name(), ref);
  }

  /** A watch has had no answer for some time. */
  void silent(Failure why) {
    synchronized (this) {
      if (away.isPresent() || closed) {
        return;
      }
      away = Optional.of(why);
      stand();
    }
    attention.lost(name(), why);
  }

  /** Looks out for the cluster's return, on no thread. */
  private void stand() {
    if (sentinel == null && !closed) {
      sentinel = source.watch(identity, this::seen);
    }
  }

  private void seen(Reading reading) {
    Optional<Failure> stranger;
    synchronized (this) {
      if (away.isEmpty() || reading.found().isEmpty()) {
        return;
      }
      stranger = stranger(reading.found().get().uid());
      if (stranger.isPresent()) {
        if (stranger.equals(away)) {
          return;
        }
        away = stranger;
      } else {
        who = Optional.of(reading);
        away = Optional.empty();
        Watching over = sentinel;
        sentinel = null;
        if (over != null) {
          over.close();
        }
      }
    }
    stranger.ifPresentOrElse(why -> attention.lost(name(), why), () -> attention.back(name()));
  }

  /** Why it is not the cluster that it was before. */
  private Optional<Failure> stranger(String uid) {
    return who.flatMap(Reading::found)
        .map(LiveObject::uid)
        .filter(before -> !before.equals(uid))
        .map(
            before ->
                new Failure(
                    Failure.Kind.NO_ACCESS,
                    "behind its access is another cluster now: its kube-system UID is "
                        + uid
                        + ", it was "
                        + before));
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      if (sentinel != null) {
        sentinel.close();
      }
    }
    objects.values().forEach(HeldObject::close);
    lists.values().forEach(HeldList::close);
    super.close();
  }
}
