package dev.muster.bound;

/** What to say when the memory of the process did not suffice. */
public final class Exhausted {
  /** What to do then; the launcher gives the variable to java. */
  public static final String HINT =
      "give it more memory: MUSTER_JAVA_OPTS=-Xmx2g (with java itself: -Xmx2g)";

  private Exhausted() {}

  /**
   * One sentence.
   *
   * @param what was being done, as far as that is known
   */
  public static String during(String what) {
    return "out of memory in "
        + what
        + ": what it has to hold at once is larger than the "
        + (Runtime.getRuntime().maxMemory() >> 20)
        + " MiB that it may use";
  }
}
