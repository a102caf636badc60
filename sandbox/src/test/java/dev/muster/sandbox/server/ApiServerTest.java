package dev.muster.sandbox.server;

import static dev.muster.sandbox.server.TestClient.JSON_PATCH;
import static dev.muster.sandbox.server.TestClient.MERGE_PATCH;
import static dev.muster.sandbox.server.TestClient.STRATEGIC_PATCH;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.server.TestClient.Answer;
import dev.muster.sandbox.server.json.Json;
import dev.muster.sandbox.server.kind.FieldRule;
import dev.muster.sandbox.server.kind.KindInfo;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reading, writing, patching and deleting objects as a real API server does it. */
class ApiServerTest {
  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
  private static final String WIDGETS = "/apis/shop.example/v1/namespaces/default/widgets";

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

  private Answer deployment() {
    return client.create(
        DEPLOYMENTS,
        "{'metadata':{'name':'web','creationTimestamp':null},'spec':{'selector':{'matchLabels':{'app':'w'}},"
            + "'template':{'metadata':{'labels':{'app':'w'}},'spec':{'containers':["
            + "{'name':'c','image':'i:1','ports':[{'containerPort':80}],'env':[{'name':'A','value':'1'}]}]}}},"
            + "'status':{}}");
  }

  private void widgets() {
    cluster.registerKind(
        KindInfo.namespaced("shop.example", "v1", "Widget", "widgets")
            .withRules(List.of(FieldRule.bytes("spec.secret"))));
  }

  @Test
  void givesNewObjectsTheirSystemFields() {
    Answer created = configMap("one");
    assertThat(created.code()).isEqualTo(201);
    assertThat(created.at("/metadata/uid")).hasSize(36);
    assertThat(created.at("/metadata/creationTimestamp")).endsWith("Z");
    assertThat(created.at("/metadata/resourceVersion")).isNotEmpty();
    assertThat(client.get(CONFIG_MAPS + "/one").body()).isEqualTo(created.body());
    assertThat(configMap("one").at("/message")).isEqualTo("configmaps \"one\" already exists");
    assertThat(
            client.create(CONFIG_MAPS, "{'metadata':{'generateName':'x-'}}").at("/metadata/name"))
        .matches("x-[a-z0-9]{5}");
  }

  @Test
  void saysNotFoundInTheWordsOfKubernetes() {
    Answer missing = client.get(DEPLOYMENTS + "/none");
    assertThat(missing.code()).isEqualTo(404);
    assertThat(missing.body().toString())
        .isEqualTo(
            TestClient.quoted(
                    "{'kind':'Status','apiVersion':'v1','metadata':{},'status':'Failure','message':"
                        + "'deployments.apps #none# not found','reason':'NotFound','details':"
                        + "{'name':'none','group':'apps','kind':'deployments'},'code':404}")
                .replace("#", "\\\""));
    Answer unknown = client.get("/apis/no.example/v1/things");
    assertThat(unknown.code()).isEqualTo(404);
    assertThat(unknown.body().asText()).isEqualTo("404 page not found\n");
    Answer noNamespace =
        client.create("/api/v1/namespaces/none/configmaps", "{'metadata':{'name':'x'}}");
    assertThat(noNamespace.at("/message")).isEqualTo("namespaces \"none\" not found");
  }

  @Test
  void refusesAnUpdateOfAnOldCopy() {
    ObjectNode first = (ObjectNode) configMap("one").body();
    Json.child(first, "data").put("a", "changed");
    assertThat(client.update(CONFIG_MAPS + "/one", first).code()).isEqualTo(200);
    Json.child(first, "data").put("a", "again");
    Answer stale = client.update(CONFIG_MAPS + "/one", first);
    assertThat(stale.code()).isEqualTo(409);
    assertThat(stale.at("/reason")).isEqualTo("Conflict");
    assertThat(stale.at("/message"))
        .isEqualTo(
            "Operation cannot be fulfilled on configmaps \"one\": the object has been modified;"
                + " please apply your changes to the latest version and try again");
  }

  @Test
  void keepsTheVersionWhenNothingChanges() {
    String version = configMap("one").at("/metadata/resourceVersion");
    Answer same = client.patch(CONFIG_MAPS + "/one", MERGE_PATCH, "{'data':{'a':'1'}}");
    assertThat(same.at("/metadata/resourceVersion")).isEqualTo(version);
  }

