package dev.muster.problem;

import dev.muster.bound.Bounds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Collects the problems of one phase, so that a user sees all of them at once; of a file that is
 * wrong all over, the first ones and that there are more.
 */
public final class Problems {
  private final List<Problem> found = new ArrayList<>();
  private int errors;
  private int warnings;

  /** The file of the first one that is not told. */
  private Optional<Where> untold = Optional.empty();

  public void add(Problem problem) {
    boolean error = problem.severity() == Severity.ERROR;
    if ((error ? errors : warnings) >= Bounds.PROBLEMS) {
      more(problem.where());
    } else if (!found.contains(problem)) {
      found.add(problem);
      errors += error ? 1 : 0;
      warnings += error ? 0 : 1;
    }
  }

  public void error(Where where, String message, String... hints) {
    add(Problem.error(where, message, hints));
  }

  public void warning(Where where, String message, String... hints) {
    add(Problem.warning(where, message, hints));
  }

  public boolean hasErrors() {
    return errors > 0;
  }

  /** Whether more errors would only be counted, so that looking for them is no use. */
  public boolean full() {
    return errors >= Bounds.PROBLEMS;
  }

  /**
   * Says that looking for more of them was given up.
   *
   * @param where a place in the file that has them
   */
  public void more(Where where) {
    untold = untold.or(() -> Optional.of(Where.file(where.file())));
  }

  public List<Problem> all() {
    List<Problem> all = new ArrayList<>(found);
    if (untold.isPresent()) {
      String more = "there are more problems than these " + Bounds.PROBLEMS;
      String next = "mend these first; is this the right file?";
      all.add(
          hasErrors()
              ? Problem.error(untold.get(), more, next)
              : Problem.warning(untold.get(), more, next));
    }
    return List.copyOf(all);
  }

  /**
   * Ends the phase.
   *
   * @throws MusterException with everything found so far, when any of it is an error
   */
  public void throwIfErrors() {
    if (hasErrors()) {
      throw new MusterException(all());
    }
  }
}
