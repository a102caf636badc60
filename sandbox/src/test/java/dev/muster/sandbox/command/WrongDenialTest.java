package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An API server that says 404 of what is there, while a member is taken out. */
@Timeout(120)
final class WrongDenialTest {
  @TempDir private Path folder;

  /** The second read is the one right before the agent would be deleted. */
  @Test
  void whatWasToBeDeletedIsDeletedAllTheSame() {
    try (FaultyRuns runs = new FaultyRuns(folder)) {
      FaultyRuns.Ending ending = takeOut(runs, "404 get /deployments/cluster-agent @m1 2");

      assertThat(ending.code()).as(ending.said()).isZero();
      assertThat(ending.said())
          .contains("deleted Deployment/kubesphere-system/cluster-agent on m1");
      assertThat(runs.agentIsThere()).isFalse();
    }
  }

  @Test
  void theGateSeesThatTheDeletionWasDenied() {
    try (FaultyRuns runs = new FaultyRuns(folder)) {
      FaultyRuns.Ending ending = takeOut(runs, "404 delete /deployments/cluster-agent @m1 1");

      assertThat(ending.code()).as(ending.said()).isNotZero();
      assertThat(ending.said()).contains("Deployment cluster-agent is still being deleted");
      assertThat(runs.agentIsThere()).isTrue();
    }
  }

  /** A deletion is of one object by its UID; 409 says that another one has the name. */
  @Test
  void whatIsAnotherObjectByNowIsToldAsGone() {
    try (FaultyRuns runs = new FaultyRuns(folder)) {
      FaultyRuns.Ending ending =
          takeOut(
              runs,
              "404 get /deployments/cluster-agent @m1 2",
              "409 delete /deployments/cluster-agent @m1 1");

      assertThat(ending.said())
          .contains("Deployment/kubesphere-system/cluster-agent on m1 is not there any more");
      assertThat(runs.agentIsThere()).isTrue();
    }
  }

  /** Else its workspaces' marks would stay, by which a later uninstall deletes the data. */
  @Test
  void aListOfNamespacesIsNeverEmpty() {
    try (FaultyRuns runs = new FaultyRuns(folder)) {
      FaultyRuns.Ending ending = takeOut(runs, "404 list /api/v1/namespaces @m1");

      assertThat(ending.code()).as(ending.said()).isNotZero();
      assertThat(ending.said()).contains("cannot read", "on m1");
    }
  }

  /** The read in between says that it is there: so it is tried again, and at last told with why. */
  @Test
  void anInventoryThatIsThereAndCannotBeReplacedIsToldWithTheAnswer() {
    try (FaultyRuns runs = new FaultyRuns(folder)) {
      FaultyRuns.Ending ending =
          runs.apply("", List.of("404 update /configmaps/muster-sandbox-m1 @host"));

      assertThat(ending.code()).as(ending.said()).isNotZero();
      assertThat(ending.said())
          .contains(
              "somebody else writes the inventory of m1 all the time; tried 5 times, at last: ",
              "configmaps \"muster-sandbox-m1\" not found");
    }
  }

  /**
   * The first look at the host fails, and the one for the plan does not. Found by the fault sweep:
   * it ended with "no changes" and 0, and would have applied whatever else was to be done.
   */
  @ParameterizedTest
  @CsvSource({
    "409 get /api/v1/namespaces/kube-system @host 1, Namespace kube-system of the host",
    "422 list /api/v1/namespaces/kube-system/configmaps @host 1, the inventory (ConfigMaps in kube-system of the host",
  })
  void aRotationThatCouldNotBeDecidedIsNoPlainApply(String rule, String told) {
    try (FaultyRuns runs = new FaultyRuns(folder)) {
      runs.join();
      for (String last : List.of("--yes", "--plan")) {
        FaultyRuns.Ending ending =
            runs.run("    labels: {tier: new}\n", List.of(rule), way -> {}, "rotate", "jwt", last);

        assertThat(ending.code()).as(ending.said()).isEqualTo(1);
        assertThat(ending.said())
            .contains(
                "error: the rotation could not be decided, and nothing was written: " + told,
                "run the same command again")
            .doesNotContain("tier");
      }
    }
  }

  private FaultyRuns.Ending takeOut(FaultyRuns runs, String... rules) {
    runs.join();
    assertThat(runs.agentIsThere()).isTrue();
    return runs.apply("    state: absent\n", List.of(rules));
  }
}
