package dev.muster.sandbox.controller.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.ApiException;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.client.WorkerPool;
import dev.muster.sandbox.controller.cluster.ClusterObject;
import dev.muster.sandbox.controller.cluster.DirectAccess;
import dev.muster.sandbox.controller.cluster.HostKubeconfig;
import dev.muster.sandbox.controller.env.KubeSphereVersion;
import dev.muster.sandbox.controller.env.Manifest;
import dev.muster.sandbox.controller.env.Timing;
import dev.muster.sandbox.controller.install.Definitions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** What the controller of 4.x does about one Cluster object, one thing at a time. */
final class CoreWorker {
  private static final String CORE_READY = "KSCoreReady";
  private static final String HASH = "kubesphere.io/config-hash";
  private static final String NAME_OF_CLUSTER = "cluster.kubesphere.io/name";
  private static final String NAME_OF_HOST = "cluster.kubesphere.io/host-cluster";

  private final String name;
  private final String hostName;
  private final ApiClient api;
  private final DirectAccess access;
  private final Timing timing;
  private final KubeSphereVersion version;
  private final WorkerPool.Strand strand;
  private final BooleanSupplier active;
  private final Consumer<String> log;
  private boolean installing;
  private int failures;

  CoreWorker(
      String name,
      String hostName,
      ApiClient api,
      DirectAccess access,
      Timing timing,
      KubeSphereVersion version,
      WorkerPool.Strand strand,
      BooleanSupplier active,
      Consumer<String> log) {
    this.name = name;
    this.hostName = hostName;
    this.api = api;
    this.access = access;
    this.timing = timing;
    this.version = version;
    this.strand = strand;
    this.active = active;
    this.log = log;
  }

  void request() {
    strand.execute(this::sync);
  }

  private void sync() {
    if (!active.getAsBoolean() || installing) {
      return;
    }
    try {
      Optional<ObjectNode> found = api.find(Definitions.CLUSTER, null, name);
      if (found.isPresent()) {
        sync(found.get());
      }
    } catch (ApiException e) {
      failed("Reconciler error: " + e.getMessage());
    }
  }

  /** Unlike that of 3.x this controller tries again by itself, ever more slowly. */
  private void failed(String why) {
    log.accept(why);
    long pause = timing.retry().toMillis() << Math.min(failures++, 20);
    strand.after(Duration.ofMillis(Math.min(pause, timing.longestRetry().toMillis())), this::sync);
  }

  private void sync(ObjectNode cluster) {
    if (Json.isBeingDeleted(cluster)) {
      remove(cluster);
      return;
    }
    if (!ClusterObject.hasFinalizer(cluster)) {
      write(ClusterObject::addFinalizer);
    }
    if (ClusterObject.kubeconfig(cluster).isEmpty()) {
      return;
    }
    ApiClient member;
    String uid;
    try {
      member = access.client(cluster).as("ks-controller-manager", "controller-manager");
      uid = Json.uid(member.get(Kind.NAMESPACE, null, "kube-system"));
    } catch (HostKubeconfig.Unreadable e) {
      notReady("failed to get cluster client for " + name + ": " + e.getMessage());
      return;
    } catch (ApiException e) {
      String said = DirectAccess.goText(e, server(cluster), "/api/v1/namespaces/kube-system");
      notReady("failed to get kube-system namespace for " + name + ": " + said);
      return;
    }
    boolean known =
        !ClusterObject.endpoint(cluster).isEmpty()
            && cluster.path("status").path("uid").asText().equals(uid);
    if (!known) {
      write(
          written -> {
            Json.at(written, "spec", "connection").put("kubernetesAPIEndpoint", server(cluster));
            Json.at(written, "status").put("uid", uid);
          });
    }
    boolean host = ClusterObject.isHost(cluster);
    if (!host && (!ClusterObject.holds(cluster, CORE_READY) || configChanged(cluster))) {
      install(cluster, member);
    } else {
      finish(member, host);
    }
  }

  private void install(ObjectNode cluster, ApiClient member) {
    log.accept("Starting installing KS Core for the cluster " + name);
    ObjectNode values = Json.object();
    String config = cluster.path("spec").path("config").asText();
    if (!config.isEmpty()) {
      values =
          Manifest.yaml(new String(Base64.getDecoder().decode(config), StandardCharsets.UTF_8));
    }
    values.put("role", "member");
    values.putObject("upgrade").put("enabled", false);
    String secret =
        new CoreChart(api, version).settings().at("/authentication/issuer/jwtSecret").asText();
    Json.at(values, "authentication", "issuer").put("jwtSecret", secret);
    new CoreChart(member, version).install(values);
    installing = true;
    // Five minutes, as the four seconds that a pod takes to start are scaled.
    long deadline = System.nanoTime() + timing.podStart().multipliedBy(75).toNanos();
    String hash = hash(cluster);
    strand.after(timing.podStart(), () -> awaitAgent(member, hash, deadline));
  }

