package dev.muster.sandbox.controller;

import static dev.muster.sandbox.controller.Stage.SYSTEM;
import static dev.muster.sandbox.controller.Stage.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.env.Manifest;
import dev.muster.sandbox.controller.workload.OpenElb;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which address a Service gets from OpenELB, and when. */
@Timeout(60)
final class OpenElbTest {
  @Test
  void givesTheAddressOfTheEipThatTheAnnotationsName() {
    try (Stage stage = Stage.hostWithOpenElb("3.3")) {
      var api = stage.api("host");
      annotate(stage, "openelb");
      Stage.pause(300);
      assertThat(address(stage)).isEmpty();
      eip(stage, "tower", "192.168.0.100-192.168.0.101");
      until("tower has an address", () -> address(stage).equals("192.168.0.100"));
      until(
          "the pool tells of it",
          () ->
              api.get(OpenElb.EIP, null, "tower")
                  .at("/status/used/192.168.0.100")
                  .asText()
                  .equals("kubesphere-system/tower"));
      assertThat(api.get(OpenElb.EIP, null, "tower").at("/status/poolSize").asInt()).isEqualTo(2);

      annotate(stage, "another");
      until("the address is taken back", () -> address(stage).isEmpty());
    }
  }

  @Test
  void givesNothingFromAPoolOfAnotherProtocolOrADisabledOne() {
    try (Stage stage = Stage.hostWithOpenElb("3.3")) {
      annotate(stage, "openelb");
      ObjectNode spec = Manifest.yaml("{address: 192.168.0.100, protocol: bgp}");
      create(stage, "tower", spec);
      Stage.pause(300);
      assertThat(address(stage)).isEmpty();
      stage
          .api("host")
          .mergePatch(
              OpenElb.EIP,
              null,
              "tower",
              Manifest.yaml("{spec: {protocol: layer2, interface: eth0, disable: true}}"));
      Stage.pause(300);
      assertThat(address(stage)).isEmpty();
      stage
          .api("host")
          .mergePatch(OpenElb.EIP, null, "tower", Manifest.yaml("{spec: {disable: false}}"));
      until("tower has an address", () -> address(stage).equals("192.168.0.100"));
    }
  }

  private static void annotate(Stage stage, String choice) {
    ObjectNode patch = Json.object();
    Json.at(patch, "metadata", "annotations")
        .put("lb.kubesphere.io/v1alpha1", choice)
        .put("protocol.openelb.kubesphere.io/v1alpha1", "layer2")
        .put("eip.openelb.kubesphere.io/v1alpha2", "tower");
    stage.api("host").mergePatch(Kind.SERVICE, SYSTEM, "tower", patch);
  }

  private static void eip(Stage stage, String name, String address) {
    create(
        stage,
        name,
        Manifest.yaml("{address: " + address + ", protocol: layer2, interface: eth0}"));
  }

  private static void create(Stage stage, String name, ObjectNode spec) {
    ObjectNode eip = Json.object();
    eip.putObject("metadata").put("name", name);
    eip.set("spec", spec);
    stage.api("host").create(OpenElb.EIP, eip);
  }

  private static String address(Stage stage) {
    return stage
        .api("host")
        .get(Kind.SERVICE, SYSTEM, "tower")
        .at("/status/loadBalancer/ingress/0/ip")
        .asText();
  }
}
