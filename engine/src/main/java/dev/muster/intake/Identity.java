package dev.muster.intake;

import java.util.Objects;

/**
 * Who answers behind a context.
 *
 * @param uid of its namespace kube-system; empty when it did not say
 * @param failure why it did not; empty when it did
 */
public record Identity(String uid, String failure) {
  public Identity {
    Objects.requireNonNull(uid, "uid");
    Objects.requireNonNull(failure, "failure");
  }
}
