package dev.muster.rights;

import java.util.Objects;

/**
 * Who is given the rights.
 *
 * @param namespace of a ServiceAccount; of other accounts unused
 */
public record Account(Kind kind, String namespace, String name) {
  public Account {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(namespace, "namespace");
    Objects.requireNonNull(name, "name");
  }

  /** The kind of a subject, as a binding names it. */
  public enum Kind {
    SERVICE_ACCOUNT("ServiceAccount"),
    USER("User"),
    GROUP("Group");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }
}
