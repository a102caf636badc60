package dev.muster.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Several real clusters: one etcd, and a kube-apiserver per name. All listen on 127.0.0.1; closing
 * the fleet, the end of this JVM in any way, or the time limit ends them all and deletes the
 * folder. Fleets can run side by side.
 */
public final class TestFleet implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofMinutes(30);

  private final Path folder;
  private final Map<String, TestCluster> clusters = new LinkedHashMap<>();
  private final Thread hook = new Thread(this::end, "testbed-end");
  private final ScheduledExecutorService limit =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "testbed-limit");
            thread.setDaemon(true);
            return thread;
          });
  private @Nullable Program etcd;
  private @Nullable Identity identity;
  private boolean ended;

  private TestFleet(Path folder) {
    this.folder = folder;
  }

  /** Starts a cluster for each name, and ends them after half an hour at the latest. */
  public static TestFleet start(String... names) {
    return start(LONGEST, names);
  }

  /**
   * Starts a cluster for each name, and ends them after the time given even if nobody closes the
   * fleet.
   */
  public static TestFleet start(Duration longest, String... names) {
    if (names.length == 0) {
      throw new IllegalArgumentException("a fleet has at least one cluster");
    }
    Binaries binaries = Binaries.locate();
    try {
      TestFleet fleet = new TestFleet(Files.createTempDirectory("muster-testbed-"));
      try {
        fleet.startAll(binaries, List.of(names));
      } catch (IOException | InterruptedException | RuntimeException e) {
        fleet.close();
        throw e;
      }
      // Only now: until here the programs' own guards do what is needed when this JVM ends.
      Runtime.getRuntime().addShutdownHook(fleet.hook);
      fleet.limit.schedule(fleet::end, longest.toMillis(), TimeUnit.MILLISECONDS);
      return fleet;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while starting the clusters", e);
    }
  }

  public TestCluster cluster(String name) {
    TestCluster cluster = clusters.get(name);
    if (cluster == null) {
      throw new IllegalArgumentException("no cluster " + name + " in " + clusters.keySet());
    }
    return cluster;
  }

  public List<TestCluster> clusters() {
    return List.copyOf(clusters.values());
  }

  /** A kubeconfig with one context per cluster, named as the cluster, as its administrator. */
  public String kubeconfig() {
    return Kubeconfig.render(clusters(), certificate(), TestCluster::token);
  }

  /** The same contexts as another administrator, whose requests the clusters write down. */
  public String auditedKubeconfig() {
    return Kubeconfig.render(clusters(), certificate(), TestCluster::auditedToken);
  }

  /** The same contexts as a user whom the clusters know but allow nothing. */
  public String powerlessKubeconfig() {
    return Kubeconfig.render(clusters(), certificate(), TestCluster::powerlessToken);
  }

  /** {@link #kubeconfig} as a file that lives as long as the fleet. */
  public Path kubeconfigFile() {
    return folder.resolve("kubeconfig.yaml");
  }

  /**
   * For servers that a test lets the clusters reach (127.0.0.1, localhost), and for clients that
   * present the certificate of {@link #key}.
   */
  public SSLContext tls() {
    return identity().tls();
  }

  /** The certificate of all servers of the fleet, as PEM text: the authority to trust. */
  public String certificate() {
    return identity().certificatePem();
  }

  /**
   * Its private key, as PEM text: with it the certificate is a client's, whom the clusters know as
   * the user {@code muster testbed}, without rights.
   */
  public String key() {
    try {
      return Files.readString(identity().key());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A folder for the test's own files, deleted with the fleet. */
  public Path folder() {
    return folder;
  }

  @Override
  public void close() {
    end();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is ending, and the hook does or did the same.
    }
  }

  private void startAll(Binaries binaries, List<String> names)
      throws IOException, InterruptedException {
    URI endpoint = startEtcd(binaries);
    identity = Identity.create(folder);
    HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .sslContext(identity().client())
            .build();
    TestCluster.Shared shared =
        new TestCluster.Shared(folder, binaries, identity(), http, endpoint);
    // Another range for each cluster, and most likely another one than in a fleet beside this one.
    int range = ThreadLocalRandom.current().nextInt(200);
    for (String name : names) {
      range = range % 200 + 1;
      TestCluster cluster = new TestCluster(name, "127." + (range + 20) + ".0.0/16", shared);
      if (clusters.put(name, cluster) != null) {
        throw new IllegalArgumentException("two clusters named " + name);
      }
      cluster.launch();
    }
    for (TestCluster cluster : clusters.values()) {
      cluster.awaitReady(true);
    }
    Files.writeString(kubeconfigFile(), kubeconfig());
  }

  private URI startEtcd(Binaries binaries) throws IOException {
    Path log = folder.resolve("etcd.log");
    for (int attempt = 1; ; attempt++) {
      int port = Program.freePort();
      URI clients = URI.create("http://127.0.0.1:" + port);
      Program started =
          Program.start(etcdCommand(binaries, clients), Map.of(), log, folder.toString());
      etcd = started;
      Wait.until("etcd listens", () -> !started.alive() || listens(port));
      if (started.alive()) {
        return clients;
      }
      if (attempt == 5 || !started.lastWords().contains("address already in use")) {
        throw new IllegalStateException("etcd ended:\n" + started.lastWords());
      }
    }
  }

  private List<String> etcdCommand(Binaries binaries, URI clients) throws IOException {
    URI peers = URI.create("http://127.0.0.1:" + Program.freePort());
    return List.of(
        binaries.etcd().toString(),
        "--name=testbed",
        "--data-dir=" + folder.resolve("etcd"),
        "--listen-client-urls=" + clients,
        "--advertise-client-urls=" + clients,
        "--listen-peer-urls=" + peers,
        "--initial-advertise-peer-urls=" + peers,
        "--initial-cluster=testbed=" + peers,
        "--log-level=error",
        // Nothing of it is to survive anything.
        "--unsafe-no-fsync");
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private synchronized void end() {
    if (ended) {
      return;
    }
    ended = true;
    limit.shutdownNow();
    clusters.values().parallelStream().forEach(TestCluster::end);
    if (etcd != null) {
      etcd.kill();
    }
    deleteFolder();
  }

  private void deleteFolder() {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> deepestFirst = new ArrayList<>(files.sorted(Comparator.reverseOrder()).toList());
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Identity identity() {
    if (identity == null) {
      throw new IllegalStateException("the fleet has not started");
    }
    return identity;
  }
}
