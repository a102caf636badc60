package dev.muster.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.resource.ObjectRef;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LiveObjectTest {
  private static LiveObject object(String uid, String version) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.putObject("metadata").put("uid", uid).put("resourceVersion", version);
    return new LiveObject(ObjectRef.of("v1", "ConfigMap", "shop", "a"), tree);
  }

  @ParameterizedTest
  @CsvSource({
    "a, 9, a, 10, true",
    "a, 10, a, 9, false",
    "a, 10, a, 10, false",
    "a, 9, b, 10, false",
    "a, x, a, 10, false",
    "a, 9, a, '', false",
    "a, 99999999999999999998, a, 99999999999999999999, true"
  })
  void isOlderThanALaterStateOfTheSameObject(
      String uid, String version, String otherUid, String otherVersion, boolean older) {
    assertThat(object(uid, version).isOlderThan(object(otherUid, otherVersion))).isEqualTo(older);
  }
}
