package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a run asks while a gate keeps it waiting: it is told what happens, and does not ask. */
@Timeout(180)
final class GateRequestsIT {
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";

  /** A gate that waits for longer looks once more itself, should an event have got lost. */
  private static final Duration BELIEVED = Duration.ofSeconds(10);

  private static final String PLAN =
      """
      apiVersion: muster.dev/v1alpha1
      kind: Plan
      metadata: {name: quiz, version: "1"}
      spec:
        objects:
          question: {on: member, ref: v1/ConfigMap/default/question}
          answer: {on: member, ref: v1/ConfigMap/default/answer}
        gates:
          answered:
            timeout: {key: answer, default: 2m}
            ready:
            - {that: "${has(member.answer.data)}", waiting: nobody has answered}
            - {that: "${member.answer.data.text == 'yes'}", waiting: the answer is no}
        steps:
        - id: ask
          forEach: member
          on: member
          title: ask
          create: {question: {data: {text: really}}}
          gate: answered
      """;

  private static final String TOPOLOGY =
      """
      apiVersion: muster.dev/v1alpha1
      kind: Topology
      metadata: {name: quiz}
      spec:
        plan: plan.yaml
        defaults: {access: {kubeconfig: {file: kubeconfig.yaml}}}
        host: {name: host}
        members: [{name: m1}]
      """;

  @Test
  void aGateListsAnObjectOnceAndWatchesItFromThenOn() {
    try (TestFleet fleet = TestFleet.start("host", "m1");
        Muster muster = Muster.in(fleet.folder().resolve("repository"))) {
      TestCluster member = fleet.cluster("m1");
      muster.write("kubeconfig.yaml", fleet.auditedKubeconfig());
      muster.write(".gitignore", "kubeconfig*.yaml\n");
      muster.write("plan.yaml", PLAN);
      muster.topology(TOPOLOGY);
      Instant began = Instant.now();
      Muster.Running run = muster.start("apply", "--yes");
      Wait.until("the gate has looked at the answer", () -> run.ended() || asks(member, "list"));
      assertThat(run.ended()).as(run::out).isFalse();
      member.api().create(MAPS, "{\"metadata\":{\"name\":\"answer\"}}").ok();
      for (String text : List.of("no", "not yet", "yes")) {
        member.api().mergePatch(MAPS + "/answer", "{\"data\":{\"text\":\"" + text + "\"}}").ok();
      }
      assertThat(run.await()).exitsWith(0);

      long looks = Duration.between(began, Instant.now()).dividedBy(BELIEVED);
      List<String> asked = asked(fleet);
      String look = "get " + MAPS + "/answer";
      assertThat(asked.stream().filter(look::equals).count()).isBetween(2L, 2L + looks);
      assertThat(asked.stream().filter(line -> !line.equals(look)))
          .containsExactly(
              "get /api/v1/namespaces/kube-system",
              "get " + MAPS + "/question",
              // Once more under the lock, as somebody else may have been quicker.
              "get " + MAPS + "/question",
              "create " + MAPS,
              "list " + MAPS,
              "watch " + MAPS);
    }
  }

  private static List<String> asked(TestFleet fleet) {
    return Requests.of(fleet.clusters()).to("m1").stream()
        .map(each -> each.verb() + " " + each.path())
        .toList();
  }

  private static boolean asks(TestCluster cluster, String verb) {
    return cluster.audit().requests().stream().anyMatch(each -> each.verb().equals(verb));
  }
}
