package dev.muster.cli;

import dev.muster.session.Rollback;
import java.util.Optional;

/**
 * What a run has to do with the history.
 *
 * @param keep whether a record is kept in git
 * @param push the repository that it is shared with; empty for the one that is configured
 * @param forward whether to go forward to what the last run rolled back
 * @param rollback for a run that goes back to an old declaration
 * @param accepted the digest of a plan that may be used although no run has used it yet
 */
record RecordOptions(
    boolean keep,
    Optional<String> push,
    boolean forward,
    Optional<Rollback> rollback,
    Optional<String> accepted) {
  static RecordOptions none() {
    return new RecordOptions(false, Optional.empty(), true, Optional.empty(), Optional.empty());
  }
}
