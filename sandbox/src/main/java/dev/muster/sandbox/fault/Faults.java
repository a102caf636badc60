package dev.muster.sandbox.fault;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rules in force, and the requests that came by. Safe for use by many threads. */
public final class Faults {
  private final List<Active> rules = new ArrayList<>();
  private final List<Request> seen = new ArrayList<>();
  private final List<Request> met = new ArrayList<>();
  private final List<String> created = new ArrayList<>();
  private final List<Request> written = new ArrayList<>();
  private final Map<String, Integer> turns = new HashMap<>();

  private static final class Active {
    private final Rule rule;
    private int left;

    Active(Rule rule) {
      this.rule = rule;
      this.left = rule.times();
    }
  }

  /** Earlier rules come first; one request is met by one of them at most. */
  public synchronized void add(Rule rule) {
    rules.add(new Active(rule));
  }

  /** From now on nothing happens to any request; what was seen is still known. */
  public synchronized void lift() {
    rules.clear();
  }

  /** Forgets all rules and requests, and counts from 1 again. */
  public synchronized void clear() {
    rules.clear();
    seen.clear();
    met.clear();
    created.clear();
    written.clear();
    turns.clear();
  }

  /** All requests since the last {@link #clear}, in the order of arrival. */
  public synchronized List<Request> seen() {
    return List.copyOf(seen);
  }

  /** The requests that were met by a fault, without the stale reads that could not be stale. */
  public synchronized List<Request> met() {
    return List.copyOf(met);
  }

  /** What the servers have made for clients, such as {@code m1 /api/v1/configmaps/name}. */
  public synchronized List<String> created() {
    return List.copyOf(created);
  }

  /** The writes that the servers have taken in, in the order of their answers. */
  public synchronized List<Request> written() {
    return List.copyOf(written);
  }

  synchronized void written(Request request) {
    written.add(request);
  }

  synchronized void created(Request request, String name) {
    created.add(request.cluster() + " " + request.path() + "/" + name);
  }

  synchronized Request arrived(String cluster, String verb, String path, String query) {
    int turn = turns.merge(cluster + " " + verb + " " + Request.place(path), 1, Integer::sum);
    Request request = new Request(seen.size() + 1, cluster, verb, path, query, turn);
    seen.add(request);
    return request;
  }

  synchronized Optional<Rule> meeting(Request request) {
    for (Iterator<Active> all = rules.iterator(); all.hasNext(); ) {
      Active active = all.next();
      if (active.rule.where().test(request)) {
        active.left--;
        if (active.left <= 0) {
          all.remove();
        }
        met.add(request);
        return Optional.of(active.rule);
      }
    }
    return Optional.empty();
  }

  /** What a fault was meant for cannot be done to this request. */
  synchronized void spared(Request request) {
    met.remove(request);
  }
}
