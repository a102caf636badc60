package dev.muster.drift;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Who made a field what it is, as far as the object itself tells.
 *
 * @param manager what the client called itself: {@code kubectl-edit}, a controller's name, or what
 *     a person gave as {@code --field-manager}; a text from the cluster
 * @param operation {@code Update}, {@code Apply}, or empty where the plan says who it must have
 *     been
 * @param subresource {@code scale}, for one; mostly empty
 * @param time when it last changed something in the object: it made this change then or before
 * @param likely whether it is only the most likely one: who removes a field leaves no trace of it
 */
public record Author(
    String manager, String operation, String subresource, Optional<Instant> time, boolean likely) {
  public Author {
    Objects.requireNonNull(manager, "manager");
    Objects.requireNonNull(operation, "operation");
    Objects.requireNonNull(subresource, "subresource");
    Objects.requireNonNull(time, "time");
  }
}
