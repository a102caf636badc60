package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.credential.AccountToken;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.env.Manifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Tokens that a cluster issues when what holds them is written, in a run that is played before. */
@Execution(ExecutionMode.CONCURRENT)
class TokensTest {
  private static final String TOPOLOGY =
      """
      apiVersion: muster.dev/v1alpha1
      kind: Topology
      metadata: {name: sandbox}
      spec:
        plan: argocd
        defaults: {access: {kubeconfig: {file: kubeconfig.yaml}}}
        host: {name: host}
        members:
        - {name: m1, server: "https://10.1.0.5:6443", serverReachableFrom: host}
      """;

  private static Fleet fleet() {
    Fleet fleet = Fleet.of(1, "3.3");
    fleet.kubectl("host").create(Kind.NAMESPACE, Manifest.yaml("metadata: {name: argocd}"));
    fleet
        .kubectl("host")
        .create(Kind.CONFIG_MAP, Manifest.yaml("metadata: {name: argocd-cm, namespace: argocd}"));
    fleet.topology(TOPOLOGY);
    return fleet;
  }

  @Test
  void areIssuedByTheRealRunAloneThatWritesWhatWasRehearsed() throws IOException {
    try (Fleet fleet = fleet()) {
      String snapshot = fleet.folder.resolve("snapshot.json").toString();
      String rehearsal = fleet.folder.resolve("rehearsal.json").toString();
      fleet.muster("plan", "--snapshot", snapshot).exits(0);
      fleet.requests();
      fleet
          .muster("apply", "--dry-run=client", "--offline", snapshot, "--out", rehearsal)
          .exits(0)
          .says("issued by m1 when written", "step cluster[m1]");
      assertThat(fleet.requests()).as("no real cluster is asked").isEmpty();
      assertThat(Files.readString(Path.of(rehearsal))).doesNotContain("eyJ");

      fleet.apply("--rehearsed", rehearsal).exits(0).says("as rehearsed: the same");
      String issued = token(fleet);
      assertThat(AccountToken.read(issued).orElseThrow().subject())
          .isEqualTo("system:serviceaccount:kube-system:argocd-manager");
      fleet.muster("plan", "--detailed-exitcode").exits(0);

      // One that is good stays in the play as well, and one with too little left is renewed.
      fleet.muster("plan", "--snapshot", snapshot).exits(0);
      assertThat(Files.readString(Path.of(snapshot))).doesNotContain(signature(issued));
      fleet
          .muster("apply", "--dry-run=client", "--offline", snapshot)
          .exits(0)
          .says("no changes: every object is as declared");
      fleet.topology(TOPOLOGY.replace("{name: host}", "{name: host, tokenRenewal: 719h59m59s}"));
      Fleet.until("it has a second less left than all", () -> isOlderThanASecond(issued));
      fleet.muster("plan", "--snapshot", snapshot).exits(0);
      fleet
          .muster("apply", "--dry-run=client", "--offline", snapshot, "--out", rehearsal)
          .exits(0)
          .says("it expires at");
      fleet.apply("--rehearsed", rehearsal).exits(0).says("as rehearsed: the same");
      assertThat(token(fleet)).isNotEqualTo(issued);
    }
  }

  private static boolean isOlderThanASecond(String token) {
    Instant issued = AccountToken.read(token).flatMap(AccountToken::issued).orElseThrow();
    return !Instant.now().isBefore(issued.plusSeconds(1));
  }

  private static String signature(String token) {
    return token.substring(token.lastIndexOf('.') + 1);
  }

  private static String token(Fleet fleet) {
    JsonNode secret = fleet.kubectl("host").get(Kind.SECRET, "argocd", "cluster-m1");
    String config =
        new String(
            Base64.getDecoder().decode(secret.at("/data/config").asText()), StandardCharsets.UTF_8);
    return Manifest.yaml(config).path("bearerToken").asText();
  }
}
