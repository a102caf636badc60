package dev.muster.problem;

import java.util.ArrayList;
import java.util.List;

/** Collects the problems of one phase, so that a user sees all of them at once. */
public final class Problems {
  private final List<Problem> found = new ArrayList<>();

  public void add(Problem problem) {
    if (!found.contains(problem)) {
      found.add(problem);
    }
  }

  public void error(Where where, String message, String... hints) {
    add(Problem.error(where, message, hints));
  }

  public void warning(Where where, String message, String... hints) {
    add(Problem.warning(where, message, hints));
  }

  public boolean hasErrors() {
    return found.stream().anyMatch(problem -> problem.severity() == Severity.ERROR);
  }

  public List<Problem> all() {
    return List.copyOf(found);
  }

  /**
   * Ends the phase.
   *
   * @throws MusterException with everything found so far, when any of it is an error
   */
  public void throwIfErrors() {
    if (hasErrors()) {
      throw new MusterException(found);
    }
  }
}
