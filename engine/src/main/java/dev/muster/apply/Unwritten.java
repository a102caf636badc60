package dev.muster.apply;

import dev.muster.diff.Change;
import dev.muster.live.Failure;
import dev.muster.plan.Step;
import dev.muster.resource.Declared;
import java.util.Optional;

/**
 * A write that did not happen, or of which it is not known whether it did.
 *
 * @param token the token that it was to have and that was not issued
 * @param looked what was seen when it was looked at afterwards, to be read after the failure; may
 *     be empty
 */
record Unwritten(Change change, Failure failure, Optional<Declared.Issued> token, String looked) {
  Unwritten(Change change, Failure failure, String looked) {
    this(change, failure, Optional.empty(), looked);
  }

  static Unwritten without(Declared.Issued token, Change change, Failure failure) {
    return new Unwritten(change, failure, Optional.of(token), "");
  }

  /** How the step ends, with what to do next. */
  StepOutcome outcome(Step step) {
    String where = token.map(Declared.Issued::cluster).orElseGet(() -> step.cluster().name());
    String what =
        token
            .map(t -> "have a token of " + t.account() + " issued on " + t.cluster())
            .orElseGet(() -> verb() + " " + change.ref() + " on " + where);
    return switch (failure.kind()) {
      case FORBIDDEN, UNAUTHORIZED ->
          new StepOutcome.Refused(
              where + " refuses the write: cannot " + what + ": " + failure.message(),
              "give the runner's account the right, then run the same command again");
      case NOT_ALLOWED ->
          new StepOutcome.Refused(
              "cannot " + what + ": " + failure.message(),
              "nothing was sent; ask the plan's author to write it under `allows`");
      case NO_ACCESS -> new StepOutcome.Failed(failure.message(), "run the same command again");
      default ->
          new StepOutcome.Failed(
              "cannot " + what + ": " + failure.message() + looked,
              failure.kind() == Failure.Kind.INVALID
                  ? "the server refuses the content; correct the topology, or report it as a fault of the plan"
                  : "when " + where + " answers again, run the same command again");
    };
  }

  private String verb() {
    return change instanceof Change.Create
        ? "create"
        : change instanceof Change.Delete ? "delete" : "patch";
  }
}
