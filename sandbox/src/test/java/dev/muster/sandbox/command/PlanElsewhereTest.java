package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.sandbox.client.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A plan from a repository of somebody else: pinned, agreed to once, recorded, held to its word.
 */
@Execution(ExecutionMode.CONCURRENT)
class PlanElsewhereTest {
  private static final String PLAN =
      """
      apiVersion: muster.dev/v1alpha1
      kind: Plan
      metadata: {name: cards, version: "1"}
      spec:
        inputs: {member: {properties: {named: {type: string}, files: {type: array, format: manifests, items: {type: object}}}}}
        objects:
          card: {on: member, ref: "v1/ConfigMap/default/${member.named}"}
          all: {on: member, list: v1/ConfigMap/default}
        steps:
        - id: card
          forEach: member
          on: member
          title: write the card
          create: {card: {data: {number: "1"}}}
        - id: files
          forEach: member
          on: member
          title: what the topology brings
          when: "${has(member.files)}"
          manifests: "${member.files}"
        allows:
          member:
          - {kinds: [v1/ConfigMap], namespaces: [default], names: ["card-*"], verbs: [get, create, patch]}
          - {kinds: [v1/ConfigMap], namespaces: [default], verbs: [list]}
      """;

  /** A fleet, and a repository of plans beside it. */
  private record Place(Fleet fleet, Path plans) implements AutoCloseable {
    static Place open() throws IOException {
      Fleet fleet = Fleet.of(1, "3.3");
      Place place = new Place(fleet, Files.createTempDirectory("muster-plans"));
      place.git("init", "-q");
      place.version("v1", PLAN);
      return place;
    }

    void version(String tag, String text) throws IOException {
      Files.writeString(plans.resolve("cards.yaml"), text);
      git("add", ".");
      git("commit", "-q", "-m", tag);
      git("tag", tag);
    }

