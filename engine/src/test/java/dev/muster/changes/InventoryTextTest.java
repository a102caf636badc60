package dev.muster.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.muster.problem.MusterException;
import dev.muster.resource.DocumentPlace;
import dev.muster.resource.FieldPath;
import dev.muster.resource.FieldRules;
import dev.muster.resource.ObjectRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InventoryTextTest {
  private static final InventoryEntry ENTRY =
      new InventoryEntry(
              "m1",
              false,
              "5b1c0f0e",
              "proxy",
              "m1",
              "20261125-190000-abcd",
              List.of(
                  new OwnedObject(
                      "host",
                      ObjectRef.of("example.com/v1", "Bed", "", "m1").withPlural("bedding"),
                      new OwnedObject.Made(true, "77aa"),
                      new FieldRules(
                          Map.of("spec.list", "id"),
                          List.of("spec.key"),
                          Map.of(
                              "settings",
                              DocumentPlace.plain(FieldPath.of("data", "settings.yaml")))),
                      Map.of(
                          "plant",
                          List.of(
                              FieldPath.of("metadata", "labels", "a/b"),
                              FieldPath.of("spec", "list", "[id=x]", "colour"),
                              FieldPath.of("spec", "back\\'slash"))),
                      Map.of(
                          FieldPath.of("metadata", "labels", "a/b"),
                          JsonNodeFactory.instance.textNode("red")))),
              Map.of("soil", JsonNodeFactory.instance.textNode("clay")),
              Map.of("crops", JsonNodeFactory.instance.objectNode().put("phase", 1)),
              Map.of("20261125-190000-abcd", "2026-11-25T19:00:00Z"),
              Optional.of(JsonNodeFactory.instance.objectNode().put("receipt", "m1.receipt")))
          .withRestarts(Map.of("m1 /apis/apps/v1/namespaces/barn/deployments/press", "0011aabb"));

  @Test
  void isReadByAnOlderMusterUnlessADocumentIsEncoded() {
    OwnedObject secret =
        new OwnedObject(
            "host",
            ObjectRef.of("v1", "Secret", "garden", "m1"),
            OwnedObject.Made.NOT,
            new FieldRules(
                Map.of(),
                List.of("config.token"),
                Map.of(
                    "config",
                    new DocumentPlace(
                        FieldPath.of("data", "config"), DocumentPlace.Encoding.BASE64, true))),
            Map.of("plant", List.of(FieldPath.of("config", "token"))),
            Map.of());
    InventoryEntry entry = ENTRY.with(secret);

    String text = InventoryText.write(entry);

    assertThat(text).contains("\"version\" : 2", "\"in\" : \"data.config\"");
    assertThat(InventoryText.read("it", text)).isEqualTo(entry);
  }

  @Test
  void readsBackWhatItWrites() {
    String text = InventoryText.write(ENTRY);
    assertThat(InventoryText.read("it", text)).isEqualTo(ENTRY);
    assertThat(InventoryText.write(InventoryText.read("it", text))).isEqualTo(text);
    assertThat(text)
        .contains(
            "\"version\" : 1",
            "metadata.labels['a/b']",
            "spec.list[id=x].colour",
            "data['settings.yaml']");
  }

  @Test
  void staysFarBelowTheLimitOfAConfigMap() {
    List<OwnedObject> objects = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      List<FieldPath> paths = new ArrayList<>();
      for (int j = 0; j < 25; j++) {
        paths.add(FieldPath.of("spec", "template", "spec", "field" + j, "of", "some", "length"));
      }
      objects.add(
          new OwnedObject(
              "m1",
              ObjectRef.of("apps/v1", "Deployment", "some-namespace", "object-" + i),
              OwnedObject.Made.NOT,
              FieldRules.none(),
              Map.of("step", paths),
              Map.of()));
    }
    InventoryEntry entry =
        new InventoryEntry(
            "m1",
            false,
            "u",
            "proxy",
            "m1",
            "r",
            objects,
            Map.of(),
            Map.of(),
            Map.of(),
            Optional.empty());
    assertThat(InventoryText.write(entry).length()).isLessThan(200_000);
  }

  @Test
  void saysWhatIsWrongWithABrokenOne() {
    assertThatThrownBy(() -> InventoryText.read("ConfigMap/x", "{"))
        .isInstanceOf(MusterException.class)
        .hasMessageContaining("ConfigMap/x cannot be read: it is no JSON");
    assertThatThrownBy(() -> InventoryText.read("ConfigMap/x", "{\"name\": \"m1\"}"))
        .hasMessageContaining("it lacks version or name");
    assertThatThrownBy(() -> InventoryText.read("ConfigMap/x", "{\"version\": 3}"))
        .hasMessageContaining("written by a newer muster (format 3)");
    assertThatThrownBy(
            () ->
                InventoryText.read(
                    "ConfigMap/x", "{\"version\": 1, \"name\": \"m1\", \"objects\": [{}]}"))
        .hasMessageContaining("an object in it has no kind");
  }
}
