package dev.muster.session;

import dev.muster.held.Attention;
import dev.muster.live.Failure;
import dev.muster.resource.ObjectRef;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What happens to clusters, gathered until somebody has time for it. */
final class Happenings implements Attention {
  /**
   * So long is waited for what belongs together, such as the objects of one {@code kubectl apply}.
   */
  private static final Duration QUIET = Duration.ofMillis(100);

  /** And so long at most, while it goes on and on. */
  private static final Duration LONGEST = Duration.ofMillis(400);

  private final Set<Changed> changed = new LinkedHashSet<>();

  private final Map<String, Failure> lost = new LinkedHashMap<>();
  private final Set<String> back = new LinkedHashSet<>();
  private boolean news;
  private boolean stopped;

  record Changed(String cluster, ObjectRef ref) {}

  /**
   * What has happened since it was asked for last.
   *
   * @param lost clusters that went away and have not come back
   * @param back clusters that came back, some of which had gone in the same time
   */
  record Batch(
      List<Changed> changed, Map<String, Failure> lost, List<String> back, boolean stopped) {}

  @Override
  public synchronized void changed(String cluster, ObjectRef ref) {
    changed.add(new Changed(cluster, ref));
    tell();
  }

  @Override
  public synchronized void lost(String cluster, Failure why) {
    back.remove(cluster);
    lost.put(cluster, why);
    tell();
  }

  @Override
  public synchronized void back(String cluster) {
    lost.remove(cluster);
    back.add(cluster);
    tell();
  }

  synchronized void stop() {
    stopped = true;
    tell();
  }

  private void tell() {
    news = true;
    notifyAll();
  }

  /** Waits for something to happen, and a little for what belongs to it. */
  synchronized Batch await(Instant until) {
    try {
      while (!news && waited(until)) {
        continue;
      }
      Instant longest = Instant.now().plus(LONGEST);
      while (news && !stopped) {
        news = false;
        Instant quiet = Instant.now().plus(QUIET);
        Instant end = quiet.isBefore(longest) ? quiet : longest;
        while (!news && waited(end)) {
          continue;
        }
        if (!Instant.now().isBefore(longest)) {
          break;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopped = true;
    }
    Batch batch =
        new Batch(List.copyOf(changed), new LinkedHashMap<>(lost), List.copyOf(back), stopped);
    changed.clear();
    lost.clear();
    back.clear();
    news = false;
    return batch;
  }

  /** Whether there was time left to wait. */
  private boolean waited(Instant until) throws InterruptedException {
    long left = Duration.between(Instant.now(), until).toMillis();
    if (left <= 0) {
      return false;
    }
    wait(left);
    return true;
  }
}
