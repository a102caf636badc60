package dev.muster.live;

import java.util.List;
import java.util.Objects;

/** The answer to a log request. */
public sealed interface Logs {
  /** Lines of all pods, oldest first; empty when no pod matches. */
  record Lines(List<LogLine> lines) implements Logs {
    public Lines {
      lines = List.copyOf(lines);
    }
  }

  record Failed(Failure failure) implements Logs {
    public Failed {
      Objects.requireNonNull(failure, "failure");
    }
  }
}
