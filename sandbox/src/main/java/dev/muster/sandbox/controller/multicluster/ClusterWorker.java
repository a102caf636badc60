package dev.muster.sandbox.controller.multicluster;

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
import dev.muster.sandbox.controller.env.Timing;
import dev.muster.sandbox.controller.install.Definitions;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** What the cluster controller does about one Cluster object, one thing at a time. */
final class ClusterWorker {
  private static final ApiException NO_ANSWER = new ApiException(0, "Unreachable", "no answer");
  private static final Allocation.Backend NO_TOWER = new Allocation.Backend("10.244.0.254", "");

  private final String name;
  private final ApiClient api;
  private final Members members;
  private final Federation federation;
  private final Allocation allocation;
  private final Tower tower;
  private final Timing timing;
  private final KubeSphereVersion version;
  private final WorkerPool.Strand strand;
  private final BooleanSupplier active;
  private final Consumer<String> log;
  private boolean timingOut;

  ClusterWorker(
      String name,
      ApiClient api,
      Members members,
      Federation federation,
      Tower tower,
      Timing timing,
      KubeSphereVersion version,
      WorkerPool.Strand strand,
      BooleanSupplier active,
      Consumer<String> log) {
    this.name = name;
    this.api = api;
    this.members = members;
    this.federation = federation;
    this.allocation = new Allocation(api);
    this.tower = tower;
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
    if (!active.getAsBoolean()) {
      return;
    }
    try {
      Optional<ObjectNode> found = api.find(Definitions.CLUSTER, null, name);
      if (found.isPresent()) {
        sync(found.get());
      }
    } catch (ApiException e) {
      // Not tried again before the next event or resync: so does the real one once it has recorded
      // its failure.
      log.accept("Failed to sync cluster " + name + ": " + e.getMessage());
      if (e.reason().equals("Unreachable")) {
        // Nobody refused it: its own API server was away, and then no event would ever bring back
        // what was missed meanwhile, such as a deletion.
        strand.after(timing.retry(), this::sync);
      }
    }
  }

  private void sync(ObjectNode cluster) {
    if (Json.isBeingDeleted(cluster)) {
      remove(cluster);
      return;
    }
    if (!ClusterObject.hasFinalizer(cluster)) {
      write(ClusterObject::addFinalizer);
    }
    if (!version.atLeast(3, 1)
        && ClusterObject.isProxy(cluster)
        && !ClusterObject.holds(cluster, "Initialized")) {
      allocate(cluster);
      return;
    }
    if (!ClusterObject.joinsFederation(cluster) || ClusterObject.kubeconfig(cluster).isEmpty()) {
      return;
    }
    Optional<ApiClient> member;
    try {
      member = members.client(cluster, name);
    } catch (HostKubeconfig.Unreadable e) {
      // Of this nothing is written into the object.
      log.accept("failed to create cluster config for " + name + ": " + e.getMessage());
      return;
    } catch (ApiException e) {
      gaveUp(e);
      return;
    }
    if (member.isPresent()) {
      reach(cluster, member.get().as("ks-controller-manager", "controller-manager"));
    } else if (!timingOut) {
      timingOut = true;
      strand.after(
          timing.clientTimeout(),
          () -> {
            timingOut = false;
            gaveUp(NO_ANSWER);
          });
    }
  }

  /** 3.0: this program does what Tower does later; the first pass only makes the Service. */
  private void allocate(ObjectNode cluster) {
    String service = Allocation.serviceName(name);
    Optional<ObjectNode> found = api.find(Kind.SERVICE, ClusterObject.NAMESPACE, service);
    if (found.isEmpty()) {
      allocation.ensureService(name, tower.ports().next(name), tower.backend().orElse(NO_TOWER));
      strand.after(timing.step(), this::sync);
      return;
    }
    int port = found.get().path("spec").path("ports").path(0).path("targetPort").asInt();
    allocation.put(
        cluster,
        port,
        tower.backend().orElse(NO_TOWER),
        written -> {
          ClusterObject.addFinalizer(written);
          ClusterObject.dropEmpty(written);
          return written;
        });
  }

  private void remove(ObjectNode cluster) {
    if (!ClusterObject.hasFinalizer(cluster)) {
      return;
    }
    federation.leave(name);
    if (!version.atLeast(3, 1)) {
      allocation.removeService(name);
      tower.ports().gone(name);
    }
    write(ClusterObject::removeFinalizer);
  }

