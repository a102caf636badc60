package dev.muster.fetch;

import java.io.IOException;

/** Why something cannot be fetched, as the end of a sentence. */
final class Unfetched extends IOException {
  private static final long serialVersionUID = 1;

  Unfetched(String why) {
    super(why);
  }

  String why() {
    return String.valueOf(getMessage());
  }
}
