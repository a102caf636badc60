package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.yaml.YamlDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/**
 * A mesh of three clusters on real API servers, told in order: two are linked, a third one joins,
 * tokens are replaced, one leaves.
 */
@Timeout(300)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class IstioIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SYSTEM = "/api/v1/namespaces/istio-system";
  private static final String READER = SYSTEM + "/serviceaccounts/istio-reader-service-account";

  @SuppressWarnings("NullAway.Init")
  private static TestFleet fleet;

  @SuppressWarnings("NullAway.Init")
  private static Muster muster;

  @BeforeAll
  static void start() {
    fleet = TestFleet.start("east", "west", "north");
    muster = Muster.in(fleet.folder().resolve("mesh"));
    muster.write("kubeconfig.yaml", fleet.kubeconfig());
    fleet.clusters().forEach(IstioIT::installed);
  }

  @AfterAll
  static void end() {
    muster.close();
    fleet.close();
  }

  /** What Istio's own installation leaves behind, as far as anybody looks at it. */
  private static void installed(TestCluster cluster) {
    cluster.createNamespace("istio-system");
    Api api = cluster.api();
    api.create(SYSTEM + "/serviceaccounts", named("istio-reader-service-account", "{}")).ok();
    api.create(
            SYSTEM + "/configmaps",
            named("istio", "{\"data\":{\"mesh\":\"defaultConfig:\\n  meshId: mesh1\\n\"}}"))
        .ok();
    ObjectNode authority = JSON.createObjectNode();
    authority.putObject("data").put("ca.crt", fleet.certificate());
    api.create(SYSTEM + "/configmaps", named("kube-root-ca.crt", authority.toString())).ok();
    api.create(
            SYSTEM + "/configmaps",
            named("istio-ca-root-cert", "{\"data\":{\"root-cert.pem\":\"one root\"}}"))
        .ok();
    api.create(
            "/apis/apps/v1/namespaces/istio-system/deployments",
            named(
                "istiod",
                """
                {"spec": {"selector": {"matchLabels": {"app": "istiod"}}, "template": {
                  "metadata": {"labels": {"app": "istiod"}}, "spec": {"containers": [
                    {"name": "discovery", "image": "pilot", "env": [{"name": "CLUSTER_ID", "value": "%s"}]}]}}}}
                """
                    .formatted(cluster.name())))
        .ok();
  }

  private static String named(String name, String rest) {
    ObjectNode object = (ObjectNode) tree(rest);
    object.putObject("metadata").put("name", name);
    return object.toString();
  }

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String decoded(JsonNode value) {
    return new String(Base64.getDecoder().decode(value.asText()), StandardCharsets.UTF_8);
  }

  private static void declare(String... members) {
    StringBuilder text = new StringBuilder();
    text.append("apiVersion: muster.dev/v1alpha1\nkind: Topology\nmetadata: {name: mesh}\nspec:\n");
    text.append("  plan: istio-multi-primary\n");
    text.append("  defaults: {access: {kubeconfig: {file: kubeconfig.yaml}}}\n");
    text.append("  host: {name: east, server: \"").append(fleet.cluster("east").url());
    text.append("\"}\n  members:\n");
    for (String member : members) {
      text.append("  - {name: ").append(member).append(", server: \"");
      text.append(fleet.cluster(member.split(",", 2)[0]).url()).append("\"}\n");
    }
    muster.write("topology.yaml", text.toString());
  }

  private static Api.Reply remote(String in, String about) {
    return fleet.cluster(in).api().get(SYSTEM + "/secrets/istio-remote-secret-" + about);
  }

  private static JsonNode kubeconfig(String in, String about) {
    JsonNode secret = remote(in, about).ok().json();
    return YamlDocument.parse(decoded(secret.at("/data/" + about))).json();
  }

  /** Field by field as istioctl create-remote-secret --name ABOUT writes it. */
  private static void assertRemote(String in, String about) {
    JsonNode secret = remote(in, about).ok().json();
    assertThat(secret.at("/metadata/labels")).isEqualTo(tree("{\"istio/multiCluster\":\"true\"}"));
    assertThat(secret.at("/metadata/annotations"))
        .isEqualTo(tree("{\"networking.istio.io/cluster\":\"" + about + "\"}"));
    assertThat(secret.at("/type").asText()).isEqualTo("Opaque");
    assertThat(secret.at("/data").fieldNames()).toIterable().containsExactly(about);

    JsonNode written = kubeconfig(in, about);
    ObjectNode expected = JSON.createObjectNode();
    expected.put("apiVersion", "v1").put("kind", "Config").put("current-context", about);
    expected
        .putArray("clusters")
        .addObject()
        .put("name", about)
        .putObject("cluster")
        .put("server", fleet.cluster(about).url().toString())
        .put("certificate-authority-data", base64(fleet.certificate()));
    expected
        .putArray("contexts")
        .addObject()
        .put("name", about)
        .putObject("context")
        .put("cluster", about)
        .put("user", about);
    expected
        .putArray("users")
        .addObject()
        .put("name", about)
        .putObject("user")
        .put("token", written.at("/users/0/user/token").asText());
    assertThat(written).isEqualTo(expected);
    assertKnown(about, token(in, about));
  }

  /** The server knows who comes with it; what he may do is Istio's to say. */
  private static void assertKnown(String about, String token) {
    Api.Reply reply = fleet.cluster(about).apiAs(token).get(SYSTEM + "/pods");
    assertThat(reply.status()).isEqualTo(403);
    assertThat(reply.text()).contains("istio-reader-service-account");
  }

  private static String token(String in, String about) {
    return kubeconfig(in, about).at("/users/0/user/token").asText();
  }

  @Test
  @Order(1)
  void twoClustersAreLinkedAsIstioctlWouldLinkThem() {
    declare("west");
    Muster.Result applied = muster.call("apply", "--yes");
    assertThat(applied).exitsWith(0);
    assertRemote("east", "west");
    assertRemote("west", "east");
    assertThat(applied.out() + applied.err()).doesNotContain(token("east", "west"));
    assertThat(muster.call("plan", "--detailed-exitcode")).exitsWith(0);
  }

  @Test
  @Order(2)
  void aThirdOneIsLinkedWithBoth() {
    declare("west", "north");
    assertThat(muster.call("apply", "--yes")).exitsWith(0);
    for (String pair : List.of("east/west", "west/east", "east/north", "north/east")) {
      assertRemote(pair.split("/")[0], pair.split("/")[1]);
    }
    assertRemote("west", "north");
    assertRemote("north", "west");
    assertThat(muster.call("plan", "--detailed-exitcode")).exitsWith(0);
    assertThat(muster.call("drift")).exitsWith(0);
  }

  @Test
  @Order(3)
  void tokensOfAnAccountThatWasMadeAnewAreReplacedEverywhere() {
    String before = token("north", "west");
    String other = token("north", "east");
    fleet.cluster("west").api().delete(READER).ok();
    fleet
        .cluster("west")
        .api()
        .create(SYSTEM + "/serviceaccounts", named("istio-reader-service-account", "{}"))
        .ok();
    assertThat(muster.call("plan")).exitsWith(0).says("0 to create, 2 to patch");
    assertThat(muster.call("apply", "--yes")).exitsWith(0);
    assertThat(token("north", "west")).isNotEqualTo(before).isNotEqualTo(token("east", "west"));
    assertThat(token("north", "east")).isEqualTo(other);
    assertRemote("east", "west");
    assertRemote("north", "west");
    assertThat(muster.call("plan", "--detailed-exitcode")).exitsWith(0);
  }

  @Test
  @Order(4)
  void oneThatLeavesIsForgottenByAllAndForgetsThem() {
    declare("west", "north, state: absent");
    Muster.Result plan = muster.call("plan");
    assertThat(plan)
        .exitsWith(0)
        .says("unlink[north/east]", "unlink[north/west]", "take-back[west]");
    assertThat(muster.call("apply", "--yes")).exitsWith(0);
    assertThat(remote("east", "north").status()).isEqualTo(404);
    assertThat(remote("west", "north").status()).isEqualTo(404);
    assertThat(remote("north", "east").status()).isEqualTo(404);
    assertThat(remote("north", "west").status()).isEqualTo(404);
    assertRemote("east", "west");
    declare("west");
    assertThat(muster.call("plan", "--detailed-exitcode")).exitsWith(0);
  }
}
