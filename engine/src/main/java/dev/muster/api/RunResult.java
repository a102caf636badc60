package dev.muster.api;

import dev.muster.apply.RunReport;
import dev.muster.problem.Problem;
import java.util.List;
import java.util.Optional;

/** How an apply ended. */
public sealed interface RunResult {
  /** Whether the clusters are as declared, as far as they could be reached. */
  boolean converged();

  /** Everything was as declared; nothing was written but what the inventory remembers. */
  record NothingToDo() implements RunResult {
    @Override
    public boolean converged() {
      return true;
    }
  }

  /**
   * Nothing was written.
   *
   * @param problems why, and what to do
   */
  record Refused(List<Problem> problems) implements RunResult {
    public Refused {
      problems = List.copyOf(problems);
    }

    @Override
    public boolean converged() {
      return false;
    }
  }

  /**
   * Nothing was written, since another run holds the lock of the topology.
   *
   * @param who user, host and process
   * @param since when it began, RFC 3339
   */
  record Locked(String runId, String who, String since) implements RunResult {
    @Override
    public boolean converged() {
      return false;
    }
  }

  /**
   * The run has ended. What is not done is done by the next one.
   *
   * @param branch of the repository, where it is recorded; empty without a history
   * @param notes what to know afterwards
   */
  record Ended(RunReport report, Optional<String> branch, List<String> notes) implements RunResult {
    public Ended {
      notes = List.copyOf(notes);
    }

    @Override
    public boolean converged() {
      return report.complete();
    }
  }
}