  @Test
  void appliesJsonPatchesWhollyOrNotAtAll() {
    configMap("one");
    String path = CONFIG_MAPS + "/one";
    Answer done =
        client.patch(
            path,
            JSON_PATCH,
            "[{'op':'test','path':'/data/a','value':'1'},{'op':'replace','path':'/data/a','value':'x'},"
                + "{'op':'remove','path':'/data/b'},{'op':'add','path':'/metadata/labels','value':{}},"
                + "{'op':'add','path':'/metadata/labels/k','value':'v'}]");
    assertThat(done.code()).isEqualTo(200);
    assertThat(done.body().path("data").toString()).isEqualTo("{\"a\":\"x\"}");
    Answer stale =
        client.patch(
            path,
            JSON_PATCH,
            "[{'op':'replace','path':'/data/a','value':'y'},{'op':'test','path':'/data/a','value':'1'}]");
    assertThat(stale.code()).isEqualTo(422);
    assertThat(stale.body().toString())
        .isEqualTo(
            TestClient.quoted(
                "{'kind':'Status','apiVersion':'v1','metadata':{},'status':'Failure','message':"
                    + "'the server rejected our request due to an error in our request',"
                    + "'reason':'Invalid','details':{},'code':422}"));
    assertThat(client.get(path).at("/data/a")).isEqualTo("x");
    assertThat(client.patch(path, JSON_PATCH, "[{'op':'remove','path':'/data/zz'}]").code())
        .isEqualTo(422);
    assertThat(client.patch(path, JSON_PATCH, "{'op':'remove'}").code()).isEqualTo(400);
    assertThat(client.patch(path, "application/apply-patch+yaml", "a: b").code()).isEqualTo(415);
    assertThat(client.patch(path, "text/plain", "{}").code()).isEqualTo(415);
  }

  @Test
  void mergesListsByKeyInStrategicPatches() {
    deployment();
    Answer patched =
        client.patch(
            DEPLOYMENTS + "/web",
            STRATEGIC_PATCH,
            "{'spec':{'template':{'spec':{'containers':[{'name':'c','env':[{'name':'B','value':'2'}]},"
                + "{'name':'d','image':'j:2'}]}}}}");
    JsonNode containers = patched.body().at("/spec/template/spec/containers");
    assertThat(containers).hasSize(2);
    assertThat(containers.at("/0/image").asText()).isEqualTo("i:1");
    assertThat(containers.at("/0/env")).hasSize(2);
    Answer deleted =
        client.patch(
            DEPLOYMENTS + "/web",
            STRATEGIC_PATCH,
            "{'spec':{'template':{'spec':{'containers':[{'name':'d','$patch':'delete'}]}}}}");
    assertThat(deleted.body().at("/spec/template/spec/containers")).hasSize(1);
    widgets();
    client.create(WIDGETS, "{'metadata':{'name':'w'},'spec':{}}");
    assertThat(client.patch(WIDGETS + "/w", STRATEGIC_PATCH, "{}").code()).isEqualTo(415);
  }

  @Test
  void fillsInWhatARealServerFillsIn() {
    JsonNode spec = deployment().body().path("spec");
    assertThat(spec.path("progressDeadlineSeconds").asInt()).isEqualTo(600);
    assertThat(spec.at("/strategy/rollingUpdate/maxSurge").asText()).isEqualTo("25%");
    JsonNode pod = spec.at("/template/spec");
    assertThat(pod.path("dnsPolicy").asText()).isEqualTo("ClusterFirst");
    assertThat(pod.at("/containers/0/imagePullPolicy").asText()).isEqualTo("IfNotPresent");
    assertThat(pod.at("/containers/0/ports/0/protocol").asText()).isEqualTo("TCP");
    Answer service =
        client.create(
            "/api/v1/namespaces/default/services",
            "{'metadata':{'name':'s'},'spec':{'type':'LoadBalancer','ports':[{'port':80}]}}");
    assertThat(service.at("/spec/clusterIP")).startsWith("10.96.");
    assertThat(service.body().at("/spec/ports/0/nodePort").asInt()).isBetween(30_000, 32_767);
    assertThat(service.body().at("/spec/ports/0/targetPort").asInt()).isEqualTo(80);
    Answer secret =
        client.create(
            "/api/v1/namespaces/default/secrets",
            "{'metadata':{'name':'s'},'stringData':{'k':'v'}}");
    assertThat(secret.at("/data/k")).isEqualTo("dg==");
    assertThat(secret.body().has("stringData")).isFalse();
  }

