package dev.muster.testbed;

import static dev.muster.testbed.CourierLife.ACCESS;
import static dev.muster.testbed.CourierLife.KEY;
import static dev.muster.testbed.MusterAssert.assertThat;
import static dev.muster.testbed.RealFleet.AGENT;
import static dev.muster.testbed.RealFleet.CONFIGURATION;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A member that is never asked anything from home, from its joining to its removal. */
@Timeout(600)
final class CourierIT {
  private static final String HOST = "host: {proxy: {address: \"http://203.0.113.%d:8080\"}}\n";
  private static final String POD =
      ", agentPod: {image: \"registry.example.com/tower:v0.2.1\", pullSecrets: [pull]}";

  @Test
  void livesByWhatIsCarried() {
    try (CourierLife life = new CourierLife(RealFleet.of("3.3").member("m1").member("m2"))) {
      RealFleet fleet = life.fleet;
      life.home(members(1, "m2", "")).packFirst("m2");
      Requests earlier = fleet.requests();
      life.killedAfter(1);
      assertThat(life.muster.call(life.there())).exitsWith(0);
      assertThat(fleet.requests().after(earlier).writes().stream().map(CourierIT::withoutStatus))
          .containsExactly(
              "m2: patch " + CONFIGURATION, "m2: create " + AGENT.replaceFirst("/[^/]*$", ""));
      assertThat(fleet.requests().after(earlier).to(RealFleet.HOST)).isEmpty();
      life.settles();

      life.home(members(2, "m2", "")).asPlanned(life.pack("m2")).settles();
      life.home(members(2, "m2", POD)).killed(life.pack("m2"), 1).settles();
      assertThat(pod(fleet).path("imagePullSecrets")).hasSize(1);
      life.home(members(2, "m2", "")).asPlanned(life.pack("m2")).settles();
      assertThat(pod(fleet).path("imagePullSecrets")).isEmpty();
      // Without a change twice: nothing is sent.
      earlier = fleet.requests();
      assertThat(life.muster.call(life.there())).exitsWith(0).says("no changes");
      assertThat(fleet.requests().after(earlier).writes()).isEmpty();

      String old = fleet.jwtSecret();
      life.home(List.of("rotate", "jwt", "--plan"), List.of("rotate", "jwt", "--yes"));
      assertThat(fleet.jwtSecret()).isNotEqualTo(old);
      assertThat(fleet.settings("m2")).contains(old);
      assertThat(life.muster.call("status")).exitsWith(8).says("rotation jwt of", "is open");
      life.killed(life.pack("m2"), 1).settles();
      assertThat(fleet.settings("m2")).contains(fleet.jwtSecret());
      assertThat(life.muster.results()).noneMatch(r -> r.toString().contains(old));
      assertThat(life.muster.results()).noneMatch(r -> r.toString().contains(fleet.jwtSecret()));
      assertThat(life.muster.results()).noneMatch(r -> r.toString().contains(KEY));
    }
  }

  @Test
  void isRenamedAndTakenOutWhileAnotherMemberIsAway() {
    try (CourierLife life = new CourierLife(RealFleet.of("3.3").member("m1").member("m2"))) {
      RealFleet fleet = life.fleet;
      life.home(members(1, "m2", "")).packFirst("m2");
      assertThat(life.muster.call(life.there())).exitsWith(0);
      life.settles();

      life.home(members(1, "idc", ", renamedFrom: m2")).killed(life.pack("idc"), 1).settles();
      assertThat(fleet.registration("m2").isMissingNode()).isTrue();
      assertThat(fleet.registration("idc").isMissingNode()).isFalse();

      fleet.cluster("m1").stop();
      life.home(members(1, "idc", ", state: absent"));
      assertThat(fleet.registration("idc").isMissingNode()).isTrue();
      life.killed(life.pack("idc"), 2);
      assertThat(fleet.object("m2", AGENT).isMissingNode()).isTrue();
      assertThat(fleet.object("m2", CONFIGURATION).at("/spec/multicluster/clusterRole").asText())
          .isEqualTo("none");
      assertThat(life.run(List.of("apply", "--yes", "--receipt", life.receipt().toString())))
          .exitsWith(8)
          .says("m1");
      fleet.cluster("m1").start();
      life.settles();
      assertThat(fleet.object(RealFleet.HOST, Requests.INVENTORY).toString())
          .doesNotContain("muster-acme-idc");
    }
  }

