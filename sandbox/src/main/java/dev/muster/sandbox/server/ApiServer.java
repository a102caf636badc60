package dev.muster.sandbox.server;

import dev.muster.sandbox.server.http.Exchange;
import dev.muster.sandbox.server.http.HttpListener;
import dev.muster.sandbox.server.http.HttpRequest;
import dev.muster.sandbox.server.http.SelfSignedCertificate;
import dev.muster.sandbox.server.rest.ApiError;
import dev.muster.sandbox.server.rest.Backend;
import dev.muster.sandbox.server.rest.RequestInfo;
import dev.muster.sandbox.server.rest.Router;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Consumer;

/**
 * Any number of simulated clusters, served from one process on one loopback port, a path per
 * cluster.
 */
public final class ApiServer implements AutoCloseable {
  /**
   * The start of the user agent of the sandbox's own controllers, which are left out of the audit.
   */
  public static final String CONTROLLER_AGENT = "muster-sandbox-controller";

  private final Builder settings;
  private final Optional<SelfSignedCertificate> certificate;
  private final Map<String, SimulatedCluster> clusters =
      Collections.synchronizedMap(new LinkedHashMap<>());
  private final Map<String, String> clusterTokens =
      Collections.synchronizedMap(new LinkedHashMap<>());
  private final Tokens tokens = new Tokens();
  private final String controllerToken;
  private final ScheduledExecutorService later;
  private final HttpListener listener;

