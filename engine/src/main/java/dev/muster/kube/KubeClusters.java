package dev.muster.kube;

import dev.muster.credential.Expiry;
import dev.muster.live.Cluster;
import dev.muster.problem.MusterException;
import dev.muster.resource.Redactor;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;

/**
 * Opens clusters. All of them share a few threads and what was read of kubeconfig files; closing
 * this closes them all.
 */
public final class KubeClusters implements AutoCloseable {
  private static final int OPEN_CLIENTS = 64;

  /** Held on to, because the logging system forgets the level of a logger that nobody holds. */
  private static final Logger FABRIC8 = Logger.getLogger("io.fabric8");

  static {
    // Its warnings are about things that this package handles, and would stand among our output.
    if (FABRIC8.getLevel() == null) {
      FABRIC8.setLevel(Level.SEVERE);
    }
    JvmSettings.apply();
  }

  /** What becomes of writes. */
  public enum Writes {
    /** They take effect. */
    REAL,
    /** The servers check them in full and answer as if, but store nothing. */
    SERVER_DRY_RUN
  }

  private final String agent;
  private final Timeouts timeouts;
  private final Writes writes;
  private final Map<String, String> environment;
  private final Path home;
  private final Pace pace;
  private final Redactor redactor;
  private final Kubeconfig.Cache kubeconfigs = new Kubeconfig.Cache();
  private final ExecPlugin.Cache plugins = new ExecPlugin.Cache();
  private final OpenLines open = new OpenLines(OPEN_CLIENTS);
  private final ExecutorService network = threads("network", 8);
  private final ExecutorService events = threads("events", 16);
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, factory("timer"));
  private final Set<Cluster> clusters = ConcurrentHashMap.newKeySet();

  /**
   * Clusters as this process' environment has them.
   *
   * @param version muster's own, told to the servers
   * @param redactor learns every login that is used
   */
  public KubeClusters(String version, Timeouts timeouts, Writes writes, Redactor redactor) {
    this(
        version,
        timeouts,
        writes,
        System.getenv(),
        Path.of(System.getProperty("user.home")),
        Pace.standard(),
        redactor);
  }

  /** As above, of logins that nobody else needs to know. */
  public KubeClusters(String version, Timeouts timeouts, Writes writes) {
    this(version, timeouts, writes, new Redactor());
  }

  KubeClusters(
      String version,
      Timeouts timeouts,
      Writes writes,
      Map<String, String> environment,
      Path home,
      Pace pace) {
    this(version, timeouts, writes, environment, home, pace, new Redactor());
  }

  KubeClusters(
      String version,
      Timeouts timeouts,
      Writes writes,
      Map<String, String> environment,
      Path home,
      Pace pace,
      Redactor redactor) {
    this.redactor = redactor;
    this.agent = "muster/" + version;
    this.timeouts = timeouts;
    this.writes = writes;
    this.environment = Map.copyOf(environment);
    this.home = home;
    this.pace = pace;
    timer.setRemoveOnCancelPolicy(true);
  }

  /**
   * A cluster under its name in the topology. Nothing is read or connected before it is used, so
   * this cannot fail; a bad kubeconfig is the failure of each request.
   */
  public Cluster cluster(String name, Access access) {
    Line line = new Line(() -> connect(access), open, pace);
    Cluster cluster =
        new KubeCluster(name, line, writes, new ObjectWatch.Machinery(events, timer, pace));
    clusters.add(cluster);
    return cluster;
  }

  /**
   * The contexts that there are, in the order of the files.
   *
   * @param files as in {@link Access}
   * @throws MusterException when a file cannot be read
   */
  public List<String> contexts(List<Path> files) {
    try {
      return files(files).stream()
          .flatMap(file -> kubeconfigs.read(file).contexts().keySet().stream())
          .distinct()
          .toList();
    } catch (NoAccess e) {
      throw MusterException.of(e.failure().message(), "name the right file with --kubeconfig");
    }
  }

  /**
   * When the credential of a context runs out, when it says so itself. One that is made anew each
   * time, by a program or in a file that is rotated, does not.
   */
  public Optional<Expiry> expiry(Access access) {
    try {
      List<Path> files = files(access.kubeconfigs());
      return Kubeconfig.choose(files, access.context(), kubeconfigs::read).user().expiry();
    } catch (NoAccess e) {
      return Optional.empty();
    }
  }

  private List<Path> files(List<Path> named) {
    return named.isEmpty() ? Kubeconfig.defaults(environment, home) : named;
  }

  /**
   * A cluster behind a kubeconfig that somebody else made: nothing outside its text is used,
   * neither files nor programs.
   */
  public Cluster cluster(String name, String kubeconfig) {
    Line line =
        new Line(() -> connect(Kubeconfig.selfContained(kubeconfig), "its kubeconfig"), open, pace);
    Cluster cluster =
        new KubeCluster(name, line, writes, new ObjectWatch.Machinery(events, timer, pace));
    clusters.add(cluster);
    return cluster;
  }

  private Connection connect(Access access) {
    List<Path> files = files(access.kubeconfigs());
    Kubeconfig.Chosen chosen = Kubeconfig.choose(files, access.context(), kubeconfigs::read);
    return connect(chosen, "context \"" + access.context() + "\"");
  }

  private Connection connect(Kubeconfig.Chosen chosen, String what) {
    Optional<Relay> relay = Optional.empty();
    boolean done = false;
    try {
      Login login = Login.of(chosen, timeouts, agent, environment, plugins);
      login.relayed().map(Proxy::password).ifPresent(redactor::learn);
      Config config = login.config();
      Optional.ofNullable(config.getProxyPassword()).ifPresent(redactor::learn);
      URI server = URI.create(login.server());
      if (login.relayed().isPresent()) {
        Relay made =
            new Relay(
                login.relayed().get(), server, SSLUtils.sslContext(config), config.isTrustCerts());
        relay = Optional.of(made);
        Login.proxy(config, made.address(), Relay.USER, made.password(), server);
      }
      Optional<SSLContext> named = Optional.empty();
      if (!login.tlsName().isEmpty()) {
        named = Optional.of(NamedTls.of(SSLUtils.sslContext(config), login.tlsName()));
      }
      HttpClient.Builder builder = new Factory(network, named).newBuilder(config);
      Connection connection = new Connection(builder.build(), relay, login, timeouts, redactor);
      done = true;
      return connection;
    } catch (GeneralSecurityException
        | IOException
        | KubernetesClientException
        | IllegalArgumentException e) {
      // Its message may quote what it could not read, which may be a key.
      throw new NoAccess("the certificates or the proxy of " + what + " cannot be used");
    } finally {
      if (!done) {
        relay.ifPresent(Relay::close);
      }
    }
  }

  @Override
  public void close() {
    clusters.forEach(Cluster::close);
    timer.shutdownNow();
    events.shutdown();
    network.shutdown();
  }

  private static ExecutorService threads(String name, int most) {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            most, most, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory(name));
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  private static ThreadFactory factory(String name) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, "muster-" + name + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Lets all clients share their threads. */
  private static final class Factory extends JdkHttpClientFactory {
    private final Executor executor;
    private final Optional<SSLContext> tls;

    Factory(Executor executor, Optional<SSLContext> tls) {
      this.executor = executor;
      this.tls = tls;
    }

    @Override
    protected java.net.http.HttpClient.Builder createNewHttpClientBuilder() {
      return java.net.http.HttpClient.newBuilder().executor(executor);
    }

    /** No API server redirects; what does would get our Authorization header. */
    @Override
    protected void additionalConfig(java.net.http.HttpClient.Builder builder) {
      builder.followRedirects(java.net.http.HttpClient.Redirect.NEVER);
      tls.ifPresent(builder::sslContext);
    }
  }
}
