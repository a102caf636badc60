package dev.muster.cli;

import java.util.Collection;
import java.util.List;

/** Exit codes by cause, as {@code --help} lists them; where several hold, the order decides. */
public enum ExitCode {
  INTERRUPTED(130, "interrupted, the record is closed (143 for SIGTERM)"),
  USAGE(64, "the command line is wrong"),
  LOCKED(7, "another run holds the lock"),
  REFUSED(5, "refused: missing rights, the wrong cluster, a requirement that does not hold"),
  STALE(6, "the change set is stale: something changed since it was planned"),
  ERROR(1, "an invalid file, or the host cannot be reached"),
  GATE(4, "a gate failed or timed out"),
  PARTIAL(3, "applied in part; the same command goes on from there"),
  CHANGES(2, "changes are pending (drift, plan --detailed-exitcode)"),
  DEFERRED(8, "what could be reached is fine, some clusters are left for a later run"),
  OK(0, "converged, done or nothing to do");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  public int code() {
    return code;
  }

  public String meaning() {
    return meaning;
  }

  /** The one to exit with when several causes hold; the constants stand in that order. */
  public static ExitCode first(Collection<ExitCode> causes) {
    for (ExitCode candidate :
        List.of(
            INTERRUPTED, USAGE, LOCKED, REFUSED, STALE, ERROR, GATE, PARTIAL, CHANGES, DEFERRED)) {
      if (causes.contains(candidate)) {
        return candidate;
      }
    }
    return OK;
  }
}
