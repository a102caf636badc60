package dev.muster.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.muster.resource.FieldPath;
import dev.muster.resource.ObjectRef;
import java.util.List;
import org.junit.jupiter.api.Test;

class FieldManagersTest {
  private static final String OBJECT =
      """
      {"metadata": {"managedFields": [
        {"manager": "muster", "operation": "Update", "time": "2026-11-26T08:00:00Z",
         "fieldsV1": {"f:metadata": {"f:labels": {".": {}, "f:a.b/c": {}}},
           "f:spec": {"f:containers": {"k:{\\"name\\":\\"agent\\"}": {".": {}, "f:image": {}, "f:args": {}},
             "k:{\\"name\\":\\"other\\"}": {".": {}}},
             "f:ports": {"k:{\\"port\\":80,\\"protocol\\":\\"TCP\\"}": {"f:name": {}}},
             "f:finalizers": {"v:\\"keep\\"": {}}}}},
        {"manager": "kubectl-edit", "operation": "Update", "time": "2026-11-26T09:12:00Z",
         "fieldsV1": {"f:spec": {"f:replicas": {}, "f:containers": {"k:{\\"name\\":\\"agent\\"}": {"f:env": {}}}}}},
        {"manager": "kubectl", "operation": "Update", "time": "2026-11-26T09:30:00Z",
         "subresource": "scale", "fieldsV1": {"f:spec": {"f:replicas": {}}}},
        {"manager": "no time", "fieldsV1": {"f:spec": {"f:replicas": {}}}}
      ]}}
      """;

  @Test
  void findsTheOwnersOfAFieldTheLatestFirst() {
    assertThat(owners("spec.replicas")).containsExactly("kubectl", "kubectl-edit", "no time");
    assertThat(owners("metadata.labels['a.b/c']")).containsExactly("muster");
    assertThat(owners("metadata.labels.a")).isEmpty();
    assertThat(owners("status.ready")).isEmpty();
  }

  @Test
  void findsElementsOfListsByTheirKeys() {
    assertThat(owners("spec.containers[name=agent].image")).containsExactly("muster");
    assertThat(owners("spec.containers[name=agent].env")).containsExactly("kubectl-edit");
    assertThat(owners("spec.containers[name=third].image")).isEmpty();
    assertThat(owners("spec.ports[protocol=TCP,port=80].name")).containsExactly("muster");
    assertThat(owners("spec.ports[port=80].name")).isEmpty();
    assertThat(owners("spec.finalizers[=keep]")).containsExactly("muster");
  }

  @Test
  void aWholeThatIsOwnedAsOneIsOwnedWithItsParts() {
    assertThat(owners("spec.containers[name=agent].args[3]")).containsExactly("muster");
    assertThat(owners("spec.containers[name=agent]")).containsExactly("kubectl-edit", "muster");
  }

  @Test
  void isEmptyForAnObjectWithoutAny() throws JsonProcessingException {
    LiveObject bare =
        new LiveObject(ObjectRef.of("v1", "Bed", "", "m1"), new ObjectMapper().readTree("{}"));
    assertThat(FieldManagers.of(bare).oldestFirst()).isEmpty();
  }

  private static List<String> owners(String path) {
    try {
      LiveObject object =
          new LiveObject(ObjectRef.of("v1", "Bed", "", "m1"), new ObjectMapper().readTree(OBJECT));
      return FieldManagers.of(object).owners(FieldPath.parse(path)).stream()
          .map(FieldManagers.Entry::manager)
          .toList();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
