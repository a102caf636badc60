package dev.muster.resource;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldPathTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "spec",
        "spec.multicluster.clusterRole",
        "metadata.labels['example.com/region']",
        "metadata.annotations['it\\'s'].x",
        "data['settings.yaml']",
        "spec.containers[name=agent].env[name=HTTP_PROXY].value",
        "spec.ports[containerPort=80,protocol=TCP]",
        "spec.volumeMounts[mountPath=/a.b/c].name",
        "metadata.finalizers[=example.com/x]",
        "['0']",
        "spec.list[3]"
      })
  void readsWhatItWrites(String text) {
    assertThat(FieldPath.parse(text).toString()).isEqualTo(text);
  }

  static List<FieldPath> paths() {
    return List.of(
        FieldPath.of("a", "b-c", "d.e", "f/g"),
        FieldPath.of("a b", "", "'", "[name=x]", "y"),
        FieldPath.of("a", "[mountPath=/x]y]", "b"));
  }

  @ParameterizedTest
  @MethodSource("paths")
  void givesTheSegmentsBack(FieldPath path) {
    assertThat(FieldPath.parse(path.toString())).isEqualTo(path);
  }
}