  @Test
  void isPrunedBehindTheWebhookOfTheHost() {
    try (CourierLife life = new CourierLife(RealFleet.of("3.4").member("m1").member("m2"))) {
      life.home(members(1, "m2", "")).packFirst("m2");
      assertThat(life.muster.call(life.there())).exitsWith(0);
      life.settles();
      life.home(HOST.formatted(1) + "members: [{name: m1}]\n", "--prune");
      assertThat(life.fleet.registration("m2").isMissingNode()).isTrue();
      life.asPlanned(life.pack("m2"));
      life.settles();
      assertThat(life.fleet.object("m2", AGENT).isMissingNode()).isTrue();
      assertThat(life.muster.call("plan", "--detailed-exitcode")).exitsWith(0);
    }
  }

  @Test
  void writesNothingWithABundleThatIsNotForIt() throws IOException {
    try (CourierLife life = new CourierLife(RealFleet.of("3.3").member("m1").member("m2"))) {
      life.home(members(1, "m2", "")).packFirst("m2");
      assertThat(life.muster.call(life.there())).exitsWith(0);
      life.settles();
      Path first = Files.copy(life.receipt(), life.muster.repository().resolve("first.receipt"));
      life.home(members(2, "m2", ""));

      String[] pack = {"plan", "--for", "m2", "--bundle", life.bundle.toString()};
      assertThat(life.muster.call(pack[0], pack[1], pack[2], pack[3], pack[4], "--expires", "1ms"))
          .exitsWith(0);
      Requests earlier = life.fleet.requests();
      assertThat(life.muster.call(life.there())).exitsWith(5).says("this bundle was good until");

      assertThat(life.muster.call(pack)).exitsWith(0);
      String sealed = Files.readString(life.bundle);
      String elsewhere = life.muster.repository().resolve("kubeconfig-elsewhere.yaml").toString();
      String[] other = life.there();
      other[6] = elsewhere;
      other[8] = "m1";
      assertThat(life.muster.call(other)).exitsWith(5).says("behind context m1 is another cluster");
      other[8] = "m2";
      assertThat(life.muster.call(other)).exitsWith(1).says("--context NAME");

      Files.writeString(life.bundle, sealed.substring(0, sealed.length() / 2));
      assertThat(life.muster.call(life.there())).exitsWith(1);
      int place = sealed.length() - 40;
      char changed = sealed.charAt(place) == 'A' ? 'B' : 'A';
      Files.writeString(
          life.bundle, sealed.substring(0, place) + changed + sealed.substring(place + 1));
      assertThat(life.muster.call(life.there())).exitsWith(1).says("was changed on its way");
      Files.writeString(life.bundle, sealed);
      life.muster.write("m2.key", "another-key-0123456789\n");
      assertThat(life.muster.call(life.there())).exitsWith(1).says("sealed with another key");
      life.muster.write("m2.key", KEY + "\n");
      assertThat(life.fleet.requests().after(earlier).writes()).isEmpty();

      assertThat(life.muster.call(life.there())).exitsWith(0);
      life.settles();
      earlier = life.fleet.requests();
      assertThat(life.muster.call("apply", "--yes", "--receipt", first.toString()))
          .exitsWith(5)
          .says("is older than the one of");
      String topology = Files.readString(life.muster.repository().resolve("topology.yaml"));
      life.muster.write("other.yaml", topology.replace("name: acme", "name: globex"));
      String other2 = life.muster.repository().resolve("other.yaml").toString();
      assertThat(
              life.muster.call(
                  "apply", "--yes", "-f", other2, "--receipt", life.receipt().toString()))
          .exitsWith(5)
          .says("for topology acme, not globex");
      assertThat(life.fleet.requests().after(earlier).writes()).isEmpty();
    }
  }

  private static String members(int address, String name, String more) {
    return HOST.formatted(address)
        + "members: [{name: m1}, {name: %s, %s%s}]\n".formatted(name, ACCESS, more);
  }

  private static JsonNode pod(RealFleet fleet) {
    return fleet.object("m2", AGENT).at("/spec/template/spec");
  }

  private static String withoutStatus(String request) {
    return request.replaceFirst("[?].*| -> .*", "");
  }
}
