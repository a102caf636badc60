package dev.muster.cli;

import dev.muster.history.GitHistory;
import dev.muster.session.FirstUse;
import dev.muster.session.Loader;
import java.io.PrintWriter;
import java.util.Optional;

/** Whether a plan from elsewhere may be used that no run of the topology has used yet. */
final class PlanConsent {
  private final MusterCommand top;
  private final PrintWriter err;
  private final Optional<FirstUse> firstUse;
  private final Optional<String> accepted;

  private PlanConsent(
      MusterCommand top, PrintWriter err, Optional<FirstUse> firstUse, Optional<String> accepted) {
    this.top = top;
    this.err = err;
    this.firstUse = firstUse;
    this.accepted = accepted;
  }

  /**
   * Looks at the records of the topology.
   *
   * @param accepted the digest that the command line accepts
   */
  static PlanConsent of(
      MusterCommand top,
      PrintWriter err,
      Loader.Loaded loaded,
      Optional<GitHistory> history,
      Optional<String> accepted) {
    return new PlanConsent(top, err, FirstUse.of(loaded, history), accepted);
  }

  /** What is to be shown before it is used; empty when it was used before. */
  String told() {
    return firstUse.map(FirstUse::told).map(top::clean).orElse("");
  }

  /**
   * Whether a run may go on without a question about the plan; a refusal is told.
   *
   * @param asked whether a person is asked anyhow, after what is {@link #told}
   */
  boolean given(boolean asked) {
    if (firstUse.isEmpty()
        || asked
        || accepted.filter(firstUse.get().digest()::equals).isPresent()) {
      return true;
    }
    err.print(top.clean(firstUse.get().refusal().text()));
    return false;
  }
}
