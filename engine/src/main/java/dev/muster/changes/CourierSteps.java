package dev.muster.changes;

import dev.muster.changes.StepPlan.Decision;
import dev.muster.desired.Need;
import dev.muster.live.Listing;
import dev.muster.live.Reading;
import dev.muster.plan.On;
import dev.muster.plan.Plan;
import dev.muster.plan.Step;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    return step.after(kept);
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

  /** What a step needs to know of such a member and the last receipt does not tell. */
  Optional<Need> untold(Step step, Snapshot snapshot) {
    if (!step.subject().courier() || step.subject().lost()) {
      return Optional.empty();
    }
    return needs.apply(step).stream()
        .filter(need -> need.cluster().courier() && need.access().isEmpty())
        .filter(need -> untold(need, snapshot))
        .findFirst();
  }

  private static boolean untold(Need need, Snapshot snapshot) {
    return snapshot.reading(need).flatMap(Reading::failed).isPresent()
        || snapshot.listing(need).filter(Listing.Failed.class::isInstance).isPresent();
  }

  /** Whether a step on such a member has to wait for another one there, and can be seen already. */
  static boolean follows(Step step, StepPlan before) {
    return step.cluster().courier()
        && before.decision() == Decision.DEFERRED
        && !before.effective().isEmpty()
        && before.step().cluster().name().equals(step.cluster().name());
  }

  /**
   * What is to become of a step on such a member: what it would write is shown and left.
   *
   * @param follows whether others before it are left as well
   */
  static StepPlan left(StepPlan step, boolean follows) {
    if (!step.step().cluster().courier()) {
      return step;
    }
    boolean writes = !step.effective().isEmpty();
    boolean unreadable =
        TakeBack.is(step.step())
            && (step.decision() == Decision.FAILED || step.decision() == Decision.REFUSED);
    return step.decision() == Decision.RUN && (writes || follows) || unreadable
        ? step.deferred("it is left for the courier")
        : step;
  }
}
