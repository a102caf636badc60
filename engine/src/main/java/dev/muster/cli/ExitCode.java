package dev.muster.cli;

import java.util.Collection;

/** Exit codes by cause, as {@code --help} lists them; where several hold, the order decides. */
public enum ExitCode {
  INTERRUPTED(130),
  USAGE(64),
  LOCKED(7),
  REFUSED(5),
  STALE(6),
  ERROR(1),
  GATE(4),
  PARTIAL(3),
  CHANGES(2),
  DEFERRED(8),
  OK(0);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  /** The one to exit with when several causes hold; the constants stand in that order. */
  public static ExitCode first(Collection<ExitCode> causes) {
    for (ExitCode candidate : values()) {
      if (causes.contains(candidate)) {
        return candidate;
      }
    }
    return OK;
  }
}
