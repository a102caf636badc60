package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static dev.muster.testbed.RealFleet.AGENT;
import static dev.muster.testbed.RealFleet.CONFIGURATION;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Real clusters are recorded, a run is played on the recording without asking any of them, and the
 * real run then sends what was played.
 */
@Timeout(400)
final class RehearsalIT {
  private static final String CANARY = "CanaryOfARehearsal0123456789abcd";

  /** Joining (killed in the middle), another address (somebody is faster), removal. */
  @Test
  void theRealRunSendsWhatWasPlayed() {
    try (RealFleet fleet = fleet()) {
      declare(fleet, "http://203.0.113.1:8080", "");
      Played join = Played.of(fleet, 0);
      Requests earlier = fleet.requests();
      Muster.Running killed = fleet.muster().start("apply", "--yes", "--rehearsed", join.file());
      RealFleet.until("three writes", () -> killed.ended() || written(fleet, earlier) >= 3);
      killed.kill();
      assertThat(killed.await()).exitsWith(137);
      assertThat(join.apply(fleet))
          .exitsWith(0)
          .says(
              "its record is closed now",
              "nothing was written otherwise than rehearsed",
              "not written by this run:",
              "step host-role: ClusterConfiguration/");
      assertThat(join.differences(fleet, earlier, false)).isEmpty();
      assertConverged(fleet);
      assertThat(fleet.settings("m2")).contains(CANARY);

      declare(fleet, "http://203.0.113.2:8080", "");
      Played address = Played.of(fleet, 0);
      assertThat(address.finalOf("host", "ClusterConfiguration").at("/spec/multicluster"))
          .isNotEqualTo(fleet.object("host", CONFIGURATION).at("/spec/multicluster"));
      fleet.edit("m2", AGENT, template(fleet, "203.0.113.1", "203.0.113.77"));
      Requests before = fleet.requests();
      assertThat(address.apply(fleet))
          .exitsWith(6)
          .says(
              "step agent[m2]",
              "differs from the rehearsal: Deployment/kubesphere-system/cluster-agent"
                  + " spec.template.spec.containers[name=agent].command[3], rehearsed from"
                  + " \"--proxy-server=http://203.0.113.1:8080\", now from"
                  + " \"--proxy-server=http://203.0.113.77:8080\"");
      assertThat(fleet.requests().after(before).to("m2").stream().filter(Audit.Request::writes))
          .isEmpty();
      assertThat(address.differences(fleet, before, false)).isEmpty();
      assertThat(address.finalOf("host", "ClusterConfiguration").at("/spec/multicluster"))
          .isEqualTo(fleet.object("host", CONFIGURATION).at("/spec/multicluster"));
      asPlayed(fleet);

      declare(fleet, "http://203.0.113.2:8080", ", state: absent");
      asPlayed(fleet);
      assertThat(fleet.registration("m2").isMissingNode()).isTrue();
      assertTellsNoSecret(fleet);
    }
  }

  /** A member is away when the fleet is recorded, and when the run is real. */
  @Test
  void aMemberThatIsAwayIsLeftForLater() {
    try (RealFleet fleet = fleet()) {
      declare(fleet, "http://203.0.113.1:8080", "");
      fleet.cluster("m2").stop();
      Played without = Played.of(fleet, 8);
      assertThat(without.report().path("assumptions"))
          .anyMatch(assumed -> assumed.asText().contains("m2 cannot be reached"));
      Requests earlier = fleet.requests();
      assertThat(without.apply(fleet)).exitsWith(8).says("as rehearsed");
      assertThat(without.differences(fleet, earlier, true)).isEmpty();

      fleet.cluster("m2").start();
      Requests before = fleet.requests();
      assertThat(without.apply(fleet))
          .exitsWith(6)
          .says("step member-role[m2]", "differs from the rehearsal");
      assertThat(fleet.requests().after(before).lines(PlannedWrites.counted())).isEmpty();
      asPlayed(fleet);

      declare(fleet, "http://203.0.113.2:8080", "");
      Played with = Played.of(fleet, 0);
      fleet.cluster("m2").stop();
      earlier = fleet.requests();
      assertThat(with.apply(fleet))
          .exitsWith(8)
          .says("not written by this run", "step agent[m2]: Deployment/");
      fleet.cluster("m2").start();
      assertThat(with.apply(fleet)).exitsWith(0).says("otherwise than rehearsed");
      assertThat(with.differences(fleet, earlier, true)).isEmpty();
      assertConverged(fleet);
      assertTellsNoSecret(fleet);
    }
  }

