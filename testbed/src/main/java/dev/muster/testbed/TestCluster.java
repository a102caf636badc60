package dev.muster.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One real kube-apiserver of a fleet, with nothing behind it: no controller manager (a deleted
 * namespace stays Terminating, a Deployment makes no pods), no scheduler, no node but the stand-in.
 */
public final class TestCluster {
  private static final Duration READY_WITHIN = Duration.ofMinutes(2);

  /** What all clusters of a fleet share. */
  record Shared(Path folder, Binaries binaries, Identity identity, HttpClient http, URI etcd) {}

  private final String name;
  private final String serviceRange;
  private final Shared shared;
  private final String token = randomToken();
  private final String auditedToken = randomToken();
  private final String powerlessToken = randomToken();
  private final Audit audit;
  private final PodNetwork network;
  private volatile int port;
  private volatile @Nullable Program program;
  private volatile boolean ended;
  private @Nullable Kubelet kubelet;

  TestCluster(String name, String serviceRange, Shared shared) throws IOException {
    this.name = name;
    this.serviceRange = serviceRange;
    this.shared = shared;
    this.network = new PodNetwork();
    this.port = Program.freePort();
    this.audit = new Audit(shared.folder().resolve(name + "-audit.log"));
    Files.writeString(auditPolicy(), Audit.POLICY);
    Files.writeString(
        tokens(),
        "%s,admin,admin,\"system:masters\"%n%s,audited,audited,\"system:masters\"%n%s,powerless,powerless%n"
            .formatted(token, auditedToken, powerlessToken));
  }

  public String name() {
    return name;
  }

  /** Where the API server listens; stays the same over {@link #stop} and {@link #start}. */
  public URI url() {
    return URI.create("https://127.0.0.1:" + port);
  }

  /** A bearer token that may do everything. */
  public String token() {
    return token;
  }

  /** A bearer token that may do everything as well, and whose requests are in {@link #audit}. */
  public String auditedToken() {
    return auditedToken;
  }

  /** A bearer token of a user who has no rights at all; its requests are in {@link #audit} too. */
  public String powerlessToken() {
    return powerlessToken;
  }

  /**
   * ClusterIPs come from here: loopback addresses, so that a stand-in can really listen on one of
   * them.
   */
  public String serviceRange() {
    return serviceRange;
  }

  /** Requests as the administrator. */
  public Api api() {
    return apiAs(token);
  }

  public Api apiAs(String bearerToken) {
    return new Api(shared.http(), url(), bearerToken);
  }

  /** What the server has been asked under the audited tokens. */
  public Audit audit() {
    return audit;
  }

  /** The addresses of pods, as this API server sees them when it proxies to a Service or a pod. */
  public PodNetwork network() {
    return network;
  }

