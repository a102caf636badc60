package dev.muster.apply;

/** Keeps two runs of one topology apart. */
public interface RunLock extends AutoCloseable {
  /** Whether a write that starts now still stands under the lock, on every clock. */
  boolean held();

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
      public void close() {}
    };
  }
}
