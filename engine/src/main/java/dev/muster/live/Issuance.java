package dev.muster.live;

import java.util.Objects;

/** The answer to a request for a token. */
public sealed interface Issuance {
  /** A token, which is a secret. */
  record Token(String text) implements Issuance {
    public Token {
      Objects.requireNonNull(text, "text");
    }

    @Override
    public String toString() {
      return "(sensitive)";
    }
  }

  /** There is none. */
  record Failed(Failure failure) implements Issuance {
    public Failed {
      Objects.requireNonNull(failure, "failure");
    }
  }
}
