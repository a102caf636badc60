package dev.muster.changes;

import dev.muster.problem.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** The run must not go on: what is behind an access is not what the topology means. */
public final class RefusedException extends RuntimeException {
  private final transient List<Problem> problems;

  public RefusedException(List<Problem> problems) {
    super(problems.stream().map(Problem::text).collect(Collectors.joining()));
    this.problems = List.copyOf(problems);
  }

  public List<Problem> problems() {
    return problems;
  }
}
