package dev.muster.kube;

import dev.muster.bound.Bounds;
import dev.muster.credential.Expiry;
import dev.muster.live.Cluster;
import dev.muster.problem.MusterException;
import dev.muster.resource.Redactor;
import dev.muster.wire.Doors;
import dev.muster.wire.Endpoint;
import dev.muster.wire.Feeds;
import dev.muster.wire.Lanes;
import dev.muster.wire.Tls;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Opens clusters. All of them share a few threads and what was read of kubeconfig files; closing
 * this closes them all.
 */
public final class KubeClusters implements AutoCloseable {
  static {
    JvmSettings.apply();
  }

  /** What becomes of writes. */
  public enum Writes {
    /** They take effect. */
    REAL,
    /** The servers check them in full and answer as if, but store nothing. */
    SERVER_DRY_RUN
  }

  /** Seconds; who waits at a gate wants to know soon that a connection has died silently. */
  private static final int SHORT_STREAM = 55;

  /** Seconds; dead connections are found by TCP itself then, see {@link dev.muster.wire.Feed}. */
  private static final int LONG_STREAM = 300;

  private final String agent;
  private final Timeouts timeouts;
  private final Writes writes;
  private final Map<String, String> environment;
  private final Path home;
  private final Pace pace;
  private final Redactor redactor;
  private final Kubeconfig.Cache kubeconfigs = new Kubeconfig.Cache();
  private final ExecPlugin.Cache plugins = new ExecPlugin.Cache();
  private final TlsContexts contexts;
  private final OpenLines open = OpenLines.light();
  private final OpenLines heavy = OpenLines.heavy();
  private final Doors doors = new Doors();
  private final Feeds feeds;
  private final boolean standing;
  private final ExecutorService network = threads("network", 8);
  private final ExecutorService events = threads("events", 16);
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, factory("timer"));
  private final ScheduledThreadPoolExecutor deadlines =
      new ScheduledThreadPoolExecutor(1, factory("deadlines"));
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
        redactor,
        TlsKind.chosen(),
        false);
  }

  /**
   * Clusters of which very many objects are watched for very long: each watch has a connection of
   * its own, without a thread, and refusals are told at once. Otherwise as this process'
   * environment has them.
   *
   * @param redactor learns every login that is used
   */
  public static KubeClusters watched(String version, Timeouts timeouts, Redactor redactor) {
    return new KubeClusters(
        version,
        timeouts,
        Writes.REAL,
        System.getenv(),
        Path.of(System.getProperty("user.home")),
        Pace.patient(),
        redactor,
        TlsKind.chosen(),
        true);
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
    this(version, timeouts, writes, environment, home, pace, new Redactor(), TlsKind.AUTO, false);
  }

  KubeClusters(
      String version,
      Timeouts timeouts,
      Writes writes,
      Map<String, String> environment,
      Path home,
      Pace pace,
      Redactor redactor,
      TlsKind kind,
      boolean standing) {
    this.contexts = new TlsContexts(kind);
    this.standing = standing;
    this.redactor = redactor;
    this.agent = "muster/" + version;
    this.timeouts = timeouts;
    this.writes = writes;
    this.environment = Map.copyOf(environment);
    this.home = home;
    this.pace = pace;
    timer.setRemoveOnCancelPolicy(true);
    deadlines.setRemoveOnCancelPolicy(true);
    feeds = new Feeds(deadlines);
  }

  /**
   * Puts the library that speaks TLS to many clusters where the JVM finds it, see {@code
   * java.library.path}; otherwise each process that needs it writes it into the folder for
   * temporary files first.
   */
  public static void keepLibrary(Path folder) throws IOException {
    Tls.keepLibrary(folder);
  }

  /**
   * Gets ready for so many clusters, in a thread of its own: what many need is loaded while files
   * are still read.
   */
  public KubeClusters expecting(int number) {
    contexts.expect(number);
    return this;
  }

  /**
   * A cluster under its name in the topology. Nothing is read or connected before it is used, so
   * this cannot fail; a bad kubeconfig is the failure of each request.
   */
  public Cluster cluster(String name, Access access) {
    return cluster(name, () -> connect(access));
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
    return cluster(name, () -> connect(Kubeconfig.selfContained(kubeconfig), "its kubeconfig"));
  }

  private Cluster cluster(String name, Supplier<Connection> opener) {
    Line line = new Line(opener, open, heavy, pace);
    Cluster cluster = new KubeCluster(name, line, writes, machinery());
    clusters.add(cluster);
    return cluster;
  }

  private Rounds.Machinery machinery() {
    return standing
        ? new Rounds.Machinery(events, timer, pace, LONG_STREAM, true, feeds, timeouts)
        : new Rounds.Machinery(events, timer, pace, SHORT_STREAM, false, feeds, timeouts);
  }

  private Connection connect(Access access) {
    List<Path> files = files(access.kubeconfigs());
    Kubeconfig.Chosen chosen = Kubeconfig.choose(files, access.context(), kubeconfigs::read);
    return connect(chosen, "context \"" + access.context() + "\"");
  }

  private Connection connect(Kubeconfig.Chosen chosen, String what) {
    Login login = Login.of(chosen, timeouts, agent, environment, plugins);
    login.proxy().map(Proxy::password).ifPresent(redactor::learn);
    try {
      URI address = login.address();
      boolean secured = address.getScheme().equals("https");
      Optional<Tls> tls = Optional.empty();
      if (secured) {
        tls = Optional.of(contexts.get(login.trust(), clusters.size()));
      } else {
        Tls.check(login.trust());
      }
      String host = address.getHost().replaceAll("[\\[\\]]", "");
      String name = login.tlsName().isEmpty() ? host : login.tlsName();
      if (!login.tlsName().isEmpty() && !Tls.askable(name)) {
        throw new IllegalArgumentException("no host name");
      }
      int port = address.getPort() < 0 ? (secured ? 443 : 80) : address.getPort();
      Optional<Lanes> lanes =
          login.proxy().isPresent()
              ? Optional.empty()
              : Optional.of(
                  new Lanes(new Endpoint(host, port, tls, name), doors, deadlines, limits()));
      Optional<Tls> used = tls;
      return new Connection(login, lanes, () -> streams(login, used, what), redactor);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw unusable(what);
    }
  }

  private Lanes.Limits limits() {
    return new Lanes.Limits(
        TimeUnit.SECONDS.toNanos(timeouts.connect()),
        TimeUnit.SECONDS.toNanos(timeouts.request()),
        Bounds.ANSWER);
  }

  private Streams streams(Login login, Optional<Tls> tls, String what) {
    try {
      return Streams.open(login, tls, timeouts, network);
    } catch (IllegalArgumentException e) {
      throw unusable(what);
    }
  }

  /** The cause's message may quote what could not be read, which may be a key. */
  private static NoAccess unusable(String what) {
    return new NoAccess("the certificates or the proxy of " + what + " cannot be used");
  }

  @Override
  public void close() {
    clusters.forEach(Cluster::close);
    timer.shutdownNow();
    feeds.close();
    // Not at once: what is still on its way has to end.
    deadlines.shutdown();
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
}
