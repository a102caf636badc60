package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.sandbox.client.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A new jwtSecret for the host and its members. */
@Execution(ExecutionMode.CONCURRENT)
class RotationTest {
  private static final String GIVEN = "CanaryGivenByHand0123456789";
  private static final String AGAIN =
      "{spec: {template: {metadata: {annotations: {again: 'yes'}}}}}";

  @ParameterizedTest
  @ValueSource(strings = {"3.0", "3.2", "3.3", "3.4"})
  void givesTheHostANewValueAndThenItsMembersInWaves(String version) {
    try (Fleet fleet = Fleet.joined(3, version)) {
      String old = fleet.jwtSecret("host");
      fleet.requests();

      Fleet.Result first = fleet.muster("rotate", "jwt", "--yes").exits(0);

      first.says(
          "rotation jwt: the jwtSecret, with which the tokens of KubeSphere's users are signed",
          "new value: generated, 32 characters; it is never shown",
          "logged out: everybody, once: on the host when its ks-installer",
          "host host: within 30s of the start",
          "wave 1 (batch 1): m1: over within",
          "wave 2 (batch 25%): m2: over within",
          "every run of ks-installer deletes Secret kubesphere-secret",
          "wave 3 of 3: m3",
          "rotated[m3]");
      assertThat(configured(fleet.writes())).containsExactly("host", "m1", "m2", "m3");
      String value = fleet.jwtSecret("host");
      assertThat(value).matches("[A-Za-z0-9]{32}").isNotEqualTo(old);
      assertThat(fleet.configuration("host").at("/spec/authentication/jwtSecret").asText())
          .isEqualTo(value);
      for (String member : List.of("m1", "m2", "m3")) {
        assertThat(fleet.jwtSecret(member)).as(member).isEqualTo(value);
      }
      assertThat(first.all()).doesNotContain(value, old);
      fleet.muster("plan", "--detailed-exitcode").exits(0);
      fleet.muster("drift").exits(0);
      assertThat(fingerprints(fleet)).hasSize(1);

      fleet.muster("rotate", "jwt", "--yes").exits(0);
      assertThat(fleet.jwtSecret("host")).isNotEqualTo(value);
      assertThat(fleet.jwtSecret("m3")).isEqualTo(fleet.jwtSecret("host"));
    }
  }

  @Test
  void goesOnWithTheSameValueAfterTheHostFailed() {
    try (Fleet fleet = Fleet.joined(2, "3.3")) {
      String old = fleet.jwtSecret("host");
      fleet.simulated().failInstaller("host", "ks-core", "no space left on device");
      fleet.muster("rotate", "jwt", "--yes").exits(4).says("rotation jwt of ", " is open");
      String value = fleet.configuration("host").at("/spec/authentication/jwtSecret").asText();
      assertThat(value).isNotEmpty().isNotEqualTo(old);
      assertThat(fleet.jwtSecret("m1")).isEqualTo(old);
      fleet.muster("plan").says("rotation jwt of ", "`muster rotate jwt` goes on with it");
      fleet
          .muster("rotate", "jwt", "--yes", "--from-file", given(fleet))
          .exits(5)
          .says("is open, and brings another value than the given one");

      repaired(fleet, "host");
      fleet
          .muster("rotate", "jwt", "--yes")
          .exits(0)
          .says("new value: the one that the host has got already; this goes on with the rotation");

      for (String cluster : List.of("host", "m1", "m2")) {
        assertThat(fleet.jwtSecret(cluster)).as(cluster).isEqualTo(value);
      }
      assertThat(fleet.muster("plan").all()).doesNotContain("rotation");
    }
  }

  /** The value is kept nowhere: what was lost before its first write is made anew. */
  @Test
  void takesANewValueWhenTheFirstNeverReachedTheHost() {
    try (Fleet fleet = Fleet.joined(1, "3.3")) {
      String first = lostRotation(fleet);
      Fleet.Result again = fleet.muster("rotate", "jwt", "--yes").exits(0);
      again.says("new value: generated", " is over");
      assertThat(fleet.jwtSecret("m1")).isEqualTo(fleet.jwtSecret("host")).isNotEqualTo(first);
    }
  }

