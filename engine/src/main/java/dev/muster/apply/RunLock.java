package dev.muster.apply;

import dev.muster.live.Failure;
import dev.muster.live.Permit;
import java.util.Optional;

/** Keeps two runs of one topology apart: nothing is written but under it. */
public interface RunLock extends AutoCloseable, Permit {
  /**
   * Whether a write that starts now still stands under the lock. Asks the host where the last proof
   * of it is not of the last seconds.
   */
  boolean held();

  /** Why it is not held any more, for people. */
  default String why() {
    return "the lock of this run has run out, so nothing more is written; another run may have"
        + " taken over";
  }

  @Override
  default Optional<Failure> refusal() {
    return held() ? Optional.empty() : Optional.of(new Failure(Failure.Kind.NO_ACCESS, why()));
  }

  /** Gives the lock back, if it is still ours. */
  @Override
  void close();

  /** A lock for runs that write nothing. */
  static RunLock none() {
    return new RunLock() {
      @Override
      public boolean held() {
        return true;
      }

      @Override
      public boolean stands() {
        return true;
      }

      @Override
      public void close() {}
    };
  }
}
