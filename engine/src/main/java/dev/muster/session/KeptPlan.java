package dev.muster.session;

import dev.muster.plan.Plan;
import dev.muster.plan.PlanOrigin;
import java.util.Optional;

/**
 * The text of a plan as it is kept with a change set or a record.
 *
 * @param manifest of the registry's artifact that it was taken from: what a topology is pinned to
 *     is the manifest's digest, and only with it anybody can tell that this is the plan meant
 */
record KeptPlan(String text, Optional<String> manifest) {
  static KeptPlan of(String text) {
    return new KeptPlan(text, Optional.empty());
  }

  /** What is to be kept beside the text of a plan. */
  static Optional<String> manifest(Plan plan) {
    return plan.origin().flatMap(PlanOrigin::manifest);
  }
}