  private void awaitAgent(ApiClient member, String hash, long deadline) {
    installing = false;
    if (!active.getAsBoolean()) {
      return;
    }
    try {
      if (serves(member, CoreChart.AGENT)) {
        log.accept("Finished installing KS Core for the cluster " + name);
        failures = 0;
        write(
            cluster -> {
              ClusterObject.condition(
                  cluster, CORE_READY, true, CORE_READY, "KS Core is available now");
              Json.at(cluster, "metadata", "annotations").put(HASH, hash);
            });
        finish(member, false);
        return;
      }
    } catch (ApiException e) {
      failed("failed to install KS Core in cluster " + name + ": " + e.getMessage());
      return;
    }
    if (System.nanoTime() > deadline) {
      failed("failed to install KS Core in cluster " + name + ": context deadline exceeded");
      return;
    }
    installing = true;
    strand.after(timing.podStart(), () -> awaitAgent(member, hash, deadline));
  }

  /** What comes after the installation, for a host as well. */
  private void finish(ApiClient member, boolean host) {
    try {
      if (!serves(member, host ? "ks-apiserver" : CoreChart.AGENT)) {
        notReady("no endpoints available for service \"http:ks-apiserver:80\"");
        return;
      }
      String kubernetes = member.serverVersion();
      int nodes = member.items(Kind.NODE, null).size();
      ObjectNode names = Json.object();
      Json.at(names, "metadata", "annotations")
          .put(NAME_OF_CLUSTER, name)
          .put(NAME_OF_HOST, hostName);
      write(
          cluster -> {
            ClusterObject.condition(cluster, "Ready", true, "Ready", "Cluster is available now");
            ObjectNode status = Json.at(cluster, "status");
            status.put("kubeSphereVersion", version.tag()).put("kubernetesVersion", kubernetes);
            if (nodes > 0) {
              status.put("nodeCount", nodes);
            }
          });
      member.mergePatch(Kind.NAMESPACE, null, CoreChart.NAMESPACE, names);
      failures = 0;
    } catch (ApiException e) {
      notReady(DirectAccess.goText(e, member.base().toString(), "/api/v1/nodes"));
    }
  }

  private static boolean serves(ApiClient cluster, String deployment) {
    return cluster
            .find(Kind.DEPLOYMENT, CoreChart.NAMESPACE, deployment)
            .map(found -> found.path("status").path("readyReplicas").asInt())
            .orElse(0)
        > 0;
  }

  private void notReady(String message) {
    write(cluster -> ClusterObject.condition(cluster, "Ready", false, "Ready", message));
    failed("failed to sync cluster " + name + ": " + message);
  }

  /** Only the two names are taken off, and only where the cluster was last seen to be ready. */
  private void remove(ObjectNode cluster) {
    if (!ClusterObject.hasFinalizer(cluster)) {
      return;
    }
    if (ClusterObject.holds(cluster, "Ready")) {
      try {
        ObjectNode names = Json.object();
        Json.at(names, "metadata", "annotations").putNull(NAME_OF_CLUSTER).putNull(NAME_OF_HOST);
        access
            .client(cluster)
            .as("ks-controller-manager", "controller-manager")
            .mergePatch(Kind.NAMESPACE, null, CoreChart.NAMESPACE, names);
      } catch (HostKubeconfig.Unreadable | ApiException e) {
        log.accept("failed to get cluster client: " + e.getMessage() + ", skipping cleanup");
      }
    }
    write(ClusterObject::removeFinalizer);
  }

  private static String server(ObjectNode cluster) {
    try {
      return HostKubeconfig.of(ClusterObject.kubeconfig(cluster)).server();
    } catch (HostKubeconfig.Unreadable e) {
      return ClusterObject.endpoint(cluster);
    }
  }

  private static boolean configChanged(ObjectNode cluster) {
    return !hash(cluster).equals(cluster.path("metadata").path("annotations").path(HASH).asText());
  }

  /** FNV-1a of the configuration, as a number. */
  private static String hash(ObjectNode cluster) {
    long hash = 0xcbf29ce484222325L;
    for (byte each : Base64.getDecoder().decode(cluster.path("spec").path("config").asText())) {
      hash = (hash ^ (each & 0xff)) * 0x100000001b3L;
    }
    return Long.toUnsignedString(hash);
  }

  private void write(Consumer<ObjectNode> change) {
    var unused =
        api.edit(
            Definitions.CLUSTER,
            null,
            name,
            cluster -> {
              ClusterObject.dropEmpty(cluster);
              change.accept(cluster);
            });
  }
}