  /** What runs on the nodes of this cluster, and has the logs of their pods. */
  public synchronized Kubelet kubelet() {
    if (kubelet == null) {
      try {
        kubelet = new Kubelet(shared.identity().tls());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return kubelet;
  }

  /**
   * Adds a node, or takes over one that is there: logs of its pods then come from {@link #kubelet}.
   */
  public void addNode(String node) {
    Api.Reply created = api().create("/api/v1/nodes", kubelet().node(node));
    if (created.status() == 409) {
      api().mergePatch("/api/v1/nodes/" + node + "/status", kubelet().nodeStatus()).ok();
    } else {
      created.ok();
    }
  }

  /** Adds kinds and returns when objects of them can be created. */
  public void install(Crd... kinds) {
    for (Crd kind : kinds) {
      api().create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", kind.yaml()).ok();
    }
    for (Crd kind : kinds) {
      Wait.until("kind " + kind + " is served", () -> api().get(kind.path()).status() == 200);
    }
  }

  public void createNamespace(String namespace) {
    String object = "{\"metadata\":{\"name\":\"%s\"}}".formatted(namespace);
    api().create("/api/v1/namespaces", object).ok();
  }

  /**
   * Adds a pod with one container that is Running on the node {@link Kubelet#NODE}, so that it has
   * a log, with an IP that {@link #network} may lead somewhere.
   */
  public void runPod(String namespace, String pod, String container, String podIp) {
    addNode(Kubelet.NODE);
    String pods = "/api/v1/namespaces/" + namespace + "/pods";
    String object =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, labels: {app: %s}}
        spec: {nodeName: %s, containers: [{name: %s, image: none}]}
        """;
    api().create(pods, object.formatted(pod, pod, Kubelet.NODE, container)).ok();
    String status =
        """
        {"status":{"phase":"Running","podIP":"%s","podIPs":[{"ip":"%s"}],
        "conditions":[{"type":"Ready","status":"True"}],
        "containerStatuses":[{"name":"%s","ready":true,"restartCount":0,"image":"none","imageID":"",
        "state":{"running":{"startedAt":"%s"}}}]}}
        """;
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    api()
        .mergePatch(pods + "/" + pod + "/status", status.formatted(podIp, podIp, container, now))
        .ok();
  }

  /** Makes the cluster unreachable at once: connections break, new ones are refused. */
  public synchronized void stop() {
    Program running = program;
    if (running != null) {
      running.kill();
      program = null;
    }
  }

  /** Starts the API server again, with the objects it had, and returns when it is ready. */
  public void start() {
    launch();
    awaitReady(false);
  }

  /** Ends everything for good, also while another thread waits for the server to get ready. */
  synchronized void end() {
    ended = true;
    stop();
    if (kubelet != null) {
      kubelet.end();
    }
    network.end();
  }

  synchronized void launch() {
    Program before = program;
    if (ended || (before != null && before.alive())) {
      return;
    }
    try {
      String proxy = network.address().toString();
      Map<String, String> environment = Map.of("HTTPS_PROXY", proxy, "HTTP_PROXY", proxy);
      program = Program.start(command(), environment, log(), "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the server serves; if it finds its port taken it may move to another one. */
  void awaitReady(boolean mayMove) {
    Wait.until(
        READY_WITHIN,
        "cluster " + name + " is ready",
        () -> {
          Program started = program;
          if (ended || started == null) {
            throw new IllegalStateException("cluster " + name + " was stopped while it started");
          }
          if (!started.alive()) {
            if (!started.lastWords().contains("address already in use")) {
              throw new IllegalStateException(
                  "kube-apiserver of " + name + " ended:\n" + started.lastWords());
            }
            if (mayMove) {
              port = Program.freePort();
            }
            Files.deleteIfExists(log());
            launch();
          }
          return serves();
        });
  }

  /** Ready is said a moment before the system namespaces exist, whose uid is the identity. */
  private boolean serves() {
    try {
      return api().get("/readyz").status() == 200
          && api().get("/api/v1/namespaces/kube-system").status() == 200
          && api().get("/api/v1/namespaces/default").status() == 200;
    } catch (UncheckedIOException e) {
      // Nothing listens yet; a server that has ended is noticed by the caller.
      return false;
    }
  }

  private Path log() {
    return shared.folder().resolve(name + ".log");
  }

  private Path tokens() {
    return shared.folder().resolve(name + "-tokens.csv");
  }

  private Path auditPolicy() {
    return shared.folder().resolve("audit-policy.yaml");
  }

  private List<String> command() {
    Identity identity = shared.identity();
    return List.of(
        shared.binaries().apiServer().toString(),
        "--etcd-servers=" + shared.etcd(),
        "--etcd-prefix=/registry/" + name,
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        "--secure-port=" + port,
        "--tls-cert-file=" + identity.certificate(),
        "--tls-private-key-file=" + identity.key(),
        "--cert-dir=" + shared.folder(),
        "--token-auth-file=" + tokens(),
        // The fleet's own certificate may be presented by clients too: as user "muster testbed".
        "--client-ca-file=" + identity.certificate(),
        "--authorization-mode=RBAC",
        "--audit-policy-file=" + auditPolicy(),
        "--audit-log-path=" + audit.file(),
        "--disable-admission-plugins=ServiceAccount",
        "--service-account-issuer=https://kubernetes.default.svc",
        "--service-account-key-file=" + identity.certificate(),
        "--service-account-signing-key-file=" + identity.key(),
        "--service-cluster-ip-range=" + serviceRange,
        // The Endpoints of Service kubernetes would be 127.0.0.1, which an API server refuses.
        "--endpoint-reconciler-type=none",
        "--kubelet-preferred-address-types=InternalIP",
        "--allow-privileged=true",
        // Costs CPU at rest and guards against a load that tests do not make.
        "--enable-priority-and-fairness=false",
        "--profiling=false");
  }

  private static String randomToken() {
    byte[] bytes = new byte[16];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
