package dev.muster.sandbox.controller;

import static dev.muster.sandbox.controller.Stage.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.env.Role;
import dev.muster.sandbox.controller.install.Definitions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Why the namespaces of a removed member have to be cleaned up. */
@Timeout(60)
final class TenantsTest {
  @Test
  void losesTheContentsOfItsNamespacesWithTheWorkspaceUnlessTheyAreCleanedUp() {
    try (Stage stage = Stage.host("3.3", Role.MEMBER)) {
      var api = stage.api("m1");
      ObjectNode orders = api.get(Kind.NAMESPACE, null, "shop-orders");
      assertThat(orders.at("/metadata/labels/kubesphere.io~1workspace").asText()).isEqualTo("shop");
      assertThat(orders.at("/metadata/ownerReferences/0/kind").asText()).isEqualTo("Workspace");
      ObjectNode cleaned = Json.object();
      ObjectNode metadata = cleaned.putObject("metadata");
      metadata.putNull("ownerReferences");
      metadata.putObject("labels").putNull("kubesphere.io/workspace");
      api.mergePatch(Kind.NAMESPACE, null, "shop-orders", cleaned);

      api.delete(Definitions.WORKSPACE, null, "shop");

      until(
          "the other namespace is deleted",
          () -> api.find(Kind.NAMESPACE, null, "shop-frontend").isEmpty());
      assertThat(api.get(Kind.CONFIG_MAP, "shop-orders", "ledger").at("/data/orders").asText())
          .isEqualTo("42");
    }
  }
}
