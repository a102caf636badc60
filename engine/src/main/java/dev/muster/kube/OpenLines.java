package dev.muster.kube;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Keeps the number of open connections bounded: each has a thread and sockets of its own. Lines in
 * use are never closed, so more requests or watches at once than the bound exceed it.
 */
final class OpenLines {
  private final int most;
  private final Set<Line> longestUnusedFirst = new LinkedHashSet<>();

  OpenLines(int most) {
    this.most = most;
  }

  void used(Line line) {
    List<Line> candidates;
    synchronized (this) {
      longestUnusedFirst.remove(line);
      longestUnusedFirst.add(line);
      if (longestUnusedFirst.size() <= most) {
        return;
      }
      candidates = new ArrayList<>(longestUnusedFirst);
    }
    // Outside the lock: a line that is just being opened would hold up all others.
    int surplus = candidates.size() - most;
    for (Line candidate : candidates) {
      if (surplus > 0 && candidate != line && candidate.dropIfIdle()) {
        forget(candidate);
        surplus--;
      }
    }
  }

  synchronized void forget(Line line) {
    longestUnusedFirst.remove(line);
  }
}