  private static RealFleet fleet() {
    return RealFleet.of("3.3")
        .host(setup -> setup.withJwtSecret(CANARY))
        .member("m1")
        .member("m2", setup -> setup.withJwtSecret(CANARY + "OfM2"))
        .start();
  }

  private static void declare(RealFleet fleet, String address, String ofM2) {
    fleet.declare(
        "host: {proxy: {address: \"%s\"}}\nmembers: [{name: m1}, {name: m2%s}]\n"
            .formatted(address, ofM2));
  }

  private static void asPlayed(RealFleet fleet) {
    Played played = Played.of(fleet, 0);
    Requests earlier = fleet.requests();
    assertThat(played.apply(fleet)).exitsWith(0).says("as rehearsed: the same");
    assertThat(played.differences(fleet, earlier, true)).isEmpty();
    assertConverged(fleet);
  }

  private static void assertConverged(RealFleet fleet) {
    assertThat(fleet.muster().call("plan", "--detailed-exitcode")).exitsWith(0);
    assertThat(fleet.muster().call("drift")).exitsWith(0);
  }

  private static int written(RealFleet fleet, Requests earlier) {
    return fleet.requests().after(earlier).lines(PlannedWrites.counted()).size();
  }

  private static String template(RealFleet fleet, String from, String to) {
    String template = fleet.object("m2", AGENT).at("/spec/template").toString();
    return "{\"spec\":{\"template\":" + template.replace(from, to) + "}}";
  }

  private static void assertTellsNoSecret(RealFleet fleet) {
    List<String> secrets =
        Stream.concat(
                Stream.of(CANARY, fleet.host().auditedToken()),
                Stream.of("m1", "m2")
                    .map(m -> fleet.registration(m).at("/spec/connection/token").asText())
                    .filter(token -> !token.isEmpty()))
            .toList();
    for (String secret : secrets) {
      String base64 =
          Base64.getEncoder()
              .withoutPadding()
              .encodeToString(secret.getBytes(StandardCharsets.UTF_8));
      assertThat(fleet.muster().results())
          .noneMatch(r -> r.toString().contains(secret) || r.toString().contains(base64));
      for (String name : List.of("snapshot.json", "rehearsal.json")) {
        String text = read(fleet.muster().repository().resolve(name));
        assertThat(text).doesNotContain(secret, base64);
      }
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A fleet as it was recorded and what was played on it. */
  private record Played(String file, JsonNode report, PlannedWrites writes) {
    /** Records, and plays without asking any cluster. */
    static Played of(RealFleet fleet, int exit) {
      Muster muster = fleet.muster();
      String snapshot = muster.repository().resolve("snapshot.json").toString();
      String rehearsal = muster.repository().resolve("rehearsal.json").toString();
      assertThat(muster.call("plan", "--snapshot", snapshot)).exitsWith(exit);
      Requests before = fleet.requests();
      String[] play = {"apply", "--dry-run=client", "--offline", snapshot, "-o", "json", "--out"};
      Muster.Result played =
          muster.call(Stream.concat(Stream.of(play), Stream.of(rehearsal)).toArray(String[]::new));
      assertThat(played).exitsWith(exit);
      // A watch of an earlier command is written down when it ends, which may be now.
      assertThat(fleet.requests().after(before).lines(r -> !r.verb().equals("watch")))
          .as("asked of real clusters")
          .isEmpty();
      JsonNode report = RealFleet.json(played.out());
      assertThat(report.path("differences")).isEmpty();
      return new Played(
          rehearsal, report, PlannedWrites.played(played.out(), read(Path.of(rehearsal))));
    }

    Muster.Result apply(RealFleet fleet) {
      return fleet.muster().call("apply", "--yes", "--rehearsed", file);
    }

    List<String> differences(RealFleet fleet, Requests earlier, boolean whole) {
      return writes.differences(fleet.requests().after(earlier), whole);
    }

    JsonNode finalOf(String cluster, String kind) {
      for (JsonNode object : report.path("objects")) {
        if (object.path("cluster").asText().equals(cluster)
            && object.path("ref").asText().startsWith(kind + "/")) {
          return object.path("object");
        }
      }
      throw new AssertionError("no " + kind + " of " + cluster + " was written");
    }
  }
}