    private void git(String... words) throws IOException {
      List<String> command = new ArrayList<>(List.of("git", "-C", plans.toString()));
      command.addAll(List.of("-c", "user.name=a", "-c", "user.email=a@example.org"));
      command.addAll(List.of(words));
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      try {
        assertThat(process.waitFor()).as(said).isZero();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Names the plan at a version, pinned to what is there; gives the digest. */
    String names(String tag, String member) {
      fleet.topology(
          """
          apiVersion: muster.dev/v1alpha1
          kind: Topology
          metadata: {name: sandbox}
          spec:
            plan: # of somebody else
              git: file://%s
              revision: %s
              path: cards.yaml
            defaults:
              access: {kubeconfig: {file: kubeconfig.yaml}}
            host: {name: host}
            members:
            - {name: m1, %s} # the first
          """
              .formatted(plans, tag, member));
      Fleet.Result pinned = fleet.muster("plan-pin", "--write").exits(0);
      assertThat(text(fleet)).contains("plan: # of somebody else\n", "} # the first\n");
      return pinned.out().replaceAll("(?s).*digest: \"(sha256:[0-9a-f]{64})\".*", "$1");
    }

    private static String text(Fleet fleet) {
      try {
        return Files.readString(fleet.folder.resolve("topology.yaml"));
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    @Override
    public void close() throws IOException {
      fleet.close();
      Repository.delete(plans);
    }
  }

  @Test
  void isShownAndAgreedToBeforeItsFirstUseAndRecordedFromThenOn() throws IOException {
    try (Place place = Place.open()) {
      Fleet fleet = place.fleet();
      String digest = place.names("v1", "named: card-1");
      fleet.requests();
      fleet
          .muster("plan")
          .exits(0)
          .says(
              "new plan: no recorded run of this topology has used cards (version 1)",
              "read, create and change v1/ConfigMap in namespace default, only card-*",
              digest);
      fleet.muster("plan", "-o", "markdown").says("```text new plan:");
      fleet.apply().exits(5).says("--accept-plan " + digest);
      fleet.apply("--accept-plan", "sha256:" + "0".repeat(64)).exits(5);
      assertThat(fleet.plannedWrites()).isEmpty();

      fleet.apply("--accept-plan", digest).exits(0);
      JsonNode origin = fleet.muster("plan", "-o", "json").json().path("planOrigin");
      assertThat(origin.path("digest").asText()).isEqualTo(digest);
      assertThat(fleet.muster("plan").exits(0).out()).doesNotContain("new plan");
      fleet.muster("show").says("source git file://" + place.plans() + " cards.yaml at v1", digest);
      assertThat(
              fleet
                  .muster("history", "-o", "json")
                  .json()
                  .at("/runs/0/trailers/Plan-Digest")
                  .asText())
          .isEqualTo(digest);

      place.version(
          "v2", PLAN.replace("verbs: [get, create, patch]", "verbs: [get, create, patch, delete]"));
      String second = place.names("v2", "named: card-1");
      fleet
          .muster("plan")
          .says(
              "differs from the plan of run",
              "- on each member: read, create and change v1/ConfigMap in namespace default, only card-*",
              "+ on each member: read, create, change and delete v1/ConfigMap in namespace default");
      assertThat(second).isNotEqualTo(digest);
    }
  }

  @Test
  void thatItWasPlannedAcceptsNothingAndThatItWasUsedDoesForSavedChangeSetsToo()
      throws IOException {
    try (Place place = Place.open()) {
      Fleet fleet = place.fleet();
      String digest = place.names("v1", "named: card-1");
      String first = fleet.folder.resolve("first.json").toString();
      fleet.muster("plan", "--out", first).exits(0).says("new plan", digest);
      fleet.muster("apply", first, "--yes").exits(5).says("--accept-plan " + digest);
      assertThat(fleet.plannedWrites()).isEmpty();
      fleet.muster("apply", first, "--yes", "--accept-plan", digest).exits(0);

      fleet.kubectl("m1").delete(Kind.CONFIG_MAP, "default", "card-1");
      String second = fleet.folder.resolve("second.json").toString();
      fleet.muster("plan", "--out", second).exits(0);
      assertThat(fleet.muster("apply", second, "--yes").exits(0).out()).doesNotContain("new plan");
    }
  }

  @Test
  void sendsNothingForANameThatTheTopologyMakesOfIt() throws IOException {
    try (Place place = Place.open()) {
      Fleet fleet = place.fleet();
      for (String name : List.of("others", "card-/../../kube-system/configmaps/x")) {
        String digest = place.names("v1", "named: \"" + name + "\"");
        fleet.requests();
        fleet
            .apply("--accept-plan", digest)
            .exits(5)
            .says("the plan does not allow", "ask its author");
        assertThat(fleet.requests()).noneMatch(request -> request.path().contains(name));
      }
    }
  }

  @Test
  void sendsNothingOfAManifestThatThePlanDoesNotAllow() throws IOException {
    try (Place place = Place.open()) {
      Fleet fleet = place.fleet();
      fleet.write(
          "secret.yaml",
          "{apiVersion: v1, kind: Secret, metadata: {name: card-2, namespace: default}}\n");
      String digest = place.names("v1", "named: card-1, files: [{file: secret.yaml}]");
      fleet.requests();
      fleet
          .apply("--accept-plan", digest)
          .exits(5)
          .says("the plan does not allow it: get v1/Secret default/card-2 on each member");
      assertThat(fleet.requests()).noneMatch(request -> request.path().contains("/secrets"));
      assertThat(fleet.kubectl("m1").items(Kind.CONFIG_MAP, "default"))
          .noneMatch(map -> map.at("/metadata/name").asText().equals("card-1"));
    }
  }

  @Test
  void aPlanThatDoesLessThanItSaysIsNoTroubleAndOneThatDoesMoreIsNotRead() throws IOException {
    try (Place place = Place.open()) {
      Fleet fleet = place.fleet();
      place.version("lie", PLAN.replace("verbs: [list]", "verbs: [get]"));
      fleet.topology(
          Place.text(fleet)
              .replace(
                  "spec:\n",
                  "spec:\n  plan: {git: \"file://"
                      + place.plans()
                      + "\", revision: lie, path: cards.yaml}\n"));
      fleet
          .muster("plan-pin")
          .exits(1)
          .says("not in `allows`: list v1/ConfigMap in default on each member");
    }
  }
}
