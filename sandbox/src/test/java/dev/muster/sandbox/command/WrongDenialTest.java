package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cli.Main;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.client.Trust;
import dev.muster.sandbox.controller.env.Timing;
import dev.muster.sandbox.fault.FaultRules;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An API server that says 404 of what is there, while a member is taken out. */
@Timeout(120)
final class WrongDenialTest {
  private static final String MEMBER = "m1";

  @TempDir private Path folder;

  /** The second read is the one right before the agent would be deleted. */
  @Test
  void whatWasToBeDeletedIsDeletedAllTheSame() throws Exception {
    Ending ending = takeOut("404 get /deployments/cluster-agent @m1 2");

    assertThat(ending.code()).as(ending.said()).isZero();
    assertThat(ending.said())
        .contains("deleted Deployment/kubesphere-system/cluster-agent on " + MEMBER);
    assertThat(ending.agentIsThere()).isFalse();
  }

  @Test
  void theGateSeesThatTheDeletionWasDenied() throws Exception {
    Ending ending = takeOut("404 delete /deployments/cluster-agent @m1 1");

    assertThat(ending.code()).as(ending.said()).isNotZero();
    assertThat(ending.said()).contains("Deployment cluster-agent is still being deleted");
    assertThat(ending.agentIsThere()).isTrue();
  }

  /** A deletion is of one object by its UID; 409 says that another one has the name. */
  @Test
  void whatIsAnotherObjectByNowIsToldAsGone() throws Exception {
    Ending ending =
        takeOut(
            "404 get /deployments/cluster-agent @m1 2",
            "409 delete /deployments/cluster-agent @m1 1");

    assertThat(ending.said())
        .contains("Deployment/kubesphere-system/cluster-agent on m1 is not there any more");
    assertThat(ending.agentIsThere()).isTrue();
  }

  /** Else its workspaces' marks would stay, by which a later uninstall deletes the data. */
  @Test
  void aListOfNamespacesIsNeverEmpty() throws Exception {
    Ending ending = takeOut("404 list /api/v1/namespaces @m1");

    assertThat(ending.code()).as(ending.said()).isNotZero();
    assertThat(ending.said()).contains("cannot read", "on m1");
  }

  /** The read in between says that it is there: so it is tried again, and at last told with why. */
  @Test
  void anInventoryThatIsThereAndCannotBeReplacedIsToldWithTheAnswer() throws Exception {
    Ending ending;
    try (Sandbox sandbox = Sandbox.start(Sandbox.Settings.of(1, "3.3", Timing.fast()));
        FaultyWay way = way(sandbox, List.of("404 update /configmaps/muster-sandbox-m1 @host"))) {
      ending = apply(sandbox, way, "");
    }

    assertThat(ending.code()).as(ending.said()).isNotZero();
    assertThat(ending.said())
        .contains(
            "somebody else writes the inventory of m1 all the time; tried 5 times, at last: ",
            "configmaps \"muster-sandbox-m1\" not found");
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
  void aRotationThatCouldNotBeDecidedIsNoPlainApply(String rule, String told) throws Exception {
    try (Sandbox sandbox = Sandbox.start(Sandbox.Settings.of(1, "3.3", Timing.fast()))) {
      join(sandbox);
      for (String last : List.of("--yes", "--plan")) {
        try (FaultyWay way = way(sandbox, List.of(rule))) {
          Ending ending = run(sandbox, way, "    labels: {tier: new}\n", "rotate", "jwt", last);

          assertThat(ending.code()).as(ending.said()).isEqualTo(1);
          assertThat(ending.said())
              .contains(
                  "error: the rotation could not be decided, and nothing was written: " + told,
                  "run the same command again")
              .doesNotContain("tier");
        }
      }
    }
  }

  private record Ending(int code, String said, boolean agentIsThere) {}

  private Ending takeOut(String... rules) throws Exception {
    try (Sandbox sandbox = Sandbox.start(Sandbox.Settings.of(1, "3.3", Timing.fast()))) {
      join(sandbox);
      try (FaultyWay way = way(sandbox, List.of(rules))) {
        return apply(sandbox, way, "    state: absent\n");
      }
    }
  }

  private void join(Sandbox sandbox) throws Exception {
    try (FaultyWay way = way(sandbox, List.of())) {
      Ending joined = apply(sandbox, way, "");
      assertThat(joined.code()).as(joined.said()).isZero();
      assertThat(joined.agentIsThere()).isTrue();
    }
  }

  private static FaultyWay way(Sandbox sandbox, List<String> rules) {
    return FaultyWay.to(sandbox, FaultRules.parse(rules, Set.of("host", MEMBER)), told -> {});
  }

  private Ending apply(Sandbox sandbox, FaultyWay way, String more) throws Exception {
    return run(sandbox, way, more, "apply", "--yes");
  }

  private Ending run(Sandbox sandbox, FaultyWay way, String more, String... args) throws Exception {
    Path kubeconfig = Files.writeString(folder.resolve("kubeconfig.yaml"), way.kubeconfig());
    Path topology = folder.resolve("topology.yaml");
    String text = sandbox.topology(kubeconfig.toString(), true);
    Files.writeString(
        topology,
        text.replace("- name: m1\n", "- name: m1\n" + more)
            .replace("  defaults:\n", "  defaults:\n    timeouts: {removal: 5s}\n"));
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said, true);
    String[] command =
        Stream.concat(Stream.of(args), Stream.of("-f", topology.toString())).toArray(String[]::new);
    int code = Main.run(out, out, false, command);
    ApiClient member =
        ApiClient.of(
            sandbox.server().baseUrl(MEMBER), sandbox.server().controllerToken(), Trust.jdk());
    boolean there = member.find(Kind.DEPLOYMENT, "kubesphere-system", "cluster-agent").isPresent();
    return new Ending(code, said.toString(), there);
  }
}
