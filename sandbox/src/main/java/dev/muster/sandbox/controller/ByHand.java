package dev.muster.sandbox.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.ApiException;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.env.Manifest;
import dev.muster.sandbox.controller.install.Definitions;
import dev.muster.sandbox.controller.multicluster.KsApiserver;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * What a person does with the console and kubectl to join a member whose KubeSphere has the role
 * member: "Add Cluster" on the host, then the agent's manifest created on the member. Nothing of
 * muster is in what it leaves.
 */
public final class ByHand {
  private static final String SYSTEM = "kubesphere-system";
  private static final String COMMAND = "/spec/template/spec/containers/0/command";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration SETTLED = Duration.ofMillis(300);

  private final SimulatedFleet fleet;
  private final Function<String, ApiClient> kubectl;

  ByHand(SimulatedFleet fleet, Function<String, ApiClient> kubectl) {
    this.fleet = fleet;
    this.kubectl = kubectl;
  }

  /** Joins a member under its own name, as the console does when only a name is given. */
  public void join(String member) {
    join(member, member, "{}", "{}");
  }

  /**
   * Joins a member and returns when the host shows it ready.
   *
   * @param name on the host
   * @param metadata labels and annotations in YAML
   * @param spec more of the spec in YAML
   */
  public void join(String name, String member, String metadata, String spec) {
    register(name, metadata, spec);
    until(name + " is initialized", () -> holds(name, "Initialized") && hasFinalizer(name));
    awaitSettled(name);
    kubectl.apply(member).create(Kind.DEPLOYMENT, agent(name));
    until(name + " is ready", () -> joined(name) || refreshed(name, member));
  }

  /**
   * A token may have died all the same; then the manifest that the console shows now is applied.
   */
  private boolean refreshed(String name, String member) {
    ObjectNode shown = agent(name);
    ApiClient api = kubectl.apply(member);
    JsonNode live = api.get(Kind.DEPLOYMENT, SYSTEM, "cluster-agent");
    if (!live.at(COMMAND).equals(shown.at(COMMAND))) {
      ObjectNode patch = Json.object();
      patch.set("spec", shown.path("spec"));
      api.mergePatch(Kind.DEPLOYMENT, SYSTEM, "cluster-agent", patch);
    }
    return false;
  }

  /** Creates the Cluster as the console does, without a token. */
  public void register(String name, String metadata, String spec) {
    ObjectNode cluster = Json.object();
    ObjectNode named = Manifest.yaml(metadata);
    cluster.set("metadata", named.put("name", name));
    ObjectNode all = Json.object().put("enable", true).put("joinFederation", true);
    all.put("provider", "").putObject("connection").put("type", "proxy");
    all.setAll(Manifest.yaml(spec));
    cluster.set("spec", all);
    host().create(Definitions.CLUSTER, cluster);
  }

  /** The manifest that the console shows. */
  public ObjectNode agent(String name) {
    KsApiserver.Answer answer = fleet.apiserver().agentDeployment(name);
    if (answer.status() != 200) {
      throw new IllegalStateException(answer.body());
    }
    return Manifest.yaml(answer.body());
  }

  /** Whether the host shows the member as a console user wants to see it. */
  public boolean joined(String name) {
    return List.of("Initialized", "AgentAvailable", "Federated", "Ready").stream()
        .allMatch(condition -> holds(name, condition));
  }

  /** Edits the settings that KubeSphere runs with, as the page of 3.0 advises. */
  public void settings(String cluster, Function<String, String> edit) {
    ApiClient api = kubectl.apply(cluster);
    String before =
        api.get(Kind.CONFIG_MAP, SYSTEM, "kubesphere-config").at("/data/kubesphere.yaml").asText();
    ObjectNode patch = Json.object();
    patch.putObject("data").put("kubesphere.yaml", edit.apply(before));
    api.mergePatch(Kind.CONFIG_MAP, SYSTEM, "kubesphere-config", patch);
  }

  private boolean hasFinalizer(String name) {
    return host().get(Definitions.CLUSTER, null, name).at("/metadata/finalizers").size() == 1;
  }

  private boolean holds(String name, String condition) {
    for (JsonNode each :
        host().get(Definitions.CLUSTER, null, name).path("status").path("conditions")) {
      if (each.path("type").asText().equals(condition)) {
        return each.path("status").asText().equals("True");
      }
    }
    return false;
  }

  /** The first token and port are dead within a moment: the careful wait until they stand. */
  private void awaitSettled(String name) {
    String[] last = {""};
    until(
        name + " keeps its token",
        () -> {
          String now = Json.text(host().get(Definitions.CLUSTER, null, name).path("spec"));
          boolean same = now.equals(last[0]);
          last[0] = now;
          if (!same) {
            pause(SETTLED);
          }
          return same;
        });
  }

  private ApiClient host() {
    return kubectl.apply(fleet.hostName());
  }

  private static void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        if (condition.getAsBoolean()) {
          return;
        }
      } catch (ApiException e) {
        if (!e.isNotFound()) {
          throw e;
        }
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("not within " + PATIENCE + ": " + what);
      }
      pause(Duration.ofMillis(20));
    }
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
