package dev.muster.apply;

import dev.muster.live.Cluster;
import dev.muster.live.Failure;
import dev.muster.live.LiveObject;
import dev.muster.live.Reading;
import dev.muster.live.Written;
import dev.muster.resource.ObjectRef;
import java.util.Optional;

/** Giving a lock back, in a few tries. */
record LeaseReturn(Cluster host, ObjectRef ref, LeaseLock.Claimant claimant) {
  private static final int TRIES = 3;

  /**
   * Gives it back, unless somebody else has it by now.
   *
   * @param lease as it was read or written last
   * @return why it may still be ours; then it expires by itself
   */
  Optional<Failure> of(LiveObject lease) {
    LiveObject mine = lease;
    Optional<Failure> last = Optional.empty();
    for (int tries = 0; tries < TRIES; tries++) {
      Written written = host.replace(ref, LeaseText.released(ref, claimant, Optional.of(mine)));
      if (!(written instanceof Written.Failed failed)) {
        return Optional.empty();
      }
      last = Optional.of(failed.failure());
      if (!again(failed.failure().kind())) {
        return last;
      }
      Reading now = host.read(ref);
      if (now.failed().isPresent()) {
        return last;
      }
      Optional<LiveObject> still = now.found().filter(found -> LeaseText.isOf(found, claimant));
      if (still.isEmpty()) {
        return Optional.empty();
      }
      mine = still.get();
    }
    return last;
  }

  /** Whether it may have been given back, or could be at the next try; a read tells. */
  private static boolean again(Failure.Kind kind) {
    return kind == Failure.Kind.STALE
        || kind == Failure.Kind.NOT_FOUND
        || kind.unknown() && kind != Failure.Kind.TIMEOUT;
  }
}
