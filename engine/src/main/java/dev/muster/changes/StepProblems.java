package dev.muster.changes;

import dev.muster.desired.Evaluated;
import dev.muster.live.Failure;
import dev.muster.plan.Step;
import dev.muster.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Why a step cannot be done: what is refused, and what failed. */
final class StepProblems {
  private final Step step;
  private final List<Problem> refusals = new ArrayList<>();
  private final List<Problem> failures = new ArrayList<>();

  StepProblems(Step step) {
    this.step = step;
  }

  boolean refused() {
    return !refusals.isEmpty();
  }

  boolean failed() {
    return !failures.isEmpty();
  }

  /** Refusals first. */
  List<Problem> all() {
    return Stream.of(refusals, failures).flatMap(List::stream).toList();
  }

  void refuse(Problem problem) {
    refusals.add(problem);
  }

  void fail(Problem problem) {
    failures.add(problem);
  }

  /** An expression without a value is a failure of the step, except one that is not known yet. */
  void fail(Evaluated evaluated) {
    if (evaluated instanceof Evaluated.Unreadable unreadable) {
      unreadable(unreadable);
    } else if (evaluated instanceof Evaluated.Missing missing) {
      failures.add(
          Problem.error(
              step.subject().where(),
              "step " + step.id() + " needs a value that is not there: " + missing.what(),
              "muster why " + step.subject().name()));
    } else if (evaluated instanceof Evaluated.Broken broken) {
      failures.add(
          Problem.error(
              step.spec().where(),
              "step " + step.id() + ": " + broken.message(),
              "correct the plan file"));
    }
  }

  private void unreadable(Evaluated.Unreadable unreadable) {
    Failure failure = unreadable.failure();
    boolean beyond = failure.kind() == Failure.Kind.NOT_ALLOWED;
    boolean rights = failure.kind().refused() || beyond;
    Problem problem =
        Problem.error(
            step.subject().where(),
            unreadable.message(),
            beyond
                ? AllowedClusters.NEXT
                : rights
                    ? "give the runner's account the right, or use another account for this cluster"
                    : failure.kind() == Failure.Kind.NOT_FOUND
                        ? "create it, or correct the topology, then run the same command again"
                        : "check the cluster, then run the same command again");
    List<Problem> problems = rights ? refusals : failures;
    // Many fields may need the same object.
    if (!problems.contains(problem)) {
      problems.add(problem);
    }
  }
}
