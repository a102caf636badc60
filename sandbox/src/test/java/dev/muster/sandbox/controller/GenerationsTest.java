package dev.muster.sandbox.controller;

import static dev.muster.sandbox.controller.Stage.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.controller.env.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What differs between the generations when a member joins and is lost. */
@Timeout(60)
final class GenerationsTest {
  @ParameterizedTest
  @ValueSource(strings = {"3.0", "3.1", "3.2", "3.3", "3.4"})
  void joinsAMemberInEveryGeneration(String version) {
    try (Stage stage = Stage.host(version, Role.MEMBER)) {
      stage.join("m1", "m1");
      assertThat(stage.cluster("m1").path("status").has("uid"))
          .isEqualTo(version.equals("3.3") || version.equals("3.4"));
      assertThat(stage.fleet.services().get("mc-m1", "6443", "/version").status()).isEqualTo(200);
      stage.fleet.stopAgent("m1");
      until(
          "the tunnel is down",
          () -> stage.fleet.services().get("mc-m1", "6443", "/version").status() == 503);
    }
  }

  /** 3.1 and 3.2 probe apart from the join. */
  @Test
  void blamesTheProbeBefore33() {
    try (Stage stage = Stage.host("3.2", Role.MEMBER)) {
      stage.join("m1", "m1");
      stage.fleet.stopAgent("m1");
      until("not ready", () -> stage.denies("m1", "Ready"));
      assertThat(stage.condition("m1", "Ready").path("reason").asText())
          .isEqualTo("failed to connect get kubernetes version");
      assertThat(stage.holds("m1", "Federated")).isTrue();
    }
  }
}
