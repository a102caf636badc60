package dev.muster.topology;

import dev.muster.resource.ObjectRef;
import java.util.Objects;

/** A secret value that a topology names and does not hold. Never printed by its own methods. */
public sealed interface SecretInput {

  /** A value that was read from a file, a variable or a program. */
  record Text(String value) implements SecretInput {
    public Text {
      Objects.requireNonNull(value, "value");
    }

    @Override
    public String toString() {
      return "(sensitive)";
    }
  }

  /**
   * A value in a Secret of the host, read when something needs it.
   *
   * @param key of its data
   */
  record OnHost(ObjectRef secret, String key) implements SecretInput {
    public OnHost {
      Objects.requireNonNull(secret, "secret");
      Objects.requireNonNull(key, "key");
    }

    @Override
    public String toString() {
      return "key " + key + " of " + secret + " on the host";
    }
  }

  /**
   * A value that this command has no use for and did not read.
   *
   * @param source what would give it, for people
   */
  record Unread(String source) implements SecretInput {
    public Unread {
      Objects.requireNonNull(source, "source");
    }

    @Override
    public String toString() {
      return source;
    }
  }
}
