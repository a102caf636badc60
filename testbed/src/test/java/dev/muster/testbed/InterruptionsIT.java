package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static dev.muster.testbed.RealFleet.AGENT;
import static dev.muster.testbed.RealFleet.CONFIGURATION;
import static dev.muster.testbed.RealFleet.HOST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.controller.env.ProxyNetwork;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** Runs that end in the middle, and runs beside each other. One story, told in order. */
@Timeout(180)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class InterruptionsIT {
  @SuppressWarnings("NullAway.Init")
  private static RealFleet fleet;

  /**
   * The last gate of a run cannot open before: however slow the machine, no run that is to be
   * stopped is done first.
   */
  private static final AtomicBoolean REACHABLE = new AtomicBoolean();

  @BeforeAll
  static void start() {
    REACHABLE.set(false);
    ProxyNetwork network =
        (member, address) -> REACHABLE.get() ? ProxyNetwork.Reach.OK : ProxyNetwork.Reach.REFUSED;
    fleet = RealFleet.of("3.3").member("idc-1").network(network).start();
    fleet.declare(
        """
        host: {proxy: {address: "http://139.198.120.120:8080"}}
        members: [{name: idc-1}]
        """);
  }

  @AfterAll
  static void end() {
    fleet.close();
  }

  @Test
  @Order(1)
  void aSecondRunFindsTheLockTakenAndCtrlCClosesTheRecordOfTheFirst() {
    Muster.Running first = fleet.muster().start("apply", "--yes");
    awaitRole(HOST, "host");

    assertThat(fleet.muster().run("apply", "--yes")).exitsWith(7).says("holds the lock");
    assertThat(first.ended()).isFalse();

    first.interrupt();
    assertThat(first.await()).exitsWith(130).says("interrupted");
    assertThat(openRecords()).isEmpty();
    assertThat(fleet.muster().run("history")).exitsWith(0).says("interrupted");
    assertThat(fleet.muster().run("lock")).says("nobody holds the lock");
  }

  @Test
  @Order(2)
  void aKilledRunLeavesItsRecordOpenAndTheLockTaken() {
    Muster.Running killed = fleet.muster().start("apply", "--yes");
    // The run before may have come as far as the member's role.
    RealFleet.until("the run is recorded as begun", () -> !openRecords().isEmpty());
    awaitRole("idc-1", "member");
    killed.kill();

    assertThat(openRecords().lines()).hasSize(1);
    assertThat(fleet.muster().run("lock")).says("holds the lock");
  }

  @Test
  @Order(3)
  void theSameCommandConvergesAndClosesTheRecordOfTheKilledRun() {
    Muster.Running run = fleet.muster().start("apply", "--yes");
    RealFleet.until(
        "it has the lock", () -> run.ended() || run.out().contains("took over the lock"));
    REACHABLE.set(true);
    assertThat(run.await())
        .exitsWith(0)
        .says("took over the lock", "never ended; its record is closed now");

    assertThat(openRecords()).isEmpty();
    assertThat(fleet.muster().run("plan", "--detailed-exitcode")).exitsWith(0);
    assertThat(fleet.muster().run("drift")).exitsWith(0);
    assertThat(fleet.muster().git("rev-list", "--count", "muster/acme").strip()).isEqualTo("3");
    assertThat(fleet.muster().git("fsck", "--strict", "--no-progress", "--no-dangling")).isEmpty();
  }

  @Test
  @Order(4)
  void nothingWasCreatedTwice() {
    assertThat(
            fleet
                .requests()
                .lines(request -> request.verb().equals("create") && fleetObject(request)))
        .hasSize(2);
    assertThat(fleet.object("idc-1", AGENT).isObject()).isTrue();
  }

  @Test
  @Order(5)
  void whatNoHistoryKeepsTheHostRemembers() {
    fleet.declare(
        """
        host: {proxy: {address: "http://139.198.120.120:8080"}}
        members: [{name: idc-1, labels: {tier: gold}}]
        """);
    Muster.Running killed = fleet.muster().start("apply", "--yes", "--no-history");
    // The gate behind the label has to hold for two seconds.
    RealFleet.until(
        "the label is written",
        () -> fleet.registration("idc-1").at("/metadata/labels/tier").asText().equals("gold"));
    killed.kill();
    assertThat(killed.await()).exitsWith(137);

    assertThat(fleet.muster().run("apply", "--yes", "--no-history"))
        .exitsWith(0)
        .says("never ended; what it did is in no history");
    assertThat(fleet.muster().run("apply", "--yes", "--no-history").out())
        .doesNotContain("never ended");
    assertThat(openRecords()).isEmpty();
  }

  private static boolean fleetObject(Audit.Request request) {
    return request.path().endsWith("/clusters") || request.path().endsWith("/deployments");
  }

  private static String openRecords() {
    return fleet.muster().git("for-each-ref", "--format=%(refname)", "refs/muster").strip();
  }

  private static void awaitRole(String cluster, String role) {
    RealFleet.until(
        cluster + " is declared a " + role,
        () ->
            fleet
                .object(cluster, CONFIGURATION)
                .at("/spec/multicluster/clusterRole")
                .asText()
                .equals(role));
  }
}
