package dev.muster.sandbox.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.ApiException;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.client.Watcher;
import dev.muster.sandbox.client.WorkerPool;
import dev.muster.sandbox.controller.env.ClusterEndpoint;
import dev.muster.sandbox.controller.env.Timing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for the Deployment controller, the scheduler and the kubelet in one namespace of one
 * cluster: makes the pods of each Deployment, writes both statuses, and starts the program that
 * belongs to the Deployment's name. A changed template first takes the old pod away, so that a
 * restart is seen as a moment without one.
 */
public final class Workloads implements AutoCloseable {
  private static final String FOREGROUND = "foregroundDeletion";
  private static final Duration AGAIN = Duration.ofMillis(500);
  private static final AtomicLong SEED = new AtomicLong(System.nanoTime());

  private final ClusterEndpoint cluster;
  private final ApiClient api;
  private final Timing timing;
  private final String namespace;
  private final String node;
  private final String podNetwork;
  private final Map<String, Program> programs;
  private final WorkerPool.Strand strand;
  private final Map<String, Work> works = new HashMap<>();
  private @Nullable Watcher watcher;
  private int pods;

  /** What this class remembers of one Deployment. */
  private static final class Work {
    String uid = "";
    String hash = "";
    int replicas = -1;
    int attempt;
    boolean running;
    final List<String> pods = new ArrayList<>();
  }

  /**
   * @param node the node that all pods are on
   * @param podNetwork the first three numbers of the pods' addresses
   * @param programs the program of each Deployment that has one, by the Deployment's name
   */
  public Workloads(
      ClusterEndpoint cluster,
      Timing timing,
      WorkerPool pool,
      String namespace,
      String node,
      String podNetwork,
      Map<String, Program> programs) {
    this.cluster = cluster;
    this.api = cluster.api().as("workloads", "kube-controller-manager");
    this.timing = timing;
    this.namespace = namespace;
    this.node = node;
    this.podNetwork = podNetwork;
    this.programs = Map.copyOf(programs);
    this.strand = pool.strand();
  }

  public void start() {
    watcher = Watcher.start(api, Kind.DEPLOYMENT, namespace, strand, this::on);
  }

  /** Stops watching; the programs are not told, as by a power cut. */
  @Override
  public void close() {
    if (watcher != null) {
      watcher.close();
    }
  }

  private void on(Watcher.Event event) {
    ObjectNode deployment = event.object();
    String name = Json.name(deployment);
    Work work = works.computeIfAbsent(name, ignored -> new Work());
    boolean another = !work.uid.isEmpty() && !work.uid.equals(Json.uid(deployment));
    if (event.type() == Watcher.EventType.DELETED || another || Json.isBeingDeleted(deployment)) {
      remove(name, work, deployment);
      if (!another) {
        return;
      }
      work = works.computeIfAbsent(name, ignored -> new Work());
    }
    int wanted = deployment.path("spec").path("replicas").asInt(1);
    String hash = Deployments.hash(deployment.path("spec").path("template"));
    if (hash.equals(work.hash) && wanted == work.replicas) {
      observe(deployment);
      return;
    }
    boolean first = work.uid.isEmpty();
    work.uid = Json.uid(deployment);
    work.hash = hash;
    work.replicas = wanted;
    int attempt = ++work.attempt;
    Work current = work;
    // The watch tells of this change once; an API server that is away now must not make it lost.
    strand.untilAccepted(AGAIN, () -> roll(deployment, current, first, attempt));
  }

  private void roll(ObjectNode deployment, Work work, boolean first, int attempt) {
    if (work.attempt != attempt) {
      return;
    }
    if (first) {
      // A second try finds the pods anew.
      work.pods.clear();
    }
    if (first && adopt(deployment, work)) {
      return;
    }
    String name = Json.name(deployment);
    stop(name, work);
    writeStatus(deployment, Deployments.status(deployment, 0, 0, 0));
    if (work.replicas > 0) {
      Duration delay = first ? timing.step() : timing.rollout();
      strand.after(delay, () -> strand.untilAccepted(AGAIN, () -> create(name, work, attempt)));
    }
  }

  /** A change of something else than the template: only the generation is acknowledged. */
  private void observe(ObjectNode deployment) {
    long generation = deployment.path("metadata").path("generation").asLong();
    if (deployment.path("status").path("observedGeneration").asLong() < generation) {
      ObjectNode status = Json.object();
      status.put("observedGeneration", generation);
      writeStatus(deployment, status);
    }
  }

  private void remove(String name, Work work, ObjectNode deployment) {
    work.attempt++;
    stop(name, work);
    works.remove(name);
    for (JsonNode finalizer : deployment.path("metadata").path("finalizers")) {
      if (finalizer.asText().equals(FOREGROUND)) {
        api.edit(Kind.DEPLOYMENT, namespace, name, Workloads::dropForeground);
      }
    }
  }

  private static void dropForeground(ObjectNode deployment) {
    ArrayNode kept = Json.array();
    for (JsonNode finalizer : deployment.path("metadata").path("finalizers")) {
      if (!finalizer.asText().equals(FOREGROUND)) {
        kept.add(finalizer);
      }
    }
    Json.at(deployment, "metadata").set("finalizers", kept);
  }

  private void stop(String name, Work work) {
    Program program = programs.get(name);
    if (work.running && program != null) {
      program.stopped();
    }
    work.running = false;
    for (String pod : work.pods) {
      api.delete(Kind.POD, namespace, pod);
    }
    work.pods.clear();
  }

