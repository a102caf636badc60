package dev.muster.held;

import dev.muster.live.Cluster;
import dev.muster.live.Failure;
import dev.muster.live.Reading;
import dev.muster.live.Watching;
import dev.muster.resource.ObjectRef;
import java.util.Optional;

/** One object, as its watch has last told. */
final class HeldObject implements AutoCloseable {
  private final ObjectRef ref;
  private final HeldCluster cluster;
  private final FirstWord first = new FirstWord();
  private final Watching watching;
  private Optional<Packed> packed = Optional.empty();
  private Optional<Failure> failure = Optional.of(FirstWord.SILENCE);
  private boolean failing;

  HeldObject(ObjectRef ref, HeldCluster cluster, Cluster source) {
    this.ref = ref;
    this.cluster = cluster;
    this.watching = source.watch(ref, this::told);
  }

  /** Waits for the first word of its watch, and for nothing afterwards. */
  Reading reading() {
    first.await();
    Optional<Packed> object;
    synchronized (this) {
      if (failure.isPresent()) {
        return new Reading.Failed(failure.get());
      }
      object = packed;
    }
    return object.<Reading>map(p -> new Reading.Found(p.open())).orElseGet(Reading.Absent::new);
  }

  private void told(Reading reading) {
    boolean news;
    Optional<Failure> lost = Optional.empty();
    synchronized (this) {
      Optional<Failure> failed = reading.failed();
      if (failed.isPresent() && HeldCluster.lost(failed.get())) {
        // What is held stays, however old it gets.
        lost = failing ? Optional.empty() : failed;
        failing = true;
        news = false;
        failure = failure.map(before -> failed.get());
      } else {
        Optional<Packed> now = reading.found().map(Packed::of);
        news = first.spoken() && differs(failed, now);
        failing = false;
        failure = failed;
        packed = now;
      }
    }
    first.said();
    lost.ifPresent(cluster::silent);
    if (news) {
      cluster.changed(ref);
    }
  }

  private boolean differs(Optional<Failure> failed, Optional<Packed> now) {
    return !failure.equals(failed)
        || now.isPresent() != packed.isPresent()
        || now.isPresent() && !now.get().same(packed.get());
  }

  @Override
  public void close() {
    watching.close();
  }
}
