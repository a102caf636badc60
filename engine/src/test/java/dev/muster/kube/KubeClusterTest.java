package dev.muster.kube;

import static dev.muster.kube.ScriptedServer.cut;
import static dev.muster.kube.ScriptedServer.json;
import static dev.muster.kube.ScriptedServer.status;
import static dev.muster.kube.ScriptedServer.text;
import static dev.muster.kube.ScriptedServer.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.live.Cluster;
import dev.muster.live.Failure;
import dev.muster.live.Failure.Kind;
import dev.muster.live.Listing;
import dev.muster.live.Reading;
import dev.muster.live.ServicePort;
import dev.muster.live.Written;
import dev.muster.resource.ObjectRef;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class KubeClusterTest {
  private static final ObjectRef APP = ObjectRef.of("apps/v1", "Deployment", "shop", "web");
  private static final String OBJECT =
      "{'apiVersion':'apps/v1','kind':'Deployment','metadata':"
          + "{'name':'web','namespace':'shop','uid':'u-1','resourceVersion':'7'}}";
  private static final String HTML = "<html>canary-page</html>";

  private final Path folder;
  private final ScriptedServer server = new ScriptedServer();
  private Clusters clusters;
  private Cluster cluster;

  KubeClusterTest(@TempDir Path folder) {
    this.folder = folder;
    clusters = new Clusters(folder);
    cluster = clusters.at(server.url());
  }

  @AfterEach
  void close() {
    clusters.close();
    server.close();
  }

  private static JsonNode tree(String text) {
    return Reply.parse(text.replace('\'', '"'));
  }

  private Failure readFailure() {
    return cluster.read(APP).failed().orElseThrow();
  }

  private static Failure failure(Written written) {
    assertThat(written).isInstanceOf(Written.Failed.class);
    return ((Written.Failed) written).failure();
  }

  @Test
  void readsAnObjectWithOneRequest() {
    server.say(json(200, OBJECT));

    var object = cluster.read(APP).found().orElseThrow();

    assertThat(object.uid()).isEqualTo("u-1");
    assertThat(object.ref()).isEqualTo(APP);
    assertThat(server.seen)
        .containsExactly(
            new ScriptedServer.Seen(
                "GET",
                "/apis/apps/v1/namespaces/shop/deployments/web",
                "Bearer canary-token",
                "muster/1.2.3",
                ""));
  }

  @Test
  void keepsTheServersPathPrefixAndEncodesNames() {
    cluster = clusters.at(server.url() + "/clusters/m1/");
    server.say(json(200, "{'kind':'ClusterRole','metadata':{'name':'a:b c'}}"));

    cluster.read(ObjectRef.of("rbac.authorization.k8s.io/v1", "ClusterRole", "", "a:b c?"));

    assertThat(server.seen.get(0).target())
        .isEqualTo("/clusters/m1/apis/rbac.authorization.k8s.io/v1/clusterroles/a:b%20c%3F");
  }

  @Test
  void refusesANameThatWouldBeAnotherPath() {
    assertThat(cluster.read(APP.withName("../secrets/x")).failed().orElseThrow().kind())
        .isEqualTo(Kind.INVALID);
    assertThat(server.seen).isEmpty();
  }

  @Test
  void takesOnlyAnApiServersWordForAbsence() {
    server.say(
        status(404, "NotFound", "deployments.apps web not found"),
        text(404, "text/plain; charset=utf-8", "404 page not found\n"),
        text(404, "text/html", HTML),
        text(404, "text/plain", "no such host here"),
        json(404, "{'error':'nothing'}"),
        text(200, "text/html", HTML),
        json(200, "{'kind':'Other'}"),
        json(200, "{'kind':'Deploy"));

    assertThat(cluster.read(APP)).isEqualTo(new Reading.Absent());
    assertThat(cluster.read(APP)).isEqualTo(new Reading.Absent());
    for (int i = 0; i < 6; i++) {
      assertThat(readFailure().kind()).isEqualTo(Kind.SERVER_ERROR);
    }
    assertThat(server.seen).hasSize(8);
  }

  @Test
  void doesNotFollowRedirects() {
    server.say(with("Location", server.url() + "/login", text(302, "text/html", HTML)));

    Failure failure = readFailure();

    assertThat(failure.message())
        .contains("does not answer like a Kubernetes API server")
        .doesNotContain("canary");
    assertThat(server.seen).hasSize(1);
  }

  @Test
  void tellsRefusalsApart() {
    server.say(
        status(401, "Unauthorized", "Unauthorized"),
        status(403, "Forbidden", "user me cannot get deployments"),
        text(403, "text/html", HTML));

    assertThat(readFailure())
        .isEqualTo(
            new Failure(
                Kind.UNAUTHORIZED, server.url() + " does not accept the login (401 Unauthorized)"));
    assertThat(readFailure())
        .isEqualTo(new Failure(Kind.FORBIDDEN, "user me cannot get deployments"));
    assertThat(readFailure())
        .isEqualTo(new Failure(Kind.FORBIDDEN, server.url() + " answered HTTP 403"));
    assertThat(server.seen).hasSize(3);
  }

  @Test
  void retriesReadsAFewTimes() {
    server.say(text(502, "text/html", HTML), cut(), json(200, OBJECT));
    assertThat(cluster.read(APP).found()).isPresent();

    server.say(
        with("Retry-After", "0", status(429, "TooManyRequests", "slow down")),
        with("Retry-After", "0", status(429, "TooManyRequests", "slow down")),
        status(429, "TooManyRequests", "slow down"));
    assertThat(readFailure()).isEqualTo(new Failure(Kind.THROTTLED, "slow down"));

    server.say(
        status(500, "InternalError", "oh"),
        status(503, "ServiceUnavailable", "ah"),
        status(504, "Timeout", "end"));
    assertThat(readFailure()).isEqualTo(new Failure(Kind.SERVER_ERROR, "end"));
    assertThat(server.seen).hasSize(9);
  }

  @Test
  void waitsAsLongAsItIsAskedToButNotForHours() {
    server.say(with("Retry-After", "3600", status(429, "TooManyRequests", "slow down")));

    assertThat(readFailure())
        .isEqualTo(new Failure(Kind.THROTTLED, "slow down (it asks for 3600 s of patience)"));
    assertThat(server.seen).hasSize(1);
  }

  @Test
  void saysThatAConnectionBroke() {
    server.say(cut(), cut(), cut());

    assertThat(readFailure().kind()).isEqualTo(Kind.BROKEN);
  }

  @Test
  void boundsSilenceAndSlowBodies() {
    clusters.close();
    clusters = new Clusters(folder, KubeClusters.Writes.REAL, Map.of(), new Timeouts(1, 1));
    cluster = clusters.at(server.url());
    server.say(server.silence(), server.slow());

    assertThat(readFailure().kind()).isEqualTo(Kind.TIMEOUT);
    assertThat(readFailure().kind()).isEqualTo(Kind.TIMEOUT);
    assertThat(server.seen).hasSize(2);
  }

  @Test
  void namesRefusedConnectionsAndUnknownHosts() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      port = free.getLocalPort();
    }
    cluster = clusters.at("http://127.0.0.1:" + port);
    assertThat(readFailure())
        .isEqualTo(
            new Failure(Kind.REFUSED, "http://127.0.0.1:" + port + " refused the connection"));

    cluster = clusters.open(clusters.kubeconfig("b.yaml", "http://no-such.invalid", "", "{}"), "");
    assertThat(readFailure().kind()).isEqualTo(Kind.UNKNOWN_HOST);
  }

  @Test
  void createsAsFieldManager() {
    server.say(json(201, OBJECT));

    Written written = cluster.create(APP, tree(OBJECT));

    assertThat(written).isInstanceOf(Written.Done.class);
    assertThat(server.seen.get(0).target())
        .isEqualTo("/apis/apps/v1/namespaces/shop/deployments?fieldManager=muster");
    assertThat(tree(server.seen.get(0).body())).isEqualTo(tree(OBJECT));
  }

  @Test
  void tellsAnExistingObjectFromAConflict() {
    server.say(status(409, "AlreadyExists", "there"), status(409, "Conflict", "changed"));

    assertThat(failure(cluster.create(APP, tree(OBJECT))).kind()).isEqualTo(Kind.ALREADY_EXISTS);
    assertThat(failure(cluster.replace(APP, tree(OBJECT))).kind()).isEqualTo(Kind.STALE);
    assertThat(server.seen.get(1).method()).isEqualTo("PUT");
  }

  @Test
  void patchesWithOneRequest() {
    server.say(json(200, OBJECT));
    JsonNode patch = tree("[{'op':'test','path':'/metadata/uid','value':'u-1'}]");

    assertThat(cluster.patch(APP, patch)).isInstanceOf(Written.Done.class);

    assertThat(server.seen).hasSize(1);
    assertThat(server.seen.get(0).method()).isEqualTo("PATCH");
    assertThat(server.seen.get(0).target())
        .isEqualTo("/apis/apps/v1/namespaces/shop/deployments/web?fieldManager=muster");
    assertThat(tree(server.seen.get(0).body())).isEqualTo(patch);
  }

  @Test
  void tellsAFailedTestOfAPatchFromBadContent() {
    server.say(
        json(
            422,
            "{'kind':'Status','reason':'Invalid','code':422,'details':{},"
                + "'message':'the server rejected our request due to an error in our request'}"),
        status(500, "", "testing path /spec/a failed"),
        status(409, "Conflict", "the object has been modified"),
        json(
            422,
            "{'kind':'Status','reason':'Invalid','code':422,"
                + "'message':'Deployment web is invalid: spec.a: Required value','details':"
                + "{'name':'web','kind':'Deployment','causes':[{'reason':'FieldValueRequired'}]}}"),
        status(400, "BadRequest", "error decoding patch"),
        status(404, "NotFound", "deployments.apps web not found"));
    JsonNode patch = tree("[]");

    assertThat(failure(cluster.patch(APP, patch)).kind()).isEqualTo(Kind.STALE);
    assertThat(failure(cluster.patch(APP, patch)).kind()).isEqualTo(Kind.STALE);
    assertThat(failure(cluster.patch(APP, patch)).kind()).isEqualTo(Kind.STALE);
    assertThat(failure(cluster.patch(APP, patch)))
        .isEqualTo(new Failure(Kind.INVALID, "Deployment web is invalid: spec.a: Required value"));
    assertThat(failure(cluster.patch(APP, patch)).kind()).isEqualTo(Kind.INVALID);
    assertThat(failure(cluster.patch(APP, patch)).kind()).isEqualTo(Kind.NOT_FOUND);
  }

  @Test
  void neverSendsAWriteTwiceThatMayHaveArrived() {
    server.say(cut(), status(500, "", "oh"), status(503, "", "ah"), text(504, "text/html", HTML));
    JsonNode manifest = tree(OBJECT);

    assertThat(failure(cluster.create(APP, manifest)).kind()).isEqualTo(Kind.BROKEN);
    for (int i = 0; i < 3; i++) {
      assertThat(failure(cluster.create(APP, manifest)).kind()).isEqualTo(Kind.SERVER_ERROR);
    }
    assertThat(server.seen).hasSize(4);
  }

  @Test
  void sendsAWriteAgainWhenTheServerSaysThatItDidNotLook() {
    server.say(
        with("Retry-After", "0", status(429, "TooManyRequests", "later")),
        with("Retry-After", "0", status(503, "ServiceUnavailable", "later")),
        json(201, OBJECT));

    assertThat(cluster.create(APP, tree(OBJECT))).isInstanceOf(Written.Done.class);
  }

  @Test
  void deletesOnlyTheObjectThatWasSeen() {
    server.say(
        json(200, "{'kind':'Status','status':'Success'}"),
        status(404, "NotFound", "gone"),
        status(409, "Conflict", "the UID in the precondition does not match"),
        json(200, OBJECT));

    Written first = cluster.delete(APP, "u-1");
    assertThat(first).isInstanceOf(Written.Done.class);
    assertThat(((Written.Done) first).object().uid()).isEqualTo("u-1");
    assertThat(cluster.delete(APP, "u-1")).isInstanceOf(Written.Gone.class);
    assertThat(failure(cluster.delete(APP, "u-0")).kind()).isEqualTo(Kind.STALE);
    assertThat(cluster.delete(APP, "u-1")).isInstanceOf(Written.Done.class);
    assertThat(failure(cluster.delete(APP, "")).kind()).isEqualTo(Kind.INVALID);
    assertThat(tree(server.seen.get(0).body()).path("preconditions").path("uid").asText())
        .isEqualTo("u-1");
  }

  @Test
  void dryRunReachesTheServerWithEveryWriteAndNoRead() {
    clusters.close();
    clusters =
        new Clusters(folder, KubeClusters.Writes.SERVER_DRY_RUN, Map.of(), new Timeouts(2, 10));
    cluster = clusters.at(server.url());
    server.follow(seen -> json(200, OBJECT));

    cluster.create(APP, tree(OBJECT));
    cluster.patch(APP, tree("[]"));
    cluster.replace(APP, tree(OBJECT));
    cluster.delete(APP, "u-1");
    cluster.read(APP);

    assertThat(server.seen.subList(0, 4))
        .allSatisfy(seen -> assertThat(seen.target()).endsWith("?fieldManager=muster&dryRun=All"));
    assertThat(tree(server.seen.get(3).body()).path("dryRun").path(0).asText()).isEqualTo("All");
    assertThat(server.seen.get(4).target()).doesNotContain("dryRun");
  }

  @Test
  void listsAllPages() {
    server.say(
        json(
            200,
            "{'kind':'DeploymentList','metadata':{'resourceVersion':'9','continue':'n x'},"
                + "'items':[{'metadata':{'name':'a','namespace':'n1','uid':'1'}}]}"),
        json(
            200,
            "{'kind':'DeploymentList','metadata':{'resourceVersion':'9'},"
                + "'items':[{'metadata':{'name':'b','namespace':'n2','uid':'2'}}]}"));

    Listing listing = cluster.list(ObjectRef.of("apps/v1", "Deployment", "", ""), "app in (a,b)");

    assertThat(listing).isInstanceOf(Listing.Listed.class);
    Listing.Listed listed = (Listing.Listed) listing;
    assertThat(listed.resourceVersion()).isEqualTo("9");
    assertThat(listed.objects())
        .extracting(object -> object.ref().toString())
        .containsExactly("Deployment/n1/a", "Deployment/n2/b");
    assertThat(listed.objects().get(0).tree().path("kind").asText()).isEqualTo("Deployment");
    assertThat(server.seen.get(1).target())
        .isEqualTo(
            "/apis/apps/v1/deployments?limit=500&labelSelector=app%20in%20%28a%2Cb%29&continue=n%20x");
  }

  @Test
  void listsNothingOfAnUnknownKindAndFailsOtherwise() {
    server.say(
        text(404, "text/plain", "404 page not found"),
        status(403, "Forbidden", "no"),
        json(200, "{'kind':'Deployment'}"));

    assertThat(cluster.list(APP, "")).isEqualTo(new Listing.Listed(java.util.List.of(), ""));
    assertThat(cluster.list(APP, ""))
        .isEqualTo(new Listing.Failed(new Failure(Kind.FORBIDDEN, "no")));
    assertThat(cluster.list(APP, "")).isInstanceOf(Listing.Failed.class);
  }

  /** Every API server has them, so that one who says otherwise cannot be believed. */
  @Test
  void neverTakesAKindOfTheCoreGroupForUnknown() {
    server.say(status(404, "NotFound", "the server could not find the requested resource"));

    assertThat(cluster.list(ObjectRef.of("v1", "Namespace", "", ""), ""))
        .isEqualTo(
            new Listing.Failed(
                new Failure(Kind.NOT_FOUND, "the server could not find the requested resource")));
  }

  @Test
  void readsThroughAService() {
    ServicePort service = new ServicePort("sys", "https", "tunnel-m1", "6443");
    server.say(json(200, OBJECT));
    assertThat(cluster.readThrough(service, APP).found()).isPresent();
    assertThat(server.seen.get(0).target())
        .isEqualTo(
            "/api/v1/namespaces/sys/services/https:tunnel-m1:6443/proxy"
                + "/apis/apps/v1/namespaces/shop/deployments/web");

    server.say(
        json(
            404,
            "{'kind':'Status','reason':'NotFound','message':'x',"
                + "'details':{'name':'web','group':'apps','kind':'deployments'}}"));
    assertThat(cluster.readThrough(service, APP)).isEqualTo(new Reading.Absent());

    server.say(
        json(
            404,
            "{'kind':'Status','reason':'NotFound','message':'services tunnel-m1 not found',"
                + "'details':{'name':'tunnel-m1','kind':'services'}}"),
        text(404, "text/plain", "404 page not found"),
        json(200, "{'kind':'Status'}"),
        text(200, "text/plain", "ok"));
    for (int i = 0; i < 4; i++) {
      assertThat(cluster.readThrough(service, APP).failed()).isPresent();
    }
    server.follow(seen -> status(503, "ServiceUnavailable", "no endpoints available"));
    assertThat(cluster.readThrough(service, APP).failed().orElseThrow())
        .isEqualTo(new Failure(Kind.SERVER_ERROR, "no endpoints available"));
  }

  @Test
  void anInterruptedThreadGetsAFailure() {
    server.follow(seen -> server.silence());
    Thread.currentThread().interrupt();

    assertThat(readFailure().kind()).isEqualTo(Kind.BROKEN);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void readsAtTheSameTimeShareOneRefusal() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      port = free.getLocalPort();
    }
    cluster = clusters.at("http://127.0.0.1:" + port);
    try (AtOnce<Failure.Kind> reads = new AtOnce<>(8, () -> readFailure().kind())) {
      assertThat(reads.results()).hasSize(8).containsOnly(Kind.REFUSED);
    }
  }

  @Test
  void theFirstReadOfAClusterGoesAlone() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    server.follow(
        seen ->
            exchange -> {
              if (server.seen.size() == 1) {
                try {
                  go.await(20, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              }
              json(200, OBJECT).to(exchange);
            });
    try (AtOnce<Boolean> reads = new AtOnce<>(8, () -> cluster.read(APP).found().isPresent())) {
      reads.awaitWaiting();
      assertThat(server.seen).hasSizeLessThan(2);
      go.countDown();
      assertThat(reads.results()).hasSize(8).containsOnly(true);
    }
    assertThat(server.seen).hasSize(8);
  }

  @Test
  void aClosedClusterFailsWithAValue() {
    cluster.close();

    assertThat(readFailure().kind()).isEqualTo(Kind.NO_ACCESS);
  }
}
