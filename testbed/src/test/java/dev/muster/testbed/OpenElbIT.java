package dev.muster.testbed;

import static dev.muster.testbed.RealFleet.AGENT;
import static dev.muster.testbed.RealFleet.HOST;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.sandbox.controller.env.ClusterSetup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bare metal: a fleet with an address of its own moves to one that OpenELB gives. */
@Timeout(300)
final class OpenElbIT {
  private static final String TOWER = "/api/v1/namespaces/kubesphere-system/services/tower";
  private static final String BEFORE =
      """
      host: {proxy: {address: "http://203.0.113.1:8080"}}
      members: [{name: m1}, {name: m2}]
      """;
  private static final String TOPOLOGY =
      """
      host: {proxy: {openelb: {address: 192.168.0.100, interface: eth0}}}
      members: [{name: m1}, {name: m2}]
      """;

  @Test
  void movesAsPlanned() {
    try (Lifecycle life = Lifecycle.of(bareMetal()).prepared(BEFORE)) {
      life.change(TOPOLOGY)
          .planning(
              planned ->
                  assertThat(planned)
                      .contains(
                          "host Service metadata.annotations['eip.openelb.kubesphere.io/v1alpha2']",
                          "host +Eip/tower"))
          .asPlanned();

      JsonNode tower = life.fleet().object(HOST, TOWER);
      assertThat(tower.at("/status/loadBalancer/ingress/0/ip").asText()).isEqualTo("192.168.0.100");
      for (String member : new String[] {"m1", "m2"}) {
        JsonNode command =
            life.fleet().object(member, AGENT).at("/spec/template/spec/containers/0/command");
        assertThat(command)
            .map(JsonNode::asText)
            .contains("--proxy-server=http://192.168.0.100:8080");
      }
    }
  }

  @Test
  void movesAllTheSameWhenItIsKilledOnTheWay() {
    try (Lifecycle life = Lifecycle.of(bareMetal()).prepared(BEFORE)) {
      life.change(TOPOLOGY).killedInTheMiddle(3);
    }
  }

  @Test
  void movesTheOtherMemberWhileOneIsAway() {
    try (Lifecycle life = Lifecycle.of(bareMetal()).prepared(BEFORE)) {
      life.change(TOPOLOGY).withUnreachable("m2");
    }
  }

  private static RealFleet.Builder bareMetal() {
    return RealFleet.of("3.3").host(ClusterSetup::withOpenElb).member("m1").member("m2");
  }
}
