package dev.muster.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.bound.Bounds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ForeignTextTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          authorization=Bearer abc.def-123, more     | authorization=Bearer (sensitive), more
          Basic dXNlcjpwYXNz was refused             | Basic (sensitive) was refused
          http://user:pa%40ss@proxy:3128 says no     | http://(sensitive)@proxy:3128 says no
          {"jwtSecret":"abc","a":1}                  | {"jwtSecret":"(sensitive)","a":1}
          {\\"jwtSecret\\":\\"abc\\",\\"a\\":1}      | {\\"jwtSecret\\":\\"(sensitive)\\",\\"a\\":1}
          [/agent, --token=0123abcd, --name=m1]      | [/agent, --token=(sensitive), --name=m1]
          jwtSecret: abcd1 multicluster: x           | jwtSecret: (sensitive) multicluster: x
          client-key-data: LS0tLS1                   | client-key-data: (sensitive)
          spec.connection.token: Invalid value: "a b": no | spec.connection.token: Invalid value: (sensitive): no
          cannot use Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8 there  | cannot use (sensitive) there
          """)
  void takesOutWhatLooksLikeASecret(String text, String masked) {
    assertThat(ForeignText.masked(text)).isEqualTo(masked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Operation cannot be fulfilled on secrets \"kubesphere-secret\": the object has been modified",
        "secrets \"a-secret\" is forbidden: User \"muster\" cannot get resource \"secrets\"",
        "clusters.cluster.kubesphere.io \"m1\" is invalid: spec.connection.token: Required value",
        "spec.connection.token: Forbidden: cannot be changed",
        "pods \"ks-installer-5d8f9c7b6d-x2x4q\" in 5b1c0f0e-6d1f-4a53-9a0c-2f6a3c1d7e10 not found",
        "/apis/apps/v1/namespaces/kubesphere-system/deployments/ks-apiserver of v1alpha1",
        "failed calling webhook \"validating-cluster.kubesphere.io\": Post \"https://ks:443/x?timeout=10s\"",
        "image sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "the kubeconfig /home/a/.kube/config does not exist"
      })
  void leavesOtherWordsAsTheyAre(String text) {
    assertThat(ForeignText.masked(text)).isEqualTo(text);
  }

  @Test
  void cutsOffBetweenWordsSoThatNoHalfOfASecretIsLeft() {
    String text = "word ".repeat(Bounds.QUOTED / 5 - 1) + "secretsecretsecret and more";
    assertThat(Bounds.quoted(text)).contains("word ...").doesNotContain("secr");
    String long1 = "token: abcdefgh ".repeat(100_000);
    assertThat(ForeignText.masked(long1)).hasSizeLessThan(2 * Bounds.QUOTED).doesNotContain("abc");
    assertThat(ForeignText.masked("a".repeat(5_000_000))).hasSizeLessThan(2 * Bounds.QUOTED);
  }
}
