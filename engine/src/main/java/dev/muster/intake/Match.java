package dev.muster.intake;

/** Which context leads to a registered member. */
public sealed interface Match {

  /** Why it is that context. */
  enum How {
    /** The command line says so. */
    GIVEN("as given"),
    /** It has the member's name. */
    NAME("the context has its name"),
    /** The cluster behind it has the UID that the host shows. */
    UID("found by its UID");

    private final String words;

    How(String words) {
      this.words = words;
    }

    /** For people. */
    public String words() {
      return words;
    }
  }

  /**
   * There is one.
   *
   * @param uid of namespace kube-system; empty when neither the cluster nor the host shows it
   * @param verified whether the cluster behind the context has the UID that the host shows
   * @param doubt what speaks against it or could not be found out; empty for nothing
   */
  record Found(String context, String uid, How how, boolean verified, String doubt)
      implements Match {}

  /** There is none. */
  record None(String why) implements Match {}
}
