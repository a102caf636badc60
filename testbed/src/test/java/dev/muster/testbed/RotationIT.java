package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static dev.muster.testbed.RealFleet.CONFIGURATION;
import static dev.muster.testbed.RealFleet.HOST;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A new jwtSecret for a host and three members that are joined; each test is a rotation. */
@Timeout(300)
final class RotationIT {
  private static final List<String> PLAN = List.of("rotate", "jwt", "--plan");
  private static final List<String> ROTATE = List.of("rotate", "jwt", "--yes");
  private static final List<String> CLUSTERS = List.of(HOST, "m1", "m2", "m3");
  private static final Runnable NOTHING = () -> {};

  @SuppressWarnings("NullAway.Init")
  private static Lifecycle life;

  @SuppressWarnings("NullAway.Init")
  private static RealFleet fleet;

  @BeforeAll
  static void start() {
    life =
        Lifecycle.of(RealFleet.of("3.3").member("m1").member("m2").member("m3"))
            .prepared(
                """
                host: {proxy: {address: "http://139.198.120.120:8080"}}
                members: [{name: m1}, {name: m2}, {name: m3}]
                """);
    fleet = life.fleet();
  }

  @AfterAll
  static void end() {
    life.close();
  }

  @Test
  void sendsWhatItHasShown() {
    String old = onlySecret();
    Requests earlier = fleet.requests();
    life.change(NOTHING)
        .by(PLAN, ROTATE)
        .planning(
            planned ->
                assertThat(planned)
                    .containsExactly(
                        "host ClusterConfiguration spec.authentication.jwtSecret",
                        "m1 ClusterConfiguration spec.authentication.jwtSecret",
                        "m2 ClusterConfiguration spec.authentication.jwtSecret",
                        "m3 ClusterConfiguration spec.authentication.jwtSecret"))
        .asPlanned();
    assertThat(onlySecret()).isNotEqualTo(old);
    assertThat(configured(earlier)).containsExactlyInAnyOrderElementsOf(CLUSTERS);
  }

  @Test
  void goesOnWithTheSameValueWhenKilledBetweenHostAndMembers() {
    isTheSameRotation(1);
  }

  @Test
  void goesOnWithTheSameValueWhenKilledInTheMiddleOfTheMembers() {
    isTheSameRotation(2);
  }

  /**
   * @param seed chooses the write after which it is killed
   */
  private static void isTheSameRotation(long seed) {
    String old = onlySecret();
    Requests earlier = fleet.requests();
    life.change(NOTHING).by(PLAN, ROTATE).killedInTheMiddle(seed);
    assertThat(onlySecret()).isNotEqualTo(old);
    assertThat(configured(earlier))
        .as("written once each")
        .containsExactlyInAnyOrderElementsOf(CLUSTERS);
  }

  @Test
  void isFinishedByAPlainApply() {
    String old = onlySecret();
    Requests earlier = fleet.requests();
    Muster.Running killed = fleet.muster().start(ROTATE.toArray(String[]::new));
    RealFleet.until("the first member is told", () -> configured(earlier).size() >= 2);
    killed.kill();
    assertThat(fleet.muster().run("status")).says("is open: `muster rotate jwt` goes on with it");

    assertThat(fleet.muster().run("apply", "--yes")).exitsWith(0).says("is over");

    assertThat(onlySecret()).isNotEqualTo(old);
    assertThat(configured(earlier)).containsExactlyInAnyOrderElementsOf(CLUSTERS);
    assertThat(fleet.muster().run("plan", "--detailed-exitcode")).exitsWith(0);
  }

  @Test
  void catchesUpWithAMemberThatWasAway() {
    String old = onlySecret();
    Requests earlier = fleet.requests();
    life.change(NOTHING).by(PLAN, ROTATE).withUnreachable("m2");
    assertThat(onlySecret()).isNotEqualTo(old);
    assertThat(configured(earlier)).containsExactlyInAnyOrderElementsOf(CLUSTERS);
  }

  @Test
  void stopsAfterTheCanaryFailed() {
    String old = onlySecret();
    fleet.simulated().failInstaller("m1", "ks-core", "no space left on device");
    assertThat(fleet.muster().run(ROTATE.toArray(String[]::new)))
        .exitsWith(3)
        .says("failed:     m1", "left alone: m2, m3");
    assertThat(secret("m2")).isEqualTo(old);
    assertThat(secret(HOST)).isNotEqualTo(old);
    List<String> shown = fingerprints();
    assertThat(shown).as("host, m1, m2, m3").hasSize(4);
    assertThat(shown.subList(1, 4)).containsOnly(shown.get(1)).doesNotContain(shown.get(0));

    fleet.simulated().repairInstaller("m1", "ks-core");
    fleet.edit(
        "m1",
        RealFleet.INSTALLER,
        "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"again\":\"yes\"}}}}}");
    assertThat(fleet.muster().run(ROTATE.toArray(String[]::new))).exitsWith(0).says("is over");
    assertThat(onlySecret()).isNotEqualTo(old);
  }

  /** The clusters whose ClusterConfiguration was patched since. */
  private static List<String> configured(Requests earlier) {
    List<String> clusters = new ArrayList<>();
    Requests since = fleet.requests().after(earlier);
    for (String cluster : CLUSTERS) {
      since.to(cluster).stream()
          .filter(r -> r.writes() && !r.dryRun() && r.path().equals(CONFIGURATION))
          .forEach(r -> clusters.add(cluster));
    }
    return clusters;
  }

  /** The secret that is in force in all clusters. */
  private static String onlySecret() {
    assertThat(CLUSTERS).allSatisfy(c -> assertThat(secret(c)).isEqualTo(secret(HOST)));
    return secret(HOST);
  }

  private static String secret(String cluster) {
    Matcher matcher =
        Pattern.compile("jwtSecret: \"?([A-Za-z0-9]+)").matcher(fleet.settings(cluster));
    assertThat(matcher.find()).as(cluster + " has a jwtSecret").isTrue();
    return matcher.group(1);
  }

  private static List<String> fingerprints() {
    List<String> shown = new ArrayList<>();
    RealFleet.json(fleet.muster().run("status", "-o", "json").out())
        .forEach(row -> shown.add(row.path("jwt").asText()));
    return shown;
  }
}
