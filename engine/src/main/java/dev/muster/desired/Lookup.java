package dev.muster.desired;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.live.Failure;
import java.util.Objects;

/** What is known of something that an expression names. */
public sealed interface Lookup {
  /** It exists; the value as expressions see it, embedded documents opened. */
  record Present(JsonNode value) implements Lookup {
    public Present {
      Objects.requireNonNull(value, "value");
    }
  }

  /** The cluster said that it does not exist. */
  record Absent() implements Lookup {}

  /** Nobody knows: it could not be read. */
  record Unreadable(Failure failure) implements Lookup {
    public Unreadable {
      Objects.requireNonNull(failure, "failure");
    }
  }
}
