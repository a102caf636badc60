package dev.muster.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.apply.RunReport;
import dev.muster.apply.StepOutcome;
import dev.muster.resource.Redactor;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunSummaryTest {
  private final Map<String, StepOutcome> outcomes = new LinkedHashMap<>();

  private String summary() {
    RunReport report =
        new RunReport(
            "r", outcomes, 7, false, Duration.ofMillis(4200), Optional.empty(), Optional.empty());
    return new RunSummary(new Clean(new Redactor()), Style.PLAIN, false).of(report);
  }

  private static StepOutcome applied(int millis) {
    return new StepOutcome.Applied(1, Duration.ofMillis(millis));
  }

  @Test
  void tellsOnceWhatIsTheSameOfManyMembers() {
    outcomes.put("host-role", new StepOutcome.Applied(2, Duration.ofMillis(4000)));
    for (int i = 1; i <= 6; i++) {
      outcomes.put("agent[m" + i + "]", applied(1000 * i));
      outcomes.put("register[m" + i + "]", applied(20));
    }
    outcomes.put("agent[m7]", new StepOutcome.Failed("the door is shut", ""));
    outcomes.put("register[m7]", new StepOutcome.Skipped("agent[m7] failed"));

    assertThat(summary())
        .isEqualToNormalizingNewlines(
            """

              host-role           applied     2 changes, 4s
              agent[<member>]     applied     1 change, 1s to 6s
                <member> stands for each of 6: m1, m2, m3, m4, m5, m6
              register[<member>]  applied     1 change
                <member> stands for each of the same 6, m1 to m6, as above
              agent[m7]           failed      the door is shut
              register[m7]        skipped     agent[m7] failed

            not all done: 7 changes, 13 steps done, 2 not, in 4.2s
            """);
  }

  @Test
  void tellsFewOneByOne() {
    for (int i = 1; i <= 4; i++) {
      outcomes.put("agent[m" + i + "]", applied(100 * i));
    }

    assertThat(summary()).contains("  agent[m4]  applied     1 change, 0.4s").contains("agent[m1]");
  }
}
