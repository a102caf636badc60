package dev.muster.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.changes.ChangeSet;
import dev.muster.changes.Snapshot;
import dev.muster.changes.StepPlan;
import dev.muster.changes.StepPlan.Decision;
import dev.muster.changes.WorkPlans;
import dev.muster.plan.Step;
import dev.muster.resource.Redactor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WaveOrderTest {
  private static final String ONE_BY_ONE = "{waves: [{batch: 1}]}";
  private static final Function<Step, Decision> ALL = step -> Decision.RUN;

  private final List<RunEvent> events = Collections.synchronizedList(new ArrayList<>());

  /** Ends each step at once, as it is told to, and writes down when. */
  private static final class Work implements StepWork {
    private final Map<String, StepOutcome> bad;
    private final List<String> done = Collections.synchronizedList(new ArrayList<>());

    Work(Map<String, StepOutcome> bad) {
      this.bad = bad;
    }

    @Override
    public StepOutcome run(StepPlan planned, Snapshot snapshot) {
      String id = planned.step().id();
      done.add(id);
      return bad.getOrDefault(id, new StepOutcome.Applied(1, Duration.ZERO));
    }

    @Override
    public int writes() {
      return done.size();
    }

    @Override
    public void interrupt() {}
  }

  @Test
  void givesEachWaveItsTurnWhenTheOneBeforeHasEnded() {
    Work work = new Work(Map.of());
    run(WorkPlans.garden(WorkPlans.topology("{waves: [{batch: 2}]}", 4), ALL), work);
    assertThat(work.done.get(0)).isEqualTo("dig");
    assertThat(work.done.subList(1, 5))
        .containsExactlyInAnyOrder("plant[m1]", "plant[m2]", "open[m1]", "open[m2]");
    assertThat(work.done.subList(5, 9))
        .containsExactlyInAnyOrder("plant[m3]", "plant[m4]", "open[m3]", "open[m4]");
    assertThat(events)
        .filteredOn(RunEvent.WaveStarted.class::isInstance)
        .containsExactly(
            new RunEvent.WaveStarted(1, 2, List.of("m1", "m2")),
            new RunEvent.WaveStarted(2, 2, List.of("m3", "m4")));
  }

  @Test
  void leavesTheRestAloneOnceTheBudgetIsUsedUp() {
    Work work = new Work(Map.of("plant[m2]", failed()));
    RunReport report = run(WorkPlans.garden(WorkPlans.topology(ONE_BY_ONE, 4), ALL), work);
    assertThat(work.done).containsExactly("dig", "plant[m1]", "open[m1]", "plant[m2]");
    assertThat(words(report))
        .containsExactly(
            "dig applied",
            "plant[m1] applied",
            "plant[m2] failed",
            "plant[m3] left alone",
            "plant[m4] left alone",
            "open[m1] applied",
            "open[m2] skipped",
            "open[m3] left alone",
            "open[m4] left alone");
    assertThat(report.stopped())
        .contains(new RunReport.Stop(1, List.of("m1"), List.of("m2"), List.of("m3", "m4")));
    assertThat(report.complete()).isFalse();
  }

  @Test
  void finishesTheMembersOfAWaveIndependentlyOfEachOther() {
    Work work = new Work(Map.of("plant[m1]", failed()));
    RunReport report =
        run(WorkPlans.garden(WorkPlans.topology("{waves: [{batch: 3}]}", 4), ALL), work);
    assertThat(work.done)
        .containsExactlyInAnyOrder(
            "dig", "plant[m1]", "plant[m2]", "plant[m3]", "open[m2]", "open[m3]");
    assertThat(report.stopped())
        .contains(new RunReport.Stop(1, List.of("m2", "m3"), List.of("m1"), List.of("m4")));
  }

  @Test
  void goesOnWhileTheBudgetLasts() {
    String two = "{waves: [{batch: 1}], stopAfter: 2}";
    Work work =
        new Work(
            Map.of(
                "open[m1]",
                new StepOutcome.TimedOut("open", "no key", "", "", Duration.ofSeconds(1)),
                "plant[m3]",
                new StepOutcome.Refused("no", "")));
    RunReport report = run(WorkPlans.garden(WorkPlans.topology(two, 4), ALL), work);
    assertThat(report.stopped())
        .contains(new RunReport.Stop(2, List.of("m2"), List.of("m1", "m3"), List.of("m4")));
  }

  @Test
  void countsOneMemberOnceHoweverManyOfItsStepsFail() {
    String two = "{waves: [{batch: 1}], stopAfter: 2}";
    ChangeSet changeSet =
        WorkPlans.garden(
            WorkPlans.topology(two, 3),
            step -> step.subject().name().equals("m1") ? Decision.FAILED : Decision.RUN);
    RunReport report = run(changeSet, new Work(Map.of()));
    assertThat(report.stopped()).isEmpty();
    assertThat(words(report)).contains("open[m3] applied");
  }

  @Test
  void countsNoMemberThatCouldNotBeReached() {
    ChangeSet changeSet =
        WorkPlans.garden(
            WorkPlans.topology(ONE_BY_ONE, 3),
            step -> step.subject().name().equals("m1") ? Decision.DEFERRED : Decision.RUN);
    RunReport report = run(changeSet, new Work(Map.of()));
    assertThat(report.stopped()).isEmpty();
    assertThat(words(report)).contains("plant[m1] deferred", "open[m3] applied");
  }

  @Test
  void countsNoMemberWhoseHostFailed() {
    RunReport report =
        run(
            WorkPlans.garden(WorkPlans.topology(ONE_BY_ONE, 2), ALL),
            new Work(Map.of("dig", failed())));
    assertThat(report.stopped()).isEmpty();
    assertThat(words(report))
        .containsExactly(
            "dig failed",
            "plant[m1] skipped",
            "plant[m2] skipped",
            "open[m1] skipped",
            "open[m2] skipped");
  }

  /** Otherwise each would wait for the other: wave 1 for the host's step, that for wave 2. */
  @Test
  void doesNotWaitForAStepThatComesAfterAllMembers() {
    Work work = new Work(Map.of());
    RunReport report = run(WorkPlans.orchard(WorkPlans.topology(ONE_BY_ONE, 3), ALL), work);
    assertThat(report.complete()).isTrue();
    assertThat(work.done.subList(0, 4))
        .containsExactly("plant[m1]", "plant[m2]", "plant[m3]", "count");
  }

  @Test
  void runsAllMembersAtOnceWithoutWaves() {
    Work work = new Work(Map.of("plant[m1]", failed()));
    RunReport report = run(WorkPlans.garden(WorkPlans.topology("", 3), ALL), work);
    assertThat(work.done).contains("open[m2]", "open[m3]");
    assertThat(report.stopped()).isEmpty();
    assertThat(events).noneMatch(RunEvent.WaveStarted.class::isInstance);
  }

  private RunReport run(ChangeSet changeSet, StepWork work) {
    return new Apply(work, events::add, 10).run("run-1", changeSet, new Snapshot(new Redactor()));
  }

  private static StepOutcome failed() {
    return new StepOutcome.Failed("it broke", "mend it");
  }

  private static List<String> words(RunReport report) {
    return report.outcomes().entrySet().stream()
        .map(e -> e.getKey() + " " + e.getValue().word())
        .toList();
  }
}
