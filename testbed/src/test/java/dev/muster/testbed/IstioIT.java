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
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/**
 * A mesh of three clusters on real API servers, told in order: two are linked, a third one joins, a
 * token is replaced, one leaves. The controller that fills in tokens of Secrets is played here.
 */
@Timeout(300)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class IstioIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SYSTEM = "/api/v1/namespaces/istio-system";
  private static final String TOKEN =
      SYSTEM + "/secrets/istio-reader-service-account-istio-remote-secret-token";
  private static final AtomicBoolean ended = new AtomicBoolean();
  private static final List<Thread> controllers = new ArrayList<>();

  @SuppressWarnings("NullAway.Init")
  private static TestFleet fleet;

  @SuppressWarnings("NullAway.Init")
  private static Muster muster;

  @BeforeAll
  static void start() {
    fleet = TestFleet.start("east", "west", "north");
    muster = Muster.in(fleet.folder().resolve("mesh"));
    muster.write("kubeconfig.yaml", fleet.kubeconfig());
    for (TestCluster cluster : fleet.clusters()) {
      installed(cluster);
      Thread controller = new Thread(() -> fillIn(cluster), "tokens of " + cluster.name());
      controller.setDaemon(true);
      controller.start();
      controllers.add(controller);
    }
  }

  @AfterAll
  static void end() throws InterruptedException {
    ended.set(true);
    for (Thread controller : controllers) {
      controller.join();
    }
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

  /** As kube-controller-manager does: a token of the account, and the authority of the server. */
  private static void fillIn(TestCluster cluster) {
    while (!ended.get()) {
      Api.Reply secret = cluster.api().get(TOKEN);
      if (secret.status() == 200 && secret.json().at("/data/token").isMissingNode()) {
        JsonNode issued =
            cluster
                .api()
                .create(
                    SYSTEM + "/serviceaccounts/istio-reader-service-account/token",
                    "{\"spec\":{\"expirationSeconds\":7200}}")
                .ok()
                .json();
        ObjectNode change = JSON.createObjectNode();
        change
            .putObject("data")
            .put("token", base64(issued.at("/status/token").asText()))
            .put("ca.crt", base64(fleet.certificate()));
        cluster.api().mergePatch(TOKEN, change.toString());
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        return;
      }
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

    JsonNode token = fleet.cluster(about).api().get(TOKEN).ok().json();
    ObjectNode expected = JSON.createObjectNode();
    expected.put("apiVersion", "v1").put("kind", "Config").put("current-context", about);
    expected
        .putArray("clusters")
        .addObject()
        .put("name", about)
        .putObject("cluster")
        .put("server", fleet.cluster(about).url().toString())
        .put("certificate-authority-data", token.at("/data/ca.crt").asText());
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
        .put("token", decoded(token.at("/data/token")));
    assertThat(kubeconfig(in, about)).isEqualTo(expected);
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
    assertKnown("west", token("east", "west"));
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
  void aTokenThatIsReplacedReachesAllOthers() {
    String before = token("north", "west");
    fleet.cluster("west").api().delete(TOKEN).ok();
    assertThat(muster.call("apply", "--yes")).exitsWith(0);
    assertThat(token("north", "west")).isNotEqualTo(before).isEqualTo(token("east", "west"));
    assertRemote("east", "west");
    assertKnown("west", token("north", "west"));
    assertThat(muster.call("plan", "--detailed-exitcode")).exitsWith(0);
  }

  @Test
  @Order(4)
  void oneThatLeavesIsForgottenByAllAndForgetsThem() {
    declare("west", "north, state: absent");
    Muster.Result plan = muster.call("plan");
    assertThat(plan)
        .exitsWith(0)
        .says("unlink[north/east]", "unlink[north/west]", "revoke[north]", "take-back[west]");
    assertThat(muster.call("apply", "--yes")).exitsWith(0);
    assertThat(remote("east", "north").status()).isEqualTo(404);
    assertThat(remote("west", "north").status()).isEqualTo(404);
    assertThat(remote("north", "east").status()).isEqualTo(404);
    assertThat(remote("north", "west").status()).isEqualTo(404);
    assertThat(fleet.cluster("north").api().get(TOKEN).status()).isEqualTo(404);
    assertRemote("east", "west");
    declare("west");
    assertThat(muster.call("plan", "--detailed-exitcode")).exitsWith(0);
  }
}
