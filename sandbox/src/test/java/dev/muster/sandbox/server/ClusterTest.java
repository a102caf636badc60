package dev.muster.sandbox.server;

import static dev.muster.sandbox.server.TestClient.MERGE_PATCH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.sandbox.server.TestClient.Answer;
import dev.muster.sandbox.server.json.Json;
import dev.muster.sandbox.server.rest.AdmissionHook;
import dev.muster.sandbox.server.rest.ServiceProxyHandler;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What surrounds the objects: webhooks, tokens, the audit, unreachable clusters, proxies. */
class ClusterTest {
  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

  private final Queue<AuditEntry> audit = new ConcurrentLinkedQueue<>();
  private final ApiServer server = ApiServer.builder().audit(audit::add).start();
  private final SimulatedCluster cluster = server.addCluster("host", "uid-of-host");
  private final TestClient client = new TestClient(server.baseUrl("host"), server.token("host"));

  @AfterEach
  void close() {
    server.close();
  }

  private Answer configMap(String name) {
    return client.create(
        CONFIG_MAPS, "{'metadata':{'name':'" + name + "'},'data':{'a':'1','b':'2'}}");
  }

  @Test
  void letsWebhooksRefuse() {
    configMap("one");
    cluster.admission(
        review ->
            review.operation().equals("CREATE")
                ? Optional.empty()
                : Optional.of(
                    new AdmissionHook.Denial("guard.example", "not " + review.operation())));
    Answer refused = client.patch(CONFIG_MAPS + "/one", MERGE_PATCH, "{'data':{'a':'z'}}");
    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.at("/message"))
        .isEqualTo("admission webhook \"guard.example\" denied the request: not UPDATE");
    assertThat(client.delete(CONFIG_MAPS + "/one").code()).isEqualTo(403);
    assertThat(configMap("two").code()).isEqualTo(201);
  }

  @Test
  void wantsAKnownTokenAndHonoursDenials() {
    server.registerToken("limited", "alice");
    server.deny("alice", "host", Set.of("get", "list"), Set.of("secrets"));
    TestClient alice = new TestClient(server.baseUrl("host"), "limited");
    assertThat(alice.get("/api/v1/namespaces/default/configmaps").code()).isEqualTo(200);
    Answer refused = alice.get("/api/v1/namespaces/default/secrets/x");
    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.at("/message"))
        .isEqualTo(
            "secrets \"x\" is forbidden: User \"alice\" cannot get resource \"secrets\" in API"
                + " group \"\" in the namespace \"default\"");
    Answer review =
        alice.create(
            "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            "{'spec':{'resourceAttributes':{'verb':'list','resource':'secrets','namespace':'a'}}}");
    assertThat(review.body().at("/status/allowed").asBoolean(true)).isFalse();
    Answer unknown = new TestClient(server.baseUrl("host"), "wrong").get("/version");
    assertThat(unknown.code()).isEqualTo(401);
    assertThat(unknown.at("/reason")).isEqualTo("Unauthorized");
  }

  @Test
  void auditsClientsButNotItsOwnControllers() {
    client.get(CONFIG_MAPS);
    new TestClient(server.baseUrl("host"), server.controllerToken()).get(CONFIG_MAPS);
    assertThat(audit).hasSize(1);
    AuditEntry entry = audit.element();
    assertThat(entry.cluster()).isEqualTo("host");
    assertThat(entry.verb()).isEqualTo("list");
    assertThat(entry.path()).isEqualTo(CONFIG_MAPS);
    assertThat(entry.status()).isEqualTo(200);
    assertThat(entry.userAgent()).isEqualTo("test/1");
  }

  @Test
  void playsAnUnreachableCluster() {
    TestClient.Lines watch = client.follow(CONFIG_MAPS + "?watch=true");
    assertThat(watch.code()).isEqualTo(200);
    cluster.unavailable(true);
    assertThat(watch.ended()).isTrue();
    assertThatThrownBy(() -> client.get("/version")).isInstanceOf(UncheckedIOException.class);
    cluster.unavailable(false);
    assertThat(client.get("/version").code()).isEqualTo(200);
  }

  @Test
  void asksWhatStandsBehindAService() {
    cluster.seed(
        Json.parse(
            TestClient.quoted(
                "{'apiVersion':'v1','kind':'Service','metadata':{'name':'mc-x'},"
                    + "'spec':{'ports':[{'port':6443}]}}")));
    String path = "/api/v1/namespaces/default/services/https:mc-x:6443/proxy/api/v1/nodes?limit=1";
    assertThat(client.get(path).code()).isEqualTo(503);
    cluster.serviceProxy(
        request ->
            Optional.of(
                new ServiceProxyHandler.Answer(
                    418,
                    "text/plain",
                    (request.scheme() + request.service() + request.port() + request.path())
                        .getBytes(StandardCharsets.UTF_8))));
    Answer answer = client.get(path);
    assertThat(answer.code()).isEqualTo(418);
    assertThat(answer.body().asText()).isEqualTo("httpsmc-x6443/api/v1/nodes?limit=1");
  }

  @Test
  void keepsClustersApart() {
    server.addCluster("m1", "uid-of-m1");
    TestClient member = new TestClient(server.baseUrl("m1"), server.token("m1"));
    configMap("one");
    assertThat(member.get(CONFIG_MAPS + "/one").code()).isEqualTo(404);
    assertThat(member.get("/api/v1/namespaces/kube-system").at("/metadata/uid"))
        .isEqualTo("uid-of-m1");
    assertThat(server.kubeconfig()).contains("name: \"m1\"", "current-context: \"host\"");
  }
}
