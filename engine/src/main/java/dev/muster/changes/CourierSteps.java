package dev.muster.changes;

import dev.muster.changes.StepPlan.Decision;
import dev.muster.desired.Need;
import dev.muster.plan.On;
import dev.muster.plan.Plan;
import dev.muster.plan.Step;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** What is different for members that are reached by courier. */
final class CourierSteps {
  private final Plan plan;
  private final Function<Step, Set<Need>> needs;
  private final Map<String, Boolean> independent = new ConcurrentHashMap<>();

  CourierSteps(Plan plan, Function<Step, Set<Need>> needs) {
    this.plan = plan;
    this.needs = needs;
  }

  /**
   * A step of the host about such a member does not wait for what is carried there, unless it needs
   * to know something of the member.
   */
  Step relaxed(Step step) {
    if (!independent(step)) {
      return step;
    }
    String suffix = "[" + step.subject().name() + "]";
    List<String> kept =
        step.dependsOn().stream()
            .filter(id -> !id.endsWith(suffix) || onHost(id.substring(0, id.indexOf('['))))
            .toList();
    return new Step(step.id(), step.spec(), step.cluster(), step.member(), kept, step.wave());
  }

  private boolean onHost(String stepId) {
    return plan.steps().stream().anyMatch(s -> s.id().equals(stepId) && s.on() == On.HOST);
  }

  /** Whether it is a step of the host that needs to know nothing of such a member. */
  boolean independent(Step step) {
    if (!step.subject().courier() || !step.cluster().host()) {
      return false;
    }
    return independent.computeIfAbsent(
        step.id(),
        id ->
            needs.apply(step).stream()
                .noneMatch(need -> need.cluster().name().equals(step.subject().name())));
  }

  /** Whether it would write where only the courier can. */
  static boolean carried(StepPlan step) {
    return step.step().cluster().courier()
        && step.decision() == Decision.RUN
        && !step.effective().isEmpty();
  }
}
