package dev.muster.problem;

import java.util.List;
import java.util.stream.Collectors;

/** What the caller of a phase cannot go on from, with all problems of that phase. */
public final class MusterException extends RuntimeException {
  private final transient List<Problem> problems;

  public MusterException(List<Problem> problems) {
    super(problems.stream().map(Problem::text).collect(Collectors.joining()));
    this.problems = List.copyOf(problems);
  }

  public MusterException(Problem problem) {
    this(List.of(problem));
  }

  /** A problem that has no place in a file. */
  public static MusterException of(String message, String... hints) {
    return new MusterException(Problem.error(Where.nowhere(), message, hints));
  }

  public List<Problem> problems() {
    return problems;
  }
}
