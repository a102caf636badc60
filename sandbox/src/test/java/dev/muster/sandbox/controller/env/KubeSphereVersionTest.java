package dev.muster.sandbox.controller.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class KubeSphereVersionTest {
  @Test
  void readsGenerationsPatchVersionsAndTags() {
    assertThat(KubeSphereVersion.of("3.3").tag()).isEqualTo("v3.3.2");
    assertThat(KubeSphereVersion.of("v3.3.1").tag()).isEqualTo("v3.3.1");
    assertThat(KubeSphereVersion.ofImage("registry.example:5000/kubesphere/ks-installer:v3.4.1"))
        .contains(KubeSphereVersion.of("3.4.1"));
    assertThat(KubeSphereVersion.ofImage("kubesphere/ks-installer:latest")).isEmpty();
  }

  @Test
  void saysWhatIsNotSimulated() {
    assertThatThrownBy(() -> KubeSphereVersion.of("4.0"))
        .hasMessageContaining("4.0 is not simulated, use one of 3.0 to 3.4, 4.1");
  }
}