  /**
   * Takes over the running pods that an earlier simulation left; other pods of the Deployment go.
   */
  private boolean adopt(ObjectNode deployment, Work work) {
    List<ObjectNode> found = new ArrayList<>();
    for (ObjectNode pod : api.items(Kind.POD, namespace)) {
      if (Json.name(pod).startsWith(Json.name(deployment) + "-" + work.hash + "-")
          && pod.path("status").path("phase").asText().equals("Running")) {
        found.add(pod);
      }
    }
    if (found.isEmpty() || found.size() != work.replicas) {
      found.forEach(pod -> work.pods.add(Json.name(pod)));
      return false;
    }
    found.forEach(pod -> work.pods.add(Json.name(pod)));
    String ip = found.get(0).path("status").path("podIP").asText();
    begin(deployment, work, Json.name(found.get(0)), ip);
    return true;
  }

  private void create(String name, Work work, int attempt) {
    Optional<ObjectNode> found = current(name, work, attempt);
    if (found.isEmpty()) {
      return;
    }
    ObjectNode deployment = found.get();
    JsonNode spec = deployment.path("spec").path("template").path("spec");
    Optional<String> refusal = missingAccount(spec);
    if (refusal.isPresent()) {
      String message = "pods \"" + name + "-" + work.hash + "-\" is forbidden: " + refusal.get();
      ObjectNode status = Deployments.refused(deployment, message);
      if (!deployment.at("/status/conditions/2/message").asText().equals(message)) {
        writeStatus(deployment, status);
      }
      strand.after(
          timing.podStart().multipliedBy(2),
          () -> strand.untilAccepted(AGAIN, () -> create(name, work, attempt)));
      return;
    }
    for (int i = work.pods.size(); i < work.replicas; i++) {
      String pod = name + "-" + work.hash + "-" + Deployments.letters(SEED.incrementAndGet(), 5);
      ObjectNode created = Deployments.pod(deployment, pod, node);
      try {
        api.create(Kind.POD, created);
      } catch (ApiException e) {
        if (e.status() != 403) {
          throw e;
        }
        // A bare API server has nobody who makes the default account, yet asks for it.
        ensureDefaultAccount();
        api.create(Kind.POD, created);
      }
      api.patchStatus(
          Kind.POD, namespace, pod, Deployments.podStatus(created.path("spec"), "Pending", ""));
      work.pods.add(pod);
    }
    writeStatus(deployment, Deployments.status(deployment, work.replicas, work.replicas, 0));
    strand.after(
        timing.podStart(), () -> strand.untilAccepted(AGAIN, () -> run(name, work, attempt)));
  }

  private void run(String name, Work work, int attempt) {
    Optional<ObjectNode> found = current(name, work, attempt);
    if (found.isEmpty()) {
      return;
    }
    ObjectNode deployment = found.get();
    JsonNode spec = deployment.path("spec").path("template").path("spec");
    if (missingConfigMap(spec)) {
      // ContainerCreating until the volume can be mounted.
      strand.after(
          timing.podStart(), () -> strand.untilAccepted(AGAIN, () -> run(name, work, attempt)));
      return;
    }
    String firstIp = "";
    for (String pod : work.pods) {
      String ip = podNetwork + "." + (2 + pods++ % 250);
      firstIp = firstIp.isEmpty() ? ip : firstIp;
      api.patchStatus(Kind.POD, namespace, pod, Deployments.podStatus(spec, "Running", ip));
    }
    begin(deployment, work, work.pods.get(0), firstIp);
  }

  private void begin(ObjectNode deployment, Work work, String pod, String ip) {
    work.running = true;
    int count = work.replicas;
    writeStatus(deployment, Deployments.status(deployment, count, count, count));
    Program program = programs.get(Json.name(deployment));
    if (program != null) {
      JsonNode template = deployment.path("spec").path("template");
      program.started(new RunningPod(namespace, pod, ip, template, cluster.logs()));
    }
  }

  /** The Deployment, unless something newer has happened to it meanwhile. */
  private Optional<ObjectNode> current(String name, Work work, int attempt) {
    if (work.attempt != attempt || works.get(name) != work || watcher == null) {
      return Optional.empty();
    }
    return watcher.copy(namespace, name);
  }

  private Optional<String> missingAccount(JsonNode spec) {
    String account = spec.path("serviceAccountName").asText();
    if (account.isEmpty() || api.find(Kind.SERVICE_ACCOUNT, namespace, account).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        "error looking up service account "
            + namespace
            + "/"
            + account
            + ": serviceaccount \""
            + account
            + "\" not found");
  }

  private boolean missingConfigMap(JsonNode spec) {
    for (JsonNode volume : spec.path("volumes")) {
      String wanted = volume.path("configMap").path("name").asText();
      if (!wanted.isEmpty() && api.find(Kind.CONFIG_MAP, namespace, wanted).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private void ensureDefaultAccount() {
    ObjectNode account = Json.object();
    account.putObject("metadata").put("name", "default").put("namespace", namespace);
    api.createIfAbsent(Kind.SERVICE_ACCOUNT, account);
  }

  private void writeStatus(ObjectNode deployment, ObjectNode status) {
    try {
      api.patchStatus(Kind.DEPLOYMENT, namespace, Json.name(deployment), status);
    } catch (ApiException e) {
      if (!e.isNotFound()) {
        throw e;
      }
    }
  }
}
