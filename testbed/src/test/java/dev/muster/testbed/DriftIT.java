package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static dev.muster.testbed.RealFleet.AGENT;
import static dev.muster.testbed.RealFleet.CONFIG;
import static dev.muster.testbed.RealFleet.CONFIGURATION;
import static dev.muster.testbed.RealFleet.HOST;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.sandbox.controller.env.Timing;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * What people do to a fleet with kubectl, seen by drift on real API servers. One story, told in
 * order.
 */
@Timeout(240)
@EnabledIf("kubectlIsThere")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class DriftIT {
  private static final String SYSTEM = "kubesphere-system";
  private static final String ADDRESS = "http://203.0.113.1:8080";

  @SuppressWarnings("NullAway.Init")
  private static RealFleet fleet;

  static boolean kubectlIsThere() {
    return java.util.Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(place -> Files.isExecutable(Path.of(place, "kubectl")));
  }

  @BeforeAll
  static void start() {
    Timing timing = Timing.fast().withInstallerRun(Duration.ofSeconds(10));
    fleet = RealFleet.of("3.3").member("m1").member("m2").timing(timing).start();
    declare("ACK", "a");
    assertThat(fleet.muster().call("apply", "--yes")).exitsWith(0);
    assertThat(fleet.muster().call("drift")).exitsWith(0).says("no drift");
  }

  @AfterAll
  static void end() {
    fleet.close();
  }

  private static void declare(String provider, String zone) {
    fleet.declare(
        """
        host: {proxy: {address: "%s"}}
        members:
        - {name: m1, provider: %s, labels: {tier: gold, zone: a}}
        - {name: m2, labels: {tier: gold, zone: %s}}
        """
            .formatted(ADDRESS, provider, zone));
  }

  @Test
  @Order(1)
  void namesWhoeverChangedAFieldAndHow() {
    edit("tier: gold", "tier: iron", "cluster", "m1");
    kubectl(
        HOST,
        "patch",
        "cluster",
        "m1",
        "--type=merge",
        "--field-manager=li",
        "-p",
        "{\"spec\": {\"provider\": \"Own\"}}");
    kubectl(HOST, "label", "cluster", "m1", "--overwrite", "zone=z");
    applyServerSide("wang", "tier: tin");
    declare("ACK", "b");

    assertThat(fields())
        .containsExactlyInAnyOrder(
            "drift host Cluster/m1 metadata.labels.tier kubectl-edit",
            "drift host Cluster/m1 metadata.labels.zone kubectl-label",
            "drift host Cluster/m1 spec.provider li",
            "drift host Cluster/m2 metadata.labels.tier wang",
            "pending host Cluster/m2 metadata.labels.zone ");
    assertThat(fleet.muster().call("drift"))
        .exitsWith(2)
        .says("by:       li, last wrote ", "    pending  metadata.labels.zone");
  }

  @Test
  @Order(2)
  void healsWhatWasChangedAndNothingOfWhatTheFileChanged() {
    assertThat(fleet.muster().call("drift", "--accept", "metadata.labels.tier"))
        .exitsWith(1)
        .says(
            "metadata.labels.tier may be any of 2 drifted fields",
            "host:Cluster/m1:metadata.labels.tier",
            "host:Cluster/m2:metadata.labels.tier");
    assertThat(fleet.muster().call("drift", "--accept", "m1:spec.provider"))
        .exitsWith(0)
        .says("-  - {name: m1, provider: ACK,", "+  - {name: m1, provider: Own,");

    Requests earlier = fleet.requests();
    assertThat(fleet.muster().call("drift", "--heal", "--yes")).exitsWith(0);
    assertThat(fleet.requests().after(earlier).writes().toString())
        .contains("clusters/m1", "clusters/m2");
    JsonNode m2 = fleet.registration("m2");
    assertThat(m2.at("/metadata/labels/tier").asText()).isEqualTo("gold");
    assertThat(m2.at("/metadata/labels/zone").asText()).isEqualTo("a");
    assertThat(fleet.registration("m1").at("/spec/provider").asText()).isEqualTo("Own");
    assertThat(fields()).containsExactly("pending host Cluster/m2 metadata.labels.zone ");
    assertThat(fleet.muster().call("apply", "--yes")).exitsWith(0);
    assertThat(fields()).isEmpty();
  }

  @Test
  @Order(3)
  void tellsOfObjectsThatAreGoneAndOfAFieldInsideAText() {
    kubectl("m1", "-n", SYSTEM, "delete", "deployment", "cluster-agent");
    JsonNode config = fleet.object(HOST, CONFIG);
    String text = config.at("/data/kubesphere.yaml").asText();
    ((com.fasterxml.jackson.databind.node.ObjectNode) config.path("data"))
        .put("kubesphere.yaml", text.replace(ADDRESS, "http://203.0.113.9:8080"));
    write("config.json", config.toString());
    kubectl(HOST, "replace", "-f", file("config.json").toString());

    List<String> fields = fields();
    assertThat(fields)
        .contains(
            "drift host ConfigMap/kubesphere-config settings.multicluster.proxyPublishAddress"
                + " kubectl-replace")
        .anyMatch(field -> field.startsWith("drift m1 Deployment/cluster-agent "));
    assertThat(fields).allMatch(field -> field.startsWith("drift "));
    assertThat(fleet.muster().call("drift"))
        .exitsWith(2)
        .says(
            "Deployment/kubesphere-system/cluster-agent on m1 does not exist",
            "set by kubectl-replace in ConfigMap/kubesphere-config, another",
            "lost at the next");
    assertThat(fleet.muster().call("drift", "--accept", "proxyPublishAddress")).exitsWith(5);
    assertThat(fleet.muster().call("drift", "--heal", "--yes")).exitsWith(0);
    assertThat(fleet.object("m1", AGENT).isObject()).isTrue();
    assertThat(fields()).isEmpty();
  }

  @Test
  @Order(4)
  void twoAtOnceAreOneAndAKilledOneIsFinishedByTheNext() {
    kubectl(
        HOST,
        "-n",
        SYSTEM,
        "patch",
        "clusterconfiguration",
        "ks-installer",
        "--type=merge",
        "-p",
        "{\"spec\": {\"multicluster\": {\"proxyPublishAddress\": \"http://203.0.113.8:8080\"}}}");
    assertThat(fields())
        .contains(
            "drift host ClusterConfiguration/ks-installer"
                + " spec.multicluster.proxyPublishAddress kubectl-patch");
    // This is healed when the installer has run, so that the second has something to do meanwhile.
    kubectl(HOST, "label", "cluster", "m1", "--overwrite", "zone=z");
    // Before it has, the installer would change under the hands of the first what that has planned.
    RealFleet.until(
        "the installer has rendered it", () -> fleet.settings(HOST).contains("203.0.113.8"));
    Muster.Running first = fleet.muster().start("drift", "--heal", "--yes");
    RealFleet.until(
        "the address is healed",
        () ->
            fleet
                    .object(HOST, CONFIGURATION)
                    .at("/spec/multicluster/proxyPublishAddress")
                    .asText()
                    .equals(ADDRESS)
                || first.ended());
    // It holds the lock until the second has looked, however slow that is.
    first.signal("STOP");
    assertThat(first.ended()).as("ended: %s", first.out()).isFalse();

    Muster.Result second = fleet.muster().call("drift", "--heal", "--yes");
    assertThat(second).exitsWith(7);
    assertThat(second.err()).isEmpty();
    first.kill();
    assertThat(first.await()).exitsWith(137);

    assertThat(fleet.muster().call("drift", "--heal", "--yes")).exitsWith(0);
    RealFleet.until("nothing has drifted", () -> fields().isEmpty());
    assertThat(fleet.muster().git("for-each-ref", "--format=%(refname)", "refs/muster").strip())
        .isEmpty();
    assertThat(fleet.muster().git("fsck", "--strict", "--no-progress", "--no-dangling")).isEmpty();
  }

  @Test
  @Order(5)
  void aMemberThatIsAwayIsToldAndTheOthersAreHealed() {
    fleet.cluster("m2").stop();
    edit("tier: gold", "tier: iron", "cluster", "m1");
    assertThat(fleet.muster().call("drift")).exitsWith(2).says("unreachable: m2", "tier");
    assertThat(fleet.muster().call("drift", "--heal", "--yes")).exitsWith(8);
    assertThat(fleet.registration("m1").at("/metadata/labels/tier").asText()).isEqualTo("gold");
    fleet.cluster("m2").start();
    RealFleet.until("all is there again", () -> fleet.muster().call("drift").exit() == 0);
  }

  /** {@code KIND CLUSTER OBJECT FIELD MANAGER} of each field. */
  private static List<String> fields() {
    List<String> fields = new ArrayList<>();
    RealFleet.json(fleet.muster().call("drift", "-o", "json").out())
        .path("fields")
        .forEach(
            field ->
                fields.add(
                    String.join(
                        " ",
                        field.path("kind").asText(),
                        field.path("cluster").asText(),
                        field.at("/ref/kind").asText() + "/" + field.at("/ref/name").asText(),
                        field.path("path").asText(),
                        field.at("/author/manager").asText())));
    return fields;
  }

  private static void edit(String from, String to, String kind, String name) {
    run(
        List.of("kubectl", "--context", HOST, "edit", kind, name),
        "sed -i 's/" + from + "/" + to + "/'");
  }

  private static void applyServerSide(String manager, String labels) {
    write(
        "wang.yaml",
        """
        apiVersion: cluster.kubesphere.io/v1alpha1
        kind: Cluster
        metadata: {name: m2, labels: {%s}}
        """
            .formatted(labels));
    kubectl(
        HOST,
        "apply",
        "--server-side",
        "--force-conflicts",
        "--field-manager=" + manager,
        "-f",
        file("wang.yaml").toString());
  }

  private static void kubectl(String cluster, String... arguments) {
    List<String> command = new ArrayList<>(List.of("kubectl", "--context", cluster));
    command.addAll(List.of(arguments));
    run(command, "false");
  }

  private static void run(List<String> command, String editor) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(key -> key.toLowerCase().endsWith("_proxy"));
    builder.environment().put("HOME", fleet.servers().folder().toString());
    builder.environment().put("KUBECONFIG", fleet.servers().kubeconfigFile().toString());
    builder.environment().put("KUBE_EDITOR", editor);
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as("%s: %s", command, said).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static Path file(String name) {
    return fleet.servers().folder().resolve(name);
  }

  private static void write(String name, String text) {
    try {
      Files.writeString(file(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
