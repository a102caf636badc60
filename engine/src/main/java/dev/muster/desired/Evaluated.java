package dev.muster.desired;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.live.Failure;
import dev.muster.resource.Declared;
import java.util.List;
import java.util.Objects;

/** What an expression of a plan comes to. */
public sealed interface Evaluated {
  record Value(JsonNode value, boolean sensitive) implements Evaluated {
    public Value {
      Objects.requireNonNull(value, "value");
    }

    @Override
    public String toString() {
      return sensitive ? "(sensitive)" : value.toString();
    }
  }

  /** The field is left out. */
  record Omitted() implements Evaluated {}

  /** A random value, unless there is one already. */
  record Generated(String alphabet, int length) implements Evaluated {}

  /** A token that a cluster issues, unless the live one is still good. */
  record Issued(Declared.Issued token) implements Evaluated {
    public Issued {
      Objects.requireNonNull(token, "token");
    }
  }

  /** Some step brings the value forth. */
  record Unknown(List<String> knownAfter, boolean sensitive) implements Evaluated {
    public Unknown {
      knownAfter = List.copyOf(knownAfter);
    }
  }

  /** There is no such value, and no step that would bring it forth. */
  record Missing(String what) implements Evaluated {}

  /** Something that the expression names could not be read. */
  record Unreadable(String what, Failure failure) implements Evaluated {
    /** In one sentence. */
    public String message() {
      return "cannot read " + what + ": " + failure.message();
    }
  }

  /** The expression itself is at fault. */
  record Broken(String message) implements Evaluated {}
}
