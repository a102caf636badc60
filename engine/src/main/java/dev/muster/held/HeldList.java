package dev.muster.held;

import dev.muster.live.Cluster;
import dev.muster.live.Failure;
import dev.muster.live.Follower;
import dev.muster.live.Listing;
import dev.muster.live.LiveObject;
import dev.muster.live.Watching;
import dev.muster.resource.ObjectRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All objects of a kind, as their watch has last told. */
final class HeldList implements Follower, AutoCloseable {
  private final HeldCluster cluster;
  private final FirstWord first = new FirstWord();
  private final Watching watching;
  private final Map<String, Packed> objects = new TreeMap<>();
  private Optional<Failure> failure = Optional.of(FirstWord.SILENCE);
  private boolean failing;

  HeldList(ObjectRef kind, String labelSelector, HeldCluster cluster, Cluster source) {
    this.cluster = cluster;
    this.watching = source.watchAll(kind, labelSelector, this);
  }

  /** Waits for the first word of its watch, and for nothing afterwards. */
  Listing listing() {
    first.await();
    List<Packed> all;
    synchronized (this) {
      if (failure.isPresent()) {
        return new Listing.Failed(failure.get());
      }
      all = List.copyOf(objects.values());
    }
    return new Listing.Listed(all.stream().map(Packed::open).toList(), "");
  }

  @Override
  public void all(List<LiveObject> now) {
    List<ObjectRef> news = new ArrayList<>();
    synchronized (this) {
      Map<String, Packed> before = new TreeMap<>(objects);
      objects.clear();
      for (LiveObject object : now) {
        Packed packed = Packed.of(object);
        Packed old = before.remove(object.ref().path());
        objects.put(object.ref().path(), packed);
        if (old == null || !old.same(packed)) {
          news.add(object.ref());
        }
      }
      before.values().forEach(gone -> news.add(gone.ref()));
      failure = Optional.empty();
      failing = false;
      if (!first.spoken()) {
        news.clear();
      }
    }
    first.said();
    news.forEach(cluster::changed);
  }

  @Override
  public void changed(LiveObject object) {
    synchronized (this) {
      failing = false;
      Packed packed = Packed.of(object);
      Packed before = objects.put(object.ref().path(), packed);
      if (before != null && before.same(packed)) {
        return;
      }
    }
    cluster.changed(object.ref());
  }

  @Override
  public void gone(ObjectRef ref) {
    synchronized (this) {
      failing = false;
      objects.remove(ref.path());
    }
    cluster.changed(ref);
  }

  @Override
  public void failed(Failure why) {
    boolean lost = false;
    synchronized (this) {
      if (HeldCluster.lost(why)) {
        lost = !failing;
        failing = true;
        failure = failure.map(before -> why);
      } else {
        failure = Optional.of(why);
      }
    }
    first.said();
    if (lost) {
      cluster.silent(why);
    }
  }

  @Override
  public void close() {
    watching.close();
  }
}
