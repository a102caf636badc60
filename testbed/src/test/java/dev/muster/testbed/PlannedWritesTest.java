package dev.muster.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The comparison that the life-cycle scenarios rest on has to find what it is there to find. */
final class PlannedWritesTest {
  private static final String CONFIG = "/api/v1/namespaces/n/configmaps/c";
  private static final String PATCHES =
      """
      [{"step": "s", "cluster": "host", "action": "patch", "fromManifest": false,
        "ref": {"apiVersion": "v1", "kind": "ConfigMap", "namespace": "n", "name": "c"},
        "patch": [
          {"op": "test", "path": "/metadata/uid", "value": "u"},
          {"op": "test", "path": "/data/a", "value": "1"},
          {"op": "replace", "path": "/data/a", "field": "data.a", "value": "2"},
          {"op": "add", "path": "/data/s", "field": "data.s", "value": "(sensitive)"},
          {"op": "replace", "path": "/data/text.yaml", "oldText": "(short)",
           "fields": [{"op": "replace", "field": "text.x.y", "from": 1, "to": 2}]}]},
       {"step": "t", "cluster": "m1", "action": "pending", "fromManifest": false,
        "ref": {"apiVersion": "x.example/v1", "kind": "Deployment", "namespace": "n", "name": "d"},
        "fields": []}]
      """;
  private static final String CHANGES =
      """
      {"steps": [
        {"cluster": "host", "changes": [
          {"action": "unchanged", "fields": []},
          {"action": "patch", "fields": [{"path": "data.a"}]}]},
        {"cluster": "m1", "changes": [{"action": "pending", "fields": [
          {"path": "spec.containers[name=agent].image", "knownAfter": ["s"]},
          {"path": "spec.replicas", "after": 1},
          {"path": "metadata.labels['a.b/c']", "after": "x"}]}]}]}
      """;
  private static final String SENT =
      """
      [{"op": "test", "path": "/metadata/uid", "value": "u"},
       {"op": "test", "path": "/data/a", "value": "1"},
       {"op": "replace", "path": "/data/a", "value": "2"},
       {"op": "add", "path": "/data/s", "value": "secret"},
       {"op": "test", "path": "/data/text.yaml", "value": "x: {y: 1}"},
       {"op": "replace", "path": "/data/text.yaml", "value": "x: {y: 2}"}]
      """;
  private static final String CREATED =
      """
      {"apiVersion": "x.example/v1", "kind": "Deployment",
       "metadata": {"name": "d", "namespace": "n", "labels": {"a.b/c": "x"}},
       "spec": {"replicas": 1, "containers": [{"name": "agent", "image": "i"}]}}
      """;

  @Test
  void findsNothingWhereWhatWasPlannedWasSent() {
    assertThat(differences(patch(SENT), create(CREATED))).isEmpty();
  }

  @Test
  void findsAnotherValue() {
    assertThat(differences(patch(SENT.replace("\"value\": \"2\"", "\"value\": \"3\""))))
        .anyMatch(line -> line.startsWith("not planned: host: patch " + CONFIG));
    assertThat(differences(patch(SENT.replace("y: 2", "y: 3"))))
        .anyMatch(line -> line.contains("text.x.y is 3"));
    assertThat(differences(patch(SENT), create(CREATED.replace("replicas\": 1", "replicas\": 2"))))
        .anyMatch(line -> line.contains("spec.replicas is 2"));
  }

  @Test
  void findsAnOperationTooManyAndOneTooFew() {
    String more = SENT.replace("]\n", ", {\"op\": \"add\", \"path\": \"/data/b\", \"value\": 1}]");
    assertThat(differences(patch(more))).anyMatch(line -> line.contains("unplanned operation"));
    String less = SENT.replace("{\"op\": \"test\", \"path\": \"/data/a\", \"value\": \"1\"},", "");
    assertThat(differences(patch(less))).anyMatch(line -> line.startsWith("not planned"));
  }

  @Test
  void findsAFieldOfANewObjectThatNobodyPlanned() {
    assertThat(
            differences(create(CREATED.replace("\"replicas\"", "\"paused\": true, \"replicas\""))))
        .anyMatch(line -> line.contains("unplanned value at /spec/paused"));
  }

  @Test
  void findsAWriteThatWasNotSentOrSentTwice() {
    assertThat(differences()).containsExactly("planned and not sent: host: patch " + CONFIG);
    assertThat(differences(patch(SENT), patch(SENT)))
        .anyMatch(line -> line.startsWith("sent twice: host: patch " + CONFIG));
  }

  @Test
  void findsAWriteOfAnotherObjectAndOfAnotherCluster() {
    Audit.Request other =
        new Audit.Request("delete", CONFIG + "2", "", 200, MissingNode.getInstance());
    assertThat(differences(patch(SENT), other))
        .anyMatch(line -> line.startsWith("not planned: host: delete " + CONFIG + "2"));
    Requests elsewhere = new Requests(Map.of("m1", List.of(patch(SENT))));
    assertThat(PlannedWrites.of(PATCHES, CHANGES).differences(elsewhere, false))
        .anyMatch(line -> line.startsWith("not planned: m1: patch " + CONFIG));
  }

  @Test
  void leavesOutLockAndInventory() {
    String system = "/namespaces/kube-system/";
    Audit.Request lock =
        request("update", "/apis/coordination.k8s.io/v1" + system + "leases/muster-acme", "{}");
    Audit.Request inventory =
        request(
            "create",
            "/api/v1" + system + "configmaps",
            "{\"metadata\":{\"name\":\"muster-acme-m1\"}}");
    Audit.Request other =
        request("create", "/api/v1" + system + "configmaps", "{\"metadata\":{\"name\":\"mine\"}}");
    assertThat(List.of(lock, inventory, other))
        .filteredOn(PlannedWrites.counted())
        .containsExactly(other);
  }

  private static List<String> differences(Audit.Request... sent) {
    List<Audit.Request> toHost =
        List.of(sent).stream().filter(r -> !r.path().contains("deployments")).toList();
    List<Audit.Request> toMember =
        List.of(sent).stream().filter(r -> r.path().contains("deployments")).toList();
    Requests requests = new Requests(Map.of("host", toHost, "m1", toMember));
    return PlannedWrites.of(PATCHES, CHANGES).differences(requests, true);
  }

  private static Audit.Request patch(String body) {
    return request("patch", CONFIG, body);
  }

  private static Audit.Request create(String body) {
    return request("create", "/apis/x.example/v1/namespaces/n/deployments", body);
  }

  private static Audit.Request request(String verb, String path, String body) {
    return new Audit.Request(verb, path, "fieldManager=muster", 200, RealFleet.json(body));
  }
}
