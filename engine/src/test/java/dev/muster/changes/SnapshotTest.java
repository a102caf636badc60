package dev.muster.changes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.Garden;
import dev.muster.desired.Need;
import dev.muster.live.LiveObject;
import dev.muster.live.Reading;
import dev.muster.resource.ObjectRef;
import dev.muster.resource.Redactor;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SnapshotTest {
  private final Need need =
      new Need(
          WorkPlans.topology("", 1).host(),
          Garden.plan().objects().values().iterator().next(),
          Optional.empty());
  private final Snapshot snapshot = new Snapshot(new Redactor());

  /** A run found "there is no such fact", since a lagging server had shown it the past. */
  @Test
  void believesNoEarlierStateOfAnObject() {
    snapshot.put(need, object("u1", "12"));
    snapshot.put(need, object("u1", "9"));
    assertThat(version()).isEqualTo("12");

    snapshot.put(need, object("u1", "13"));
    assertThat(version()).isEqualTo("13");
  }

  @Test
  void believesThatAnObjectIsGoneOrAnotherOne() {
    snapshot.put(need, object("u1", "12"));
    snapshot.put(need, object("u2", "9"));
    assertThat(version()).isEqualTo("9");

    snapshot.put(need, new Reading.Absent());
    assertThat(snapshot.reading(need).orElseThrow().found()).isEmpty();

    snapshot.put(need, object("u2", "3"));
    assertThat(version()).isEqualTo("3");
  }

  private String version() {
    return snapshot.reading(need).orElseThrow().found().orElseThrow().resourceVersion();
  }

  private static Reading object(String uid, String version) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.putObject("metadata").put("uid", uid).put("resourceVersion", version);
    return new Reading.Found(
        new LiveObject(ObjectRef.of("v1", "ConfigMap", "garden", "bed"), tree));
  }
}
