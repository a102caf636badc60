package dev.muster.changes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.changes.StepPlan.Decision;
import dev.muster.plan.Step;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class WavesTest {
  private static final Function<Step, Decision> ALL = step -> Decision.RUN;

  @Test
  void hasNoneWithoutARollout() {
    assertThat(waves("", 3, ALL)).isEmpty();
  }

  @Test
  void repeatsTheLastBatchUntilAllArePlaced() {
    assertThat(waves("{waves: [{batch: 1}, {batch: 2}]}", 6, ALL))
        .containsExactly("1 batch 1: m1", "2 batch 2: m2 m3", "3 batch 2: m4 m5", "4 batch 2: m6");
  }

  @Test
  void takesPercentagesOfAllMembersRoundedUp() {
    assertThat(waves("{waves: [{batch: 25%}]}", 5, ALL))
        .containsExactly("1 batch 25%: m1 m2", "2 batch 25%: m3 m4", "3 batch 25%: m5");
    assertThat(waves("{waves: [{batch: 1%}]}", 2, ALL))
        .containsExactly("1 batch 1%: m1", "2 batch 1%: m2");
    assertThat(waves("{waves: [{batch: 100%}]}", 3, ALL)).containsExactly("1 batch 100%: m1 m2 m3");
  }

  @Test
  void takesPercentagesOfMembersWithoutWorkToo() {
    assertThat(waves("{waves: [{batch: 50%}]}", 8, workFor("m2", "m4", "m5", "m7", "m8")))
        .containsExactly("1 batch 50%: m2 m4 m5 m7", "2 batch 50%: m8");
  }

  @Test
  void keepsMembersOfALaterWhereOutOfBatches() {
    assertThat(waves("{waves: [{batch: 1}, {where: {parity: even}}]}", 5, ALL))
        .containsExactly("1 batch 1: m1", "2 batch 1: m3", "3 batch 1: m5", "4 parity=even: m2 m4");
  }

  @Test
  void placesAMemberByTheFirstWhereThatItFits() {
    assertThat(
            waves(
                "{waves: [{where: {name: m3}}, {where: {parity: odd}}, {where: {parity: odd}}]}",
                4,
                ALL))
        .containsExactly("1 name=m3: m3", "2 parity=odd: m1", "3 the rest: m2 m4");
  }

  @Test
  void wantsEveryLabelOfAWhere() {
    assertThat(waves("{waves: [{where: {parity: odd, name: m1}}, {batch: 10}]}", 3, ALL))
        .containsExactly("1 parity=odd, name=m1: m1", "2 batch 10: m2 m3");
  }

  @Test
  void skipsWavesWithoutWork() {
    assertThat(waves("{waves: [{where: {parity: even}}, {batch: 1}]}", 3, workFor("m1", "m3")))
        .containsExactly("1 batch 1: m1", "2 batch 1: m3");
    assertThat(waves("{waves: [{batch: 1}]}", 3, step -> Decision.DONE)).isEmpty();
  }

  @Test
  void countsAMemberThatCannotBePlannedAndNoneThatIsDeferred() {
    assertThat(
            waves(
                "{waves: [{batch: 1}]}",
                3,
                step ->
                    switch (step.subject().name()) {
                      case "m1" -> Decision.FAILED;
                      case "m2" -> Decision.DEFERRED;
                      default -> Decision.RUN;
                    }))
        .containsExactly("1 batch 1: m1", "2 batch 1: m3");
  }

  @Test
  void stopsAfterTheFirstFailureUnlessTold() {
    assertThat(WorkPlans.topology("{waves: [{batch: 1}]}", 1).rollout().orElseThrow().stopAfter())
        .isEqualTo(1);
    assertThat(budget("{waves: [{batch: 1}], stopAfter: 3}")).isEqualTo(3);
  }

  @Test
  void makesACanaryWhereOnlyABudgetIsGiven() {
    assertThat(waves("{stopAfter: 2}", 9, ALL))
        .containsExactly(
            "1 batch 1: m1",
            "2 batch 25%: m2 m3 m4",
            "3 batch 25%: m5 m6 m7",
            "4 batch 25%: m8 m9");
    assertThat(budget("{stopAfter: 2}")).isEqualTo(2);
  }

  private static int budget(String rollout) {
    return WorkPlans.garden(WorkPlans.topology(rollout, 2), ALL).waves().stopAfter();
  }

  private static Function<Step, Decision> workFor(String... members) {
    return step -> Set.of(members).contains(step.subject().name()) ? Decision.RUN : Decision.DONE;
  }

  private static List<String> waves(String rollout, int members, Function<Step, Decision> decide) {
    return WorkPlans.garden(WorkPlans.topology(rollout, members), decide).waves().list().stream()
        .map(w -> w.number() + " " + w.by() + ": " + String.join(" ", w.members()))
        .toList();
  }
}
