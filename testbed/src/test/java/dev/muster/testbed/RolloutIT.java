package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static dev.muster.testbed.RealFleet.AGENT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.sandbox.controller.env.ProxyNetwork;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A new proxy address, brought to the members in waves. */
@Timeout(300)
final class RolloutIT {
  private static final String BROKEN = "http://203.0.113.5:8080";

  @Test
  void bringsTheAddressOfTheProxyToTheMembersInWaves() {
    AtomicBoolean broken = new AtomicBoolean(true);
    ProxyNetwork network =
        (member, address) ->
            broken.get() && member.equals("m2") && address.equals(BROKEN)
                ? ProxyNetwork.Reach.REFUSED
                : ProxyNetwork.Reach.OK;
    RealFleet.Builder fleet =
        RealFleet.of("3.3").network(network).member("m1").member("m2").member("m3");
    try (Lifecycle life = Lifecycle.of(fleet)) {
      life.prepared(address("http://203.0.113.1:8080"));

      life.change(address("http://203.0.113.2:8080")).asPlanned();
      life.change(address("http://203.0.113.3:8080")).killedInTheMiddle(3);
      life.change(address("http://203.0.113.4:8080")).withUnreachable("m1");

      life.fleet().declare("installer: 60s, agent: 15s", address(BROKEN));
      Requests earlier = life.fleet().requests();
      assertThat(life.fleet().muster().run("apply", "--yes"))
          .exitsWith(3)
          .says("wave 1 of 2: m2", "failed:     m2", "left alone: m1, m3");
      for (String member : List.of("m1", "m3")) {
        assertThat(life.fleet().requests().after(earlier).writes())
            .as("writes")
            .noneMatch(write -> write.startsWith(member + ":"));
        assertThat(command(life, member)).contains("--proxy-server=http://203.0.113.4:8080");
        assertThat(connected(life, member)).as(member + " is connected").isEqualTo("True");
      }

      broken.set(false);
      life.change(address(BROKEN)).asPlanned();
      for (String member : List.of("m1", "m2", "m3")) {
        assertThat(command(life, member)).contains("--proxy-server=" + BROKEN);
      }
    }
  }

  private static String command(Lifecycle life, String member) {
    return life.fleet()
        .object(member, AGENT)
        .at("/spec/template/spec/containers/0/command")
        .toString();
  }

  private static String connected(Lifecycle life, String member) {
    for (JsonNode condition : life.fleet().registration(member).at("/status/conditions")) {
      if (condition.path("type").asText().equals("AgentAvailable")) {
        return condition.path("status").asText();
      }
    }
    return "";
  }

  private static String address(String address) {
    return """
        rollout:
          waves: [{where: {group: canary}}, {batch: 100%%}]
        host: {proxy: {address: "%s"}}
        members:
        - {name: m1}
        - {name: m2, group: canary}
        - {name: m3}
        """
        .formatted(address);
  }
}