  @Test
  void isGivenUpByAPlainApplyWhenNothingWasWritten() {
    try (Fleet fleet = Fleet.joined(1, "3.3")) {
      String old = fleet.jwtSecret("host");
      lostRotation(fleet);
      fleet.apply().exits(0).says("ended before its first write and is given up");
      assertThat(fleet.jwtSecret("m1")).isEqualTo(old);
      assertThat(fleet.muster("plan").all()).doesNotContain("rotation");
    }
  }

  /** Leaves a host as a run does that is killed right before its first write. */
  private static String lostRotation(Fleet fleet) {
    fleet.simulated().failInstaller("host", "preinstall", "no space left on device");
    fleet.muster("rotate", "jwt", "--yes").exits(4);
    String lost = fleet.configuration("host").at("/spec/authentication/jwtSecret").asText();
    fleet.simulated().repairInstaller("host", "preinstall");
    int runs = fleet.simulated().finishedRuns("host");
    fleet.configure("host", "{authentication: {jwtSecret: ''}}");
    Fleet.until("the installer has run", () -> fleet.simulated().finishedRuns("host") > runs);
    assertThat(fleet.jwtSecret("host")).isNotEqualTo(lost);
    return lost;
  }

  @Test
  void isFinishedByAPlainApply() {
    try (Fleet fleet = Fleet.joined(2, "3.3")) {
      fleet.simulated().failInstaller("m1", "ks-core", "no space left on device");
      fleet.muster("rotate", "jwt", "--yes").exits(3).says("failed: m1", "left alone: m2");
      String value = fleet.jwtSecret("host");
      assertThat(fleet.jwtSecret("m2")).isNotEqualTo(value);
      assertThat(fingerprints(fleet)).hasSize(2);

      repaired(fleet, "m1");
      fleet.apply().exits(0).says("rotation jwt of ", " is over");

      assertThat(fleet.jwtSecret("m1")).isEqualTo(value);
      assertThat(fleet.jwtSecret("m2")).isEqualTo(value);
      fleet.muster("rotate", "jwt", "--yes").exits(0);
      assertThat(fleet.jwtSecret("m2")).isNotEqualTo(value);
    }
  }

  @Test
  void staysOpenForAMemberThatCannotBeReached() {
    try (Fleet fleet = Fleet.joined(3, "3.3")) {
      fleet.sandbox.server().cluster("m2").unavailable(true);
      fleet.muster("rotate", "jwt", "--yes").exits(8).says("wave 2 of 2: m3", "is open");
      String value = fleet.jwtSecret("host");
      assertThat(fleet.jwtSecret("m3")).isEqualTo(value);

      fleet.muster("rotate", "jwt", "--yes").exits(8);
      assertThat(fleet.jwtSecret("host")).as("no second rotation").isEqualTo(value);

      fleet.sandbox.server().cluster("m2").unavailable(false);
      fleet.apply().exits(0).says("is over");
      assertThat(fleet.jwtSecret("m2")).isEqualTo(value);
    }
  }

  @Test
  void canBeGivenUpForAnotherOne() {
    try (Fleet fleet = Fleet.joined(2, "3.3")) {
      fleet.sandbox.server().cluster("m2").unavailable(true);
      fleet.muster("rotate", "jwt", "--yes").exits(8);
      String first = fleet.jwtSecret("host");

      fleet.muster("rotate", "jwt", "--yes", "--new").exits(8);

      assertThat(fleet.jwtSecret("host")).isNotEqualTo(first);
      assertThat(fleet.jwtSecret("m1")).isEqualTo(fleet.jwtSecret("host"));
    }
  }

  @Test
  void takesAValueFromAFile() {
    try (Fleet fleet = Fleet.joined(1, "3.3")) {
      fleet.muster("rotate", "jwt", "--yes", "--from-file", given(fleet)).exits(0);
      assertThat(fleet.jwtSecret("m1")).isEqualTo(GIVEN);
      fleet
          .muster("rotate", "jwt", "--yes", "--from-file", given(fleet))
          .exits(5)
          .says("is in force on the host already");
    }
  }