  @Test
  void writesNothingInADryRun() {
    Answer created = client.create(CONFIG_MAPS + "?dryRun=All", "{'metadata':{'name':'dry'}}");
    assertThat(created.code()).isEqualTo(201);
    assertThat(created.at("/metadata/uid")).isNotEmpty();
    assertThat(client.get(CONFIG_MAPS + "/dry").code()).isEqualTo(404);
    configMap("one");
    Answer patched =
        client.patch(CONFIG_MAPS + "/one?dryRun=All", MERGE_PATCH, "{'data':{'a':'9'}}");
    assertThat(patched.at("/data/a")).isEqualTo("9");
    assertThat(client.get(CONFIG_MAPS + "/one").at("/data/a")).isEqualTo("1");
    assertThat(client.delete(CONFIG_MAPS + "/one?dryRun=All").code()).isEqualTo(200);
    assertThat(client.get(CONFIG_MAPS + "/one").code()).isEqualTo(200);
    assertThat(audit).anyMatch(entry -> entry.dryRun() && entry.verb().equals("patch"));
  }

  @Test
  void keepsStatusApartWhereTheKindDoes() {
    deployment();
    client.patch(
        DEPLOYMENTS + "/web/status?fieldManager=watcher",
        MERGE_PATCH,
        "{'spec':{'replicas':9},'status':{'readyReplicas':1}}");
    Answer after =
        client.patch(
            DEPLOYMENTS + "/web?fieldManager=muster",
            MERGE_PATCH,
            "{'spec':{'replicas':2},'status':{'readyReplicas':5}}");
    assertThat(after.body().at("/spec/replicas").asInt()).isEqualTo(2);
    assertThat(after.body().at("/status/readyReplicas").asInt()).isEqualTo(1);
    assertThat(after.body().at("/metadata/generation").asInt()).isEqualTo(2);
    JsonNode managers = after.body().at("/metadata/managedFields");
    assertThat(managers.findValuesAsText("manager")).containsExactly("test", "watcher", "muster");
    assertThat(managers.at("/1/subresource").asText()).isEqualTo("status");
    assertThat(managers.at("/1/fieldsV1").toString())
        .isEqualTo("{\"f:status\":{\"f:readyReplicas\":{}}}");
    assertThat(managers.at("/2/fieldsV1").toString()).isEqualTo("{\"f:spec\":{\"f:replicas\":{}}}");
    assertThat(managers.at("/0/fieldsV1/f:spec").has("f:replicas")).isFalse();
    assertThat(
            managers
                .at("/0/fieldsV1/f:spec/f:template/f:spec/f:containers")
                .has("k:{\"name\":\"c\"}"))
        .isTrue();
  }

  @Test
  void raisesTheGenerationOnStatusWritesWithoutASubresource() {
    widgets();
    client.create(WIDGETS, "{'metadata':{'name':'w'},'spec':{'a':1}}");
    Answer status = client.patch(WIDGETS + "/w", MERGE_PATCH, "{'status':{'b':1}}");
    assertThat(status.body().at("/metadata/generation").asInt()).isEqualTo(2);
    Answer label = client.patch(WIDGETS + "/w", MERGE_PATCH, "{'metadata':{'labels':{'a':'b'}}}");
    assertThat(label.body().at("/metadata/generation").asInt()).isEqualTo(2);
    assertThat(client.get(WIDGETS + "/w/status").code()).isEqualTo(404);
    Answer blind =
        client.update(WIDGETS + "/w", Json.parse(TestClient.quoted("{'metadata':{'name':'w'}}")));
    assertThat(blind.code()).isEqualTo(422);
    assertThat(blind.at("/message")).contains("must be specified for an update");
  }

