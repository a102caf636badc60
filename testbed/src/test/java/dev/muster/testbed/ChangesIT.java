package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static dev.muster.testbed.RealFleet.AGENT;
import static dev.muster.testbed.RealFleet.HOST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.controller.env.LoadBalancer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Changes of what was set once, on members that are joined. */
@Timeout(300)
final class ChangesIT {
  @Test
  void addressOfTheProxyAndLabels() {
    try (Lifecycle life = Lifecycle.of(RealFleet.of("3.3").member("m1").member("m2"))) {
      life.prepared(address("http://203.0.113.1:8080"));

      life.change(address("http://203.0.113.2:8080"))
          .planning(
              planned ->
                  assertThat(planned)
                      .containsExactly(
                          "host ClusterConfiguration spec.multicluster.proxyPublishAddress",
                          "host ConfigMap settings.multicluster.proxyPublishAddress",
                          "m1 Deployment spec.template.spec.containers[name=agent].command[3]",
                          "m2 Deployment spec.template.spec.containers[name=agent].command[3]"))
          .asPlanned();
      life.change(address("http://203.0.113.3:8080")).killedInTheMiddle(1);
      life.change(address("http://203.0.113.4:8080")).withUnreachable("m2");
      for (String member : new String[] {"m1", "m2"}) {
        assertThat(command(life.fleet(), member))
            .contains("--proxy-server=http://203.0.113.4:8080");
      }

      life.change(labels("gold", "public")).asPlanned();
      life.change(labels("silver", "private")).killedInTheMiddle(2);
      life.change(labels("bronze", "public")).withUnreachable("m2");
      assertThat(life.fleet().registration("m2").at("/metadata/labels/tier").asText())
          .isEqualTo("bronze");
    }
  }

  /** Nobody declares it: it is what Service tower shows, and agents that know another go on. */
  @Test
  void addressThatTheLoadBalancerMoved() {
    RealFleet.Builder builder =
        RealFleet.of("3.3").loadBalancer("203.0.113.1").member("m1").member("m2");
    try (Lifecycle life = Lifecycle.of(builder)) {
      life.prepared("host: {}\nmembers: [{name: m1}, {name: m2}]\n");

      life.change(() -> move(life.fleet(), "203.0.113.2"))
          .planning(
              planned ->
                  assertThat(planned)
                      .containsExactly(
                          "m1 Deployment spec.template.spec.containers[name=agent].command[3]",
                          "m2 Deployment spec.template.spec.containers[name=agent].command[3]"))
          .asPlanned();
      life.change(() -> move(life.fleet(), "203.0.113.3")).killedInTheMiddle(1);
      life.change(() -> move(life.fleet(), "203.0.113.4")).withUnreachable("m2");
      assertThat(command(life.fleet(), "m2")).contains("--proxy-server=http://203.0.113.4:8080");
    }
  }

  /** From 3.2 on, and once: when the host is prepared. */
  @Test
  void nameOfTheHost() {
    try (Lifecycle life = Lifecycle.of(RealFleet.of("3.3").member("m1").member("m2"))) {
      RealFleet fleet = life.fleet();
      life.change(host("clusterName: centre, "))
          .planning(
              planned ->
                  assertThat(planned)
                      .contains("host ClusterConfiguration spec.multicluster.hostClusterName"))
          .killedInTheMiddle(2);
      assertThat(fleet.registration("centre").at("/metadata/labels").toString())
          .contains("cluster-role.kubesphere.io/host");
      assertThat(fleet.registration(HOST).isMissingNode()).isTrue();

      fleet.declare(host("clusterName: elsewhere, "));
      Requests earlier = fleet.requests();
      assertThat(fleet.muster().call("apply", "--yes"))
          .exitsWith(5)
          .says("the host is called centre in KubeSphere");
      assertThat(fleet.requests().after(earlier).writes()).isEmpty();
      // The name is for life: taken out of the topology it stays, or the system would call it host.
      fleet.declare(host(""));
      assertThat(fleet.muster().call("plan", "--detailed-exitcode")).exitsWith(0);
    }
  }

  @Test
  void nameOfAHostWhoseFirstMembersComeAsPlannedOrAreAway() {
    try (Lifecycle life = Lifecycle.of(RealFleet.of("3.4").member("m1").member("m2"))) {
      life.change(host("clusterName: centre, ")).withUnreachable("m2");
      assertThat(life.fleet().registration("centre").isMissingNode()).isFalse();
    }
    try (Lifecycle life = Lifecycle.of(RealFleet.of("3.2").member("m1").member("m2"))) {
      life.change(host("clusterName: centre, ")).asPlanned();
      assertThat(life.fleet().registration("centre").isMissingNode()).isFalse();
      life.change(host("")).asPlanned();
      assertThat(life.fleet().registration(HOST).isMissingNode()).isTrue();
    }
  }

  private static String host(String more) {
    return "host: {%sproxy: {address: \"http://203.0.113.1:8080\"}}\n".formatted(more)
        + "members: [{name: m1}, {name: m2}]\n";
  }

  private static void move(RealFleet fleet, String address) {
    fleet.simulated().changeLoadBalancer(LoadBalancer.ip(address));
    RealFleet.until(
        "Service tower has " + address,
        () ->
            fleet
                .object(HOST, "/api/v1/namespaces/kubesphere-system/services/tower")
                .at("/status/loadBalancer/ingress/0/ip")
                .asText()
                .equals(address));
  }

  private static List<String> command(RealFleet fleet, String member) {
    List<String> command = new ArrayList<>();
    fleet
        .object(member, AGENT)
        .at("/spec/template/spec/containers/0/command")
        .forEach(word -> command.add(word.asText()));
    return command;
  }

  private static String address(String address) {
    return """
        host: {proxy: {address: "%s"}}
        members: [{name: m1}, {name: m2}]
        """
        .formatted(address);
  }

  private static String labels(String tier, String visibility) {
    return """
        host: {proxy: {address: "http://203.0.113.4:8080"}}
        members:
        - {name: m1, labels: {tier: %1$s}, visibility: %2$s}
        - {name: m2, labels: {tier: %1$s}, visibility: %2$s}
        """
        .formatted(tier, visibility);
  }
}