  @Test
  void refusesAValueThatWouldBreakTheInstaller() {
    try (Fleet fleet = Fleet.joined(1, "3.3")) {
      String bad = "$(reboot); canary-canary";
      String file = fleet.write("bad", bad + "\n").toString();
      fleet.requests();
      Fleet.Result result = fleet.muster("rotate", "jwt", "--yes", "--from-file", file).exits(5);
      result.says("letters and digits, at least 16 of them");
      assertThat(result.all()).doesNotContain(bad);
      assertThat(fleet.writes()).isEmpty();
    }
  }

  @Test
  void showsBeforehandWhatItWouldDo() {
    try (Fleet fleet = Fleet.joined(2, "3.3")) {
      fleet.requests();
      fleet
          .muster("rotate", "jwt", "--plan")
          .exits(0)
          .says(
              "logged out: everybody",
              "step host-role on host",
              "spec.authentication.jwtSecret: \"\" -> (sensitive)",
              "step member-role[m2]");
      assertThat(JoinTest.fields(fleet.muster("rotate", "jwt", "--plan", "-o", "json").json()))
          .containsExactly(
              "host-role ClusterConfiguration spec.authentication.jwtSecret secret",
              "member-role[m1] ClusterConfiguration spec.authentication.jwtSecret secret",
              "member-role[m2] ClusterConfiguration spec.authentication.jwtSecret secret");
      JsonNode told = fleet.muster("rotate", "jwt", "--plan", "-o", "json").json().path("rotation");
      assertThat(told.at("/newValue").asText()).isEqualTo("generated, 32 characters");
      assertThat(told.at("/loggedOut/0/clusters/0").asText()).isEqualTo("host");
      assertThat(told.at("/loggedOut/1/clusters/0").asText()).isEqualTo("m1");
      assertThat(told.at("/loggedOut/2/overWithinSeconds").asInt())
          .isGreaterThan(told.at("/loggedOut/1/overWithinSeconds").asInt());
      fleet.muster("rotate", "jwt", "--dry-run", "--yes").exits(0).says("nothing was written");
      fleet.muster("rotate", "jwt").exits(5).says("nobody can be asked");
      fleet.muster("rotate", "jwtt", "--yes").exits(1).says("it has: jwt");
      assertThat(fleet.writes()).isEmpty();
    }
  }

  @Test
  void isRefusedWhereKubeSphereHandsTheSecretOnByItself() {
    try (Fleet fleet = Fleet.of(1, "4.1")) {
      fleet.requests();
      fleet
          .muster("rotate", "jwt", "--yes")
          .exits(5)
          .says("a rotation there is not covered", "authentication.issuer.jwtSecret");
      assertThat(fleet.writes()).isEmpty();
    }
  }

  /** The example, and what its commands print. */
  @Test
  void doesWhatTheExampleShows() {
    try (Fleet fleet = Fleet.of(5, "3.3")) {
      fleet.topology(Transcript.topology("rotation"));
      fleet.apply().exits(0);
      Transcript transcript = Transcript.of("rotation");
      transcript.add("muster rotate jwt --plan", fleet.muster("rotate", "jwt", "--plan"));
      transcript.addEnd("muster rotate jwt --yes", fleet.muster("rotate", "jwt", "--yes"));
      transcript.add("muster plan", fleet.muster("plan"));
      transcript.isAsWritten();
    }
  }

  private static String given(Fleet fleet) {
    return fleet.write("given", GIVEN + "\n").toString();
  }

  private static void repaired(Fleet fleet, String cluster) {
    fleet.simulated().repairInstaller(cluster, "ks-core");
    fleet.edit(cluster, Kind.DEPLOYMENT, Fleet.SYSTEM, "ks-installer", AGAIN);
  }

  /** The clusters whose ClusterConfiguration was written, in that order. */
  private static List<String> configured(List<String> writes) {
    List<String> clusters = new ArrayList<>();
    for (String write : writes) {
      if (write.contains("/clusterconfigurations/")) {
        clusters.add(write.substring(0, write.indexOf(' ')));
      }
    }
    return clusters;
  }

  /** The different ones in the table of the status. */
  private static Set<String> fingerprints(Fleet fleet) {
    Set<String> different = new LinkedHashSet<>();
    for (JsonNode row : fleet.muster("status", "-o", "json").json()) {
      assertThat(row.path("jwt").asText()).matches("[0-9a-f]{8}");
      different.add(row.path("jwt").asText());
    }
    return different;
  }
}