  private void reach(ObjectNode cluster, ApiClient member) {
    boolean federated = ClusterObject.holds(cluster, "Federated");
    try {
      if (version.atLeast(3, 3) || !federated) {
        federation.join(member, name, endpoint(cluster, member));
      }
      joined(cluster, member);
    } catch (Federation.JoinFailure e) {
      failed(String.valueOf(e.getMessage()));
      strand.after(timing.podStart(), () -> Federation.fillToken(member, name));
    } catch (ApiException e) {
      gaveUp(e);
    }
  }

  /** Tower's for a proxied cluster; that of the kubeconfig otherwise. */
  private static String endpoint(ObjectNode cluster, ApiClient member) {
    String known = ClusterObject.endpoint(cluster);
    try {
      return !known.isEmpty()
          ? known
          : HostKubeconfig.of(ClusterObject.kubeconfig(cluster)).server();
    } catch (HostKubeconfig.Unreadable e) {
      return member.base().toString();
    }
  }

  private void joined(ObjectNode joined, ApiClient member) {
    Optional<Expiry> expiry;
    try {
      expiry = Expiry.of(joined, version);
    } catch (HostKubeconfig.Unreadable e) {
      // 3.3 writes nothing of a join whose kubeconfig has no certificate, so it is never Ready.
      String why =
          "parseKubeConfigExpirationDate for cluster " + name + " failed: " + e.getMessage();
      log.accept("sync KubeConfig expiration date for cluster " + name + " failed: " + why);
      return;
    }
    String kubernetes = member.serverVersion();
    int nodes = Federation.nodes(member);
    String uid = version.atLeast(3, 3) ? Federation.uid(member) : "";
    write(
        cluster -> {
          String message = "Cluster has joined federation control plane successfully";
          ClusterObject.condition(cluster, "Federated", true, "", message);
          ClusterObject.condition(cluster, "Ready", true, "Ready", "Cluster is available now");
          expiry.ifPresent(known -> known.write(cluster));
          Json.at(cluster, "spec", "connection")
              .put("kubernetesAPIEndpoint", endpoint(cluster, member));
          ObjectNode status = Json.at(cluster, "status");
          status.put("kubernetesVersion", kubernetes);
          if (nodes > 0) {
            status.put("nodeCount", nodes);
          } else {
            status.remove("nodeCount");
          }
          if (!uid.isEmpty()) {
            status.put("uid", uid);
          }
        });
    if (version.atLeast(3, 3)) {
      ConfigRewrite.apply(member, name);
    }
  }

  private void gaveUp(ApiException why) {
    if (!active.getAsBoolean()) {
      return;
    }
    Optional<ObjectNode> found = api.find(Definitions.CLUSTER, null, name);
    if (found.isEmpty() || Json.isBeingDeleted(found.get())) {
      return;
    }
    if (!version.atLeast(3, 3) && ClusterObject.holds(found.get(), "Federated")) {
      write(
          cluster ->
              ClusterObject.condition(
                  cluster,
                  "Ready",
                  false,
                  "failed to connect get kubernetes version",
                  "Cluster is not available now"));
      return;
    }
    failed(ClusterObject.isProxy(found.get()) ? throughTower(why) : directly(found.get(), why));
  }

  private String throughTower(ApiException why) {
    return why.status() != 0
        ? String.valueOf(why.getMessage())
        : "an error on the server (\"\") has prevented the request from succeeding (get serviceaccounts "
            + name
            + "-kubesphere)";
  }

  private static String directly(ObjectNode cluster, ApiException why) {
    String server;
    try {
      server = HostKubeconfig.of(ClusterObject.kubeconfig(cluster)).server();
    } catch (HostKubeconfig.Unreadable e) {
      server = ClusterObject.endpoint(cluster);
    }
    return DirectAccess.goText(why, server, "/api/v1/namespaces/" + Federation.NAMESPACE);
  }

  private void failed(String reason) {
    write(
        cluster -> {
          String message = "Cluster can not join federation control plane";
          ClusterObject.condition(cluster, "Federated", false, reason, message);
          if (version.atLeast(3, 3)) {
            ClusterObject.condition(
                cluster,
                "Ready",
                false,
                "Cluster join federation control plane failed",
                "Cluster is Not Ready now");
          }
        });
  }

  private void write(Consumer<ObjectNode> change) {
    try {
      var unused =
          api.edit(
              Definitions.CLUSTER,
              null,
              name,
              cluster -> {
                ClusterObject.dropEmpty(cluster);
                change.accept(cluster);
              });
    } catch (ApiException e) {
      log.accept("Failed to update cluster " + name + ": " + e.getMessage());
    }
  }
}
