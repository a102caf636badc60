package dev.muster.session;

import dev.muster.changes.ChangeSet;
import dev.muster.live.Failure;
import dev.muster.problem.MusterException;
import java.util.Optional;

/**
 * What came of the first look at the host, by which a rotation is decided.
 *
 * @param rotation empty when none was asked for, and when the host could not be read
 * @param unread why it could not be read
 */
public record RotationStart(Optional<RotationRun> rotation, Optional<String> unread) {
  /** Nothing was asked for. */
  static RotationStart none() {
    return new RotationStart(Optional.empty(), Optional.empty());
  }

  static RotationStart of(RotationRun rotation) {
    return new RotationStart(Optional.of(rotation), Optional.empty());
  }

  static RotationStart unread(String what, Failure failure) {
    return new RotationStart(
        Optional.empty(), Optional.of(what + " cannot be read: " + failure.message()));
  }

  /**
   * Sees to it that no change set is taken for that of a rotation which could not be decided. A
   * host that still cannot be read is told of by the change set itself.
   *
   * @throws MusterException when the host could be read meanwhile
   */
  public void insist(ChangeSet changeSet) {
    if (unread.isPresent() && changeSet.hostWorks()) {
      throw MusterException.of(
          "the rotation could not be decided, and nothing was written: " + unread.get(),
          "run the same command again");
    }
  }
}
