package dev.muster.testbed.reconcile;

/** The property does not hold. The first line of the message says how, without values. */
final class Broken extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final String how;

  Broken(String how, String details) {
    super(how + "\n" + details);
    this.how = how;
  }

  /** By this a shrunk case is known to fail in the same way. */
  String how() {
    return how;
  }
}