  @Test
  void checksRegisteredRules() {
    widgets();
    Answer refused = client.create(WIDGETS, "{'metadata':{'name':'w'},'spec':{'secret':''}}");
    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.at("/message"))
        .isEqualTo(
            "Widget.shop.example \"w\" is invalid: spec.secret: Invalid value: \"\": spec.secret in"
                + " body must be of type byte: \"\"");
    assertThat(refused.at("/details/causes/0/field")).isEqualTo("spec.secret");
    assertThat(configMap("Not_A_Name").code()).isEqualTo(422);
  }

  @Test
  void waitsForTheLastFinalizer() {
    client.create(
        CONFIG_MAPS, "{'metadata':{'name':'held','finalizers':['a.example/x','a.example/y']}}");
    Answer deleted = client.delete(CONFIG_MAPS + "/held");
    assertThat(deleted.at("/metadata/deletionTimestamp")).isNotEmpty();
    client.patch(CONFIG_MAPS + "/held", MERGE_PATCH, "{'metadata':{'finalizers':['a.example/y']}}");
    assertThat(client.get(CONFIG_MAPS + "/held").code()).isEqualTo(200);
    client.patch(CONFIG_MAPS + "/held", MERGE_PATCH, "{'metadata':{'finalizers':null}}");
    assertThat(client.get(CONFIG_MAPS + "/held").code()).isEqualTo(404);
  }

  @Test
  void honoursPreconditionsOfADelete() {
    configMap("one");
    Answer refused =
        client.send(
            "DELETE",
            CONFIG_MAPS + "/one",
            "application/json",
            "{'kind':'DeleteOptions','apiVersion':'v1','preconditions':{'uid':'other'}}");
    assertThat(refused.code()).isEqualTo(409);
    Answer done = client.delete(CONFIG_MAPS + "/one");
    assertThat(done.at("/status")).isEqualTo("Success");
    assertThat(done.at("/details/kind")).isEqualTo("configmaps");
  }

  @Test
  void deletesCollectionsDependentsAndNamespaces() {
    Answer owner = configMap("owner");
    client.create(
        CONFIG_MAPS,
        "{'metadata':{'name':'owned','ownerReferences':[{'apiVersion':'v1','kind':'ConfigMap',"
            + "'name':'owner','uid':'"
            + owner.at("/metadata/uid")
            + "'}]}}");
    client.delete(CONFIG_MAPS + "/owner");
    assertThat(client.get(CONFIG_MAPS + "/owned").code()).isEqualTo(404);
    client.create(CONFIG_MAPS, "{'metadata':{'name':'x','labels':{'l':'1'}}}");
    client.create(CONFIG_MAPS, "{'metadata':{'name':'y'}}");
    client.send("DELETE", CONFIG_MAPS + "?labelSelector=l%3D1", "application/json", "");
    assertThat(client.get(CONFIG_MAPS + "/x").code()).isEqualTo(404);
    assertThat(client.get(CONFIG_MAPS + "/y").code()).isEqualTo(200);
    client.create("/api/v1/namespaces", "{'metadata':{'name':'team'}}");
    client.create(
        "/api/v1/namespaces/team/configmaps",
        "{'metadata':{'name':'z','finalizers':['a.example/x']}}");
    assertThat(client.delete("/api/v1/namespaces/team").at("/status/phase"))
        .isEqualTo("Terminating");
    assertThat(
            client
                .create("/api/v1/namespaces/team/configmaps", "{'metadata':{'name':'late'}}")
                .code())
        .isEqualTo(403);
    client.patch(
        "/api/v1/namespaces/team/configmaps/z", MERGE_PATCH, "{'metadata':{'finalizers':null}}");
    assertThat(client.get("/api/v1/namespaces/team").code()).isEqualTo(404);
  }

  @Test
  void listsBySelectors() {
    client.create(CONFIG_MAPS, "{'metadata':{'name':'a','labels':{'t':'x','u':'1'}}}");
    client.create(CONFIG_MAPS, "{'metadata':{'name':'b','labels':{'t':'y'}}}");
    client.create(CONFIG_MAPS, "{'metadata':{'name':'c'}}");
    assertThat(names("labelSelector=t%3Dx")).containsExactly("a");
    assertThat(names("labelSelector=t!%3Dx")).containsExactly("b", "c");
    assertThat(names("labelSelector=t+in+(x,y),!u")).containsExactly("b");
    assertThat(names("labelSelector=t+notin+(x)")).containsExactly("b", "c");
    assertThat(names("labelSelector=u")).containsExactly("a");
    assertThat(names("fieldSelector=metadata.name%3Dc")).containsExactly("c");
    assertThat(client.get(CONFIG_MAPS + "?labelSelector=%3D%3D").code()).isEqualTo(400);
  }

  private List<String> names(String query) {
    return client.get(CONFIG_MAPS + "?" + query).body().path("items").findValuesAsText("name");
  }
}