  private ApiServer(Builder settings) {
    this.settings = settings;
    this.certificate =
        settings.https
            ? Optional.of(SelfSignedCertificate.create(Clock.systemUTC().instant()))
            : Optional.empty();
    this.controllerToken = tokens.issue(CONTROLLER_AGENT);
    this.later =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "sandbox-later");
              thread.setDaemon(true);
              return thread;
            });
    try {
      this.listener =
          new HttpListener(
              settings.port, certificate.map(SelfSignedCertificate::serverContext), this::handle);
    } catch (IOException e) {
      later.shutdownNow();
      throw new UncheckedIOException("cannot listen on 127.0.0.1:" + settings.port, e);
    }
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Settings of a server; all have defaults. */
  public static final class Builder {
    private int port;
    private boolean https;
    private Duration latency = Duration.ZERO;
    private Consumer<AuditEntry> audit = entry -> {};
    private Clock clock = Clock.systemUTC();
    private int eventLog = 500;
    private Duration bookmarks = Duration.ofMinutes(1);

    private Builder() {}

    /** The port on 127.0.0.1; 0 takes a free one. */
    public Builder port(int value) {
      port = value;
      return this;
    }

    /** Serves TLS with a certificate of its own making, which the kubeconfig trusts. */
    public Builder https(boolean value) {
      https = value;
      return this;
    }

    /** Waits so long before each answer. */
    public Builder latency(Duration value) {
      latency = value;
      return this;
    }

    /** Is told of each request, from many threads, before its client sees the answer. */
    public Builder audit(Consumer<AuditEntry> value) {
      audit = value;
      return this;
    }

    public Builder clock(Clock value) {
      clock = value;
      return this;
    }

    /** How many changes of each resource a watch can replay. */
    public Builder eventLog(int value) {
      eventLog = value;
      return this;
    }

    /** How often a watch that wants bookmarks gets one. */
    public Builder bookmarksEvery(Duration value) {
      bookmarks = value;
      return this;
    }

    /** Listens from now on. */
    public ApiServer start() {
      return new ApiServer(this);
    }
  }

  /** Adds a cluster whose namespace kube-system has the given uid. */
  public SimulatedCluster addCluster(String name, String uid) {
    if (!name.matches("[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?")) {
      throw new IllegalArgumentException("not a cluster name: " + name);
    }
    Backend backend =
        new Backend(
            new Backend.Settings(
                name, settings.clock, settings.eventLog, settings.bookmarks, later));
    SimulatedCluster cluster =
        new SimulatedCluster(backend, tokens.in(name), tokens::register, uid);
    if (clusters.putIfAbsent(name, cluster) != null) {
      throw new IllegalArgumentException("there is a cluster " + name + " already");
    }
    clusterTokens.put(name, tokens.issue("admin-" + name));
    return cluster;
  }

  public SimulatedCluster cluster(String name) {
    SimulatedCluster cluster = clusters.get(name);
    if (cluster == null) {
      throw new IllegalArgumentException("there is no cluster " + name);
    }
    return cluster;
  }

  public int port() {
    return listener.port();
  }

  /** Where a client finds the cluster: scheme, address, port and path. */
  public URI baseUrl(String cluster) {
    return URI.create(
        (settings.https ? "https" : "http")
            + "://127.0.0.1:"
            + listener.port()
            + "/clusters/"
            + cluster);
  }

  /** The certificate to trust, when the server speaks TLS. */
  public Optional<String> certificatePem() {
    return certificate.map(SelfSignedCertificate::pem);
  }

  /**
   * The token of the cluster's administrator; like any known token it is good for every cluster
   * here.
   */
  public String token(String cluster) {
    cluster(cluster);
    return clusterTokens.getOrDefault(cluster, "");
  }

  /** The token of the sandbox's own controllers; its requests are left out of the audit. */
  public String controllerToken() {
    return controllerToken;
  }

  /** Makes a token known that is not in the kubeconfig. */
  public void registerToken(String token, String user) {
    tokens.register(token, user);
  }

  /** Makes a token unknown: its next request gets 401. */
  public void revokeToken(String token) {
    tokens.revoke(token);
  }

  /**
   * Denies verbs on resources (written like {@code secrets} or {@code pods/log}) to a user; {@code
   * *} stands for any cluster, verb or resource.
   */
  public void deny(String user, String cluster, Set<String> verbs, Set<String> resources) {
    tokens.deny(user, cluster, verbs, resources);
  }

  /** Takes back all that was denied to a user on a cluster. */
  public void allow(String user, String cluster) {
    tokens.allow(user, cluster);
  }

  /**
   * A kubeconfig with one context per cluster, named like the cluster; the first one is current.
   */
  public String kubeconfig() {
    return Kubeconfig.of(this, clusterNames(), certificatePem());
  }

  List<String> clusterNames() {
    synchronized (clusters) {
      return new ArrayList<>(clusters.keySet());
    }
  }

  private void handle(Exchange exchange) throws IOException {
    HttpRequest request = exchange.request();
    List<String> segments = request.segments();
    SimulatedCluster cluster =
        segments.size() >= 2 && segments.get(0).equals("clusters")
            ? clusters.get(segments.get(1))
            : null;
    if (cluster == null) {
      Router.notServed(exchange);
      return;
    }
    delay();
    cluster.started(exchange);
    try {
      if (cluster.isUnavailable()) {
        exchange.abort();
        return;
      }
      serve(exchange, cluster, segments.subList(2, segments.size()));
    } finally {
      cluster.ended(exchange);
    }
  }

  private void serve(Exchange exchange, SimulatedCluster cluster, List<String> path)
      throws IOException {
    HttpRequest request = exchange.request();
    RequestInfo info = RequestInfo.of(request, path);
    Optional<String> user = user(request, cluster);
    String agent = request.header("user-agent").orElse("");
    boolean ours = agent.startsWith(CONTROLLER_AGENT) || user.equals(Optional.of(CONTROLLER_AGENT));
    if (!ours) {
      exchange.onStatus(
          status ->
              settings.audit.accept(
                  new AuditEntry(
                      settings.clock.instant(),
                      cluster.name(),
                      info.verb(),
                      "/" + String.join("/", path),
                      status,
                      agent,
                      dryRun(request))));
    }
    if (user.isEmpty()) {
      Router.send(exchange, ApiError.unauthorized());
      return;
    }
    if (info.isResource() && !cluster.authorizer().allows(user.get(), info.attempt())) {
      Router.send(exchange, info.refusedTo(user.get()));
      return;
    }
    cluster.router().answer(exchange, path, info, user.get());
  }

  /** True as well for a delete that says so in its options, as kubectl does. */
  private static boolean dryRun(HttpRequest request) {
    return request.parameter("dryRun").isPresent()
        || request.method().equals("DELETE")
            && new String(request.body(), StandardCharsets.UTF_8).contains("\"dryRun\":[\"All\"]");
  }

  /**
   * Who asks. Without TLS a request without a token comes from the administrator, because client-go
   * sends no token over plain http; a wrong token is refused either way.
   */
  private Optional<String> user(HttpRequest request, SimulatedCluster cluster) {
    Optional<String> authorization = request.header("authorization");
    if (authorization.isEmpty() && !settings.https) {
      return Optional.of("admin-" + cluster.name());
    }
    return tokens.user(authorization);
  }

  private void delay() {
    if (!settings.latency.isZero()) {
      try {
        Thread.sleep(settings.latency.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Stops listening, cuts all connections and ends all watches, within two seconds. */
  @Override
  public void close() {
    synchronized (clusters) {
      clusters.values().forEach(SimulatedCluster::close);
    }
    later.shutdownNow();
    listener.close();
  }
}
