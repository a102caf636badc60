package dev.muster.sandbox.server.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.server.json.Json;
import dev.muster.sandbox.server.kind.ResourceId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The objects of one cluster; what is stored is never changed in place, so readers need no copies.
 */
public final class ObjectStore {
  private record Place(String namespace, String name) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int byNamespace = namespace.compareTo(other.namespace);
      return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }
  }

  /** Objects of one resource at one revision of the whole store. */
  public record Listing(List<ObjectNode> items, long revision) {}

  /** What happened after a revision, and up to where this is the whole truth. */
  public record Batch(boolean expired, List<WatchEvent> events, long upTo) {}

  private final class Shelf {
    final NavigableMap<Place, ObjectNode> objects = new TreeMap<>();
    final Deque<WatchEvent> log = new ArrayDeque<>();
    final Condition changed = lock.newCondition();
    long forgotten;
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<ResourceId, Shelf> shelves = new HashMap<>();
  private final int logSize;
  private long revision = 1_000;

  /** Keeps the last {@code logSize} changes of each resource for watches. */
  public ObjectStore(int logSize) {
    this.logSize = logSize;
  }

  public long revision() {
    lock.lock();
    try {
      return revision;
    } finally {
      lock.unlock();
    }
  }

  public Optional<ObjectNode> get(ObjectKey key) {
    lock.lock();
    try {
      return Optional.ofNullable(shelf(key.resource()).objects.get(place(key)));
    } finally {
      lock.unlock();
    }
  }

  /** All objects of a resource, of one namespace or of all, by namespace and name. */
  public Listing list(ResourceId resource, Optional<String> namespace) {
    lock.lock();
    try {
      List<ObjectNode> items = new ArrayList<>();
      shelf(resource)
          .objects
          .forEach(
              (place, object) -> {
                if (namespace.isEmpty() || namespace.get().equals(place.namespace())) {
                  items.add(object);
                }
              });
      return new Listing(items, revision);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Stores {@code next} with a new resourceVersion if the object is still exactly {@code expected};
   * empty when somebody else was faster.
   */
  public Optional<ObjectNode> put(ObjectKey key, Optional<ObjectNode> expected, ObjectNode next) {
    lock.lock();
    try {
      Shelf shelf = shelf(key.resource());
      ObjectNode current = shelf.objects.get(place(key));
      if (current != expected.orElse(null)) {
        return Optional.empty();
      }
      revision++;
      Json.child(next, "metadata").put("resourceVersion", Long.toString(revision));
      shelf.objects.put(place(key), next);
      log(shelf, new WatchEvent(revision, key, expected, next, false));
      return Optional.of(next);
    } finally {
      lock.unlock();
    }
  }

  /** Removes the object if it is still exactly {@code expected}; gives its last state. */
  public Optional<ObjectNode> remove(ObjectKey key, ObjectNode expected) {
    lock.lock();
    try {
      Shelf shelf = shelf(key.resource());
      if (shelf.objects.get(place(key)) != expected) {
        return Optional.empty();
      }
      revision++;
      shelf.objects.remove(place(key));
      ObjectNode last = expected.deepCopy();
      Json.child(last, "metadata").put("resourceVersion", Long.toString(revision));
      log(shelf, new WatchEvent(revision, key, Optional.of(expected), last, true));
      return Optional.of(last);
    } finally {
      lock.unlock();
    }
  }

  /** The changes of a resource after {@code since}; waits for one at most as long as said. */
  public Batch changes(ResourceId resource, long since, Duration wait) throws InterruptedException {
    long nanos = wait.toNanos();
    lock.lockInterruptibly();
    try {
      Shelf shelf = shelf(resource);
      while (true) {
        if (since < shelf.forgotten) {
          return new Batch(true, List.of(), revision);
        }
        WatchEvent newest = shelf.log.peekLast();
        if (newest != null && newest.revision() > since) {
          return new Batch(false, after(shelf, since), revision);
        }
        if (nanos <= 0) {
          return new Batch(false, List.of(), Math.max(since, revision));
        }
        nanos = shelf.changed.awaitNanos(nanos);
      }
    } finally {
      lock.unlock();
    }
  }

  private static List<WatchEvent> after(Shelf shelf, long since) {
    Deque<WatchEvent> found = new ArrayDeque<>();
    for (Iterator<WatchEvent> back = shelf.log.descendingIterator(); back.hasNext(); ) {
      WatchEvent event = back.next();
      if (event.revision() <= since) {
        break;
      }
      found.addFirst(event);
    }
    return List.copyOf(found);
  }

  private void log(Shelf shelf, WatchEvent event) {
    shelf.log.addLast(event);
    while (shelf.log.size() > logSize) {
      shelf.forgotten = shelf.log.removeFirst().revision();
    }
    shelf.changed.signalAll();
  }

  private Shelf shelf(ResourceId resource) {
    return shelves.computeIfAbsent(resource, r -> new Shelf());
  }

  private static Place place(ObjectKey key) {
    return new Place(key.namespace(), key.name());
  }
}
