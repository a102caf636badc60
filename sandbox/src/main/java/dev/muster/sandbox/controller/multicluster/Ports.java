package dev.muster.sandbox.controller.multicluster;

import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The ports on which Tower listens for its clusters. The real one takes any of 6000 to 7000 and
 * does not notice that another cluster has it already, which with a hundred clusters happens at
 * every tenth; here it happens only when it is asked for, so that what is tested does not depend on
 * luck.
 */
final class Ports {
  private static final int FIRST = 6000;
  private static final int COUNT = 1001;

  private final SecureRandom random = new SecureRandom();
  private final Map<String, Integer> given = new HashMap<>();
  private Optional<String> like = Optional.empty();

  /** From now on a cluster gets the port that this one has; empty to end that. */
  synchronized void giveThatOf(Optional<String> cluster) {
    like = cluster;
  }

  /** The port of a cluster that has none yet, or is given another one. */
  synchronized int next(String cluster) {
    Optional<Integer> taken = like.filter(other -> !other.equals(cluster)).map(given::get);
    int port = taken.orElseGet(this::free);
    given.put(cluster, port);
    return port;
  }

  private int free() {
    int port = FIRST + random.nextInt(COUNT);
    for (int tries = 0; given.containsValue(port) && tries < COUNT; tries++) {
      port = FIRST + (port - FIRST + 1) % COUNT;
    }
    return port;
  }

  synchronized void gone(String cluster) {
    given.remove(cluster);
  }
}
