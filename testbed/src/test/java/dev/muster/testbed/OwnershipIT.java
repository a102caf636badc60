package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static dev.muster.testbed.RealFleet.HOST;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What leaves the topology is given back: by whichever runner, and whatever became of the run. */
@Timeout(300)
final class OwnershipIT {
  private static final List<String> MEMBERS = List.of("m1", "m2");
  private static final String PROXY = "host: {proxy: {address: \"http://203.0.113.1:8080\"}}\n";

  @Test
  void fieldsThatLeaveTheTopologyAreRemoved() {
    try (Lifecycle life = Lifecycle.of(RealFleet.of("3.3").member("m1").member("m2"))) {
      life.prepared(labels("{tier: gold, zone: a, rack: r1}"));

      life.change(labels("{zone: a, rack: r1}"))
          .planning(
              planned ->
                  assertThat(planned)
                      .containsExactly(
                          "host Cluster metadata.labels.tier", "host Cluster metadata.labels.tier"))
          .asPlanned();
      life.change(labels("{rack: r1}")).killedInTheMiddle(1);
      life.change(labels("{}")).withUnreachable("m2");

      for (String member : MEMBERS) {
        JsonNode labels = life.fleet().registration(member).at("/metadata/labels");
        assertThat(labels.fieldNames()).toIterable().doesNotContain("tier", "zone", "rack");
      }
    }
  }

  @Test
  void valuesThatMusterReplacedComeBack() {
    try (Lifecycle life = Lifecycle.of(RealFleet.of("3.3").member("m1").member("m2"))) {
      RealFleet fleet = life.fleet();
      life.prepared(provider(""));
      for (String member : MEMBERS) {
        String byHand = "{\"spec\":{\"provider\":\"By hand\"}}";
        fleet.edit(HOST, RealFleet.registrationPath(member), byHand);
      }

      life.change(provider("ACK")).asPlanned();
      life.change(provider(""))
          .planning(
              planned ->
                  assertThat(planned)
                      .containsExactly("host Cluster spec.provider", "host Cluster spec.provider"))
          .asPlanned();
      assertProvider(fleet, "By hand");
      // What was there before is remembered before it is replaced, so no run that ends is too late.
      life.change(provider("EKS")).killedInTheMiddle(1);
      assertProvider(fleet, "EKS");
      life.change(provider("")).killedInTheMiddle(2);
      assertProvider(fleet, "By hand");
      life.change(provider("GKE")).withUnreachable("m2");
      assertProvider(fleet, "GKE");
      life.change(provider("")).withUnreachable("m2");
      assertProvider(fleet, "By hand");
    }
  }

  @Test
  void anAddressThatSomebodyHadSetComesBack() {
    RealFleet.Builder builder = RealFleet.of("3.3").loadBalancer("203.0.113.9").member("m1");
    try (Lifecycle life = Lifecycle.of(builder)) {
      RealFleet fleet = life.fleet();
      life.prepared("host: {}\nmembers: [{name: m1}]\n");
      String byHand = "http://198.51.100.9:8080";
      fleet.edit(
          HOST,
          RealFleet.CONFIGURATION,
          "{\"spec\":{\"multicluster\":{\"proxyPublishAddress\":\"" + byHand + "\"}}}");
      RealFleet.until("it is in force", () -> fleet.settings(HOST).contains(byHand));

      life.change(PROXY + "members: [{name: m1}]").killedInTheMiddle(1);
      assertThat(address(fleet)).isEqualTo("http://203.0.113.1:8080");
      life.change("host: {}\nmembers: [{name: m1}]\n").killedInTheMiddle(1);
      assertThat(address(fleet)).isEqualTo(byHand);
    }
  }

  private static String address(RealFleet fleet) {
    return fleet
        .object(HOST, RealFleet.CONFIGURATION)
        .at("/spec/multicluster/proxyPublishAddress")
        .asText();
  }

  private static String provider(String provider) {
    String more = provider.isEmpty() ? "" : ", provider: " + provider;
    return PROXY + "members: [{name: m1%1$s}, {name: m2%1$s}]".formatted(more);
  }

  private static void assertProvider(RealFleet fleet, String provider) {
    for (String member : MEMBERS) {
      assertThat(fleet.registration(member).at("/spec/provider").asText())
          .as(member)
          .isEqualTo(provider);
    }
  }

  @Test
  void anotherRunnerWithoutHistoryKnowsWhatAKilledRunOwned() {
    try (Lifecycle life = Lifecycle.of(RealFleet.of("3.3").member("m1"))) {
      RealFleet fleet = life.fleet();
      life.prepared(PROXY + "members: [{name: m1, labels: {tier: gold}}]");

      fleet.declare(PROXY + "members: [{name: m1, labels: {zone: a}}]");
      Muster.Running killed = fleet.muster().start("apply", "--yes");
      RealFleet.until(
          "the label is written",
          () -> fleet.registration("m1").at("/metadata/labels/zone").asText().equals("a"));
      // The gate behind it has to hold for two seconds, and only then the end is remembered.
      killed.kill();
      assertThat(killed.await()).exitsWith(137);
      assertThat(inventory(fleet, "m1")).contains("metadata.labels.tier", "metadata.labels.zone");

      Muster elsewhere = Muster.in(fleet.servers().folder().resolve("elsewhere/repository"));
      try {
        elsewhere.write("kubeconfig.yaml", fleet.servers().auditedKubeconfig());
        elsewhere.write(".gitignore", "kubeconfig*.yaml\n");
        elsewhere.topology(
            fleet.muster().git("show", "HEAD:topology.yaml").replace("{zone: a}", "{}"));
        assertThat(elsewhere.run("plan"))
            .exitsWith(0)
            .says("- metadata.labels.zone: \"a\"  (no longer declared)");
        assertThat(elsewhere.run("apply", "--yes")).exitsWith(0).says("done: 1 change");
        assertThat(elsewhere.run("plan", "--detailed-exitcode")).exitsWith(0);
      } finally {
        elsewhere.close();
      }
      JsonNode labels = fleet.registration("m1").at("/metadata/labels");
      assertThat(labels.has("zone")).isFalse();
      assertThat(labels.has("tier")).isFalse();
      assertThat(inventory(fleet, "m1")).doesNotContain("\"metadata.labels");
    }
  }

  private static String inventory(RealFleet fleet, String cluster) {
    return fleet
        .object(HOST, Requests.INVENTORY + "/muster-acme-" + cluster)
        .at("/data/inventory.json")
        .asText();
  }

  private static String labels(String labels) {
    return PROXY
        + "members: [{name: m1, labels: %1$s}, {name: m2, labels: %1$s}]".formatted(labels);
  }
}
