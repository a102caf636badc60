package dev.muster.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Trust;
import dev.muster.sandbox.controller.SimulatedFleet;
import dev.muster.sandbox.controller.cluster.HostKubeconfig;
import dev.muster.sandbox.controller.env.ClusterEndpoint;
import dev.muster.sandbox.controller.env.ClusterSetup;
import dev.muster.sandbox.controller.env.LoadBalancer;
import dev.muster.sandbox.controller.env.ProxyNetwork;
import dev.muster.sandbox.controller.env.Role;
import dev.muster.sandbox.controller.env.Timing;
import dev.muster.sandbox.server.http.SelfSignedCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;

/**
 * Real kube-apiservers in which simulated KubeSphere controllers work, and muster beside them: what
 * an end-to-end test needs, ended by {@link #close}.
 */
public final class RealFleet implements AutoCloseable {
  static final String HOST = "host";
  static final String CONFIGURATION =
      "/apis/installer.kubesphere.io/v1alpha1/namespaces/kubesphere-system"
          + "/clusterconfigurations/ks-installer";
  static final String CONFIG = "/api/v1/namespaces/kubesphere-system/configmaps/kubesphere-config";
  static final String AGENT =
      "/apis/apps/v1/namespaces/kubesphere-system/deployments/cluster-agent";
  static final String API_SERVER =
      "/apis/apps/v1/namespaces/kubesphere-system/deployments/ks-apiserver";

  static final String INSTALLER =
      "/apis/apps/v1/namespaces/kubesphere-system/deployments/ks-installer";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final TestFleet servers;
  private final SimulatedFleet simulated;
  private final Tunnels tunnels;
  private final Optional<Webhook> webhook;
  private final Muster muster;

  private RealFleet(Builder builder) {
    List<String> names = new ArrayList<>(builder.members.keySet());
    names.add(0, HOST);
    servers = TestFleet.start(names.toArray(String[]::new));
    boolean started = false;
    try {
      SimulatedFleet.Builder fleet =
          SimulatedFleet.withHost(setup(HOST, builder.version, builder.host))
              .timing(builder.timing)
              .network(builder.network);
      builder.members.forEach((name, how) -> fleet.member(setup(name, builder.version, how)));
      simulated = fleet.build();
      simulated.seed();
      // The seed's nodes have addresses of nowhere; the logs of their pods are with the stand-in.
      names.forEach(name -> servers.cluster(name).addNode(name + "-node-1"));
      tunnels = new Tunnels(simulated.services(), servers.tls());
      host().network().resolveBy(tunnels);
      webhook =
          builder.version.equals("3.4")
              ? Optional.of(new Webhook(simulated.admission(), servers, host()))
              : Optional.empty();
      muster = Muster.in(servers.folder().resolve("repository"));
      muster.write("kubeconfig.yaml", servers.auditedKubeconfig());
      muster.write(".gitignore", "kubeconfig*.yaml\n");
      if (builder.controllers) {
        simulated.start();
        names.forEach(this::awaitInstaller);
      }
      started = true;
    } finally {
      if (!started) {
        servers.close();
      }
    }
  }

  private ClusterSetup setup(String name, String version, UnaryOperator<ClusterSetup> how) {
    TestCluster cluster = servers.cluster(name);
    ApiClient api =
        ApiClient.of(cluster.url(), cluster.token(), Trust.authorities(servers.certificate()));
    ClusterEndpoint endpoint = new ClusterEndpoint(name, api, cluster.kubelet().logs()::append);
    ClusterSetup setup = how.apply(ClusterSetup.of(endpoint, version));
    // 4.x brings its own definition along, and has no ClusterConfiguration.
    if (setup.role() != Role.NOT_INSTALLED && !setup.version().atLeast(4, 0)) {
      cluster.install(Crd.CLUSTER_CONFIGURATIONS, Crd.clusters(version), Crd.KUBEFED_CLUSTERS);
    }
    return setup;
  }

  /** A cluster that is stopped before its installer runs would not have one later either. */
  private void awaitInstaller(String cluster) {
    until(
        "ks-installer runs on " + cluster,
        () -> {
          JsonNode installer = object(cluster, INSTALLER);
          return installer.isMissingNode() || installer.at("/status/readyReplicas").asInt() > 0;
        });
  }

  /** A fleet of this KubeSphere release whose host is installed, with role none. */
  public static Builder of(String version) {
    return new Builder(version);
  }

  /** What a fleet is made of. */
  public static final class Builder {
    private final String version;
    private final Map<String, UnaryOperator<ClusterSetup>> members = new LinkedHashMap<>();
    private UnaryOperator<ClusterSetup> host = setup -> setup;
    private ProxyNetwork network = ProxyNetwork.open();
    private Timing timing = Timing.fast();
    private boolean controllers = true;

    private Builder(String version) {
      this.version = version;
    }

    Builder host(UnaryOperator<ClusterSetup> how) {
      UnaryOperator<ClusterSetup> before = host;
      host = setup -> how.apply(before.apply(setup));
      return this;
    }

    Builder loadBalancer(String ip) {
      return host(setup -> setup.withLoadBalancer(LoadBalancer.ip(ip)));
    }

    /** An installed member with role none. */
    public Builder member(String name) {
      return member(name, Role.NONE);
    }

    Builder member(String name, Role role) {
      return member(name, setup -> setup.withRole(role));
    }

    Builder member(String name, UnaryOperator<ClusterSetup> how) {
      members.put(name, how);
      return this;
    }

    Builder network(ProxyNetwork newNetwork) {
      network = newNetwork;
      return this;
    }

    Builder timing(Timing newTiming) {
      timing = newTiming;
      return this;
    }

    /** Nobody but muster and the test changes anything: the objects only stand there. */
    Builder withoutControllers() {
      controllers = false;
      return this;
    }

    public RealFleet start() {
      return new RealFleet(this);
    }
  }

  public TestFleet servers() {
    return servers;
  }

  public TestCluster cluster(String name) {
    return servers.cluster(name);
  }

  TestCluster host() {
    return servers.cluster(HOST);
  }

  SimulatedFleet simulated() {
    return simulated;
  }

  public Muster muster() {
    return muster;
  }

  /** The object at a path of a cluster, missing when there is none. */
  JsonNode object(String cluster, String path) {
    Api.Reply reply = cluster(cluster).api().get(path);
    return reply.status() == 404 ? MissingNode.getInstance() : reply.ok().json();
  }

  /** A Cluster object on the host. */
  JsonNode registration(String member) {
    return object(HOST, registrationPath(member));
  }

  static String registrationPath(String member) {
    return Crd.clusters("3.3").path() + "/" + member;
  }

  /** The text under {@code kubesphere.yaml} in a cluster's configuration. */
  String settings(String cluster) {
    return object(cluster, CONFIG).at("/data/kubesphere.yaml").asText();
  }

  /** What the host uses to reach a direct member: another one at each call, good for 200 days. */
  String kubeconfigForHost(String member) {
    Instant end = Instant.now().plus(Duration.ofDays(200));
    SelfSignedCertificate client = SelfSignedCertificate.create(end.minus(Duration.ofDays(1)), end);
    TestCluster cluster = cluster(member);
    return HostKubeconfig.text(
        cluster.url(),
        Optional.of(servers.certificate()),
        cluster.token(),
        client.pem(),
        client.keyPem());
  }

  /** Changes an object as somebody other than muster: a merge patch. */
  void edit(String cluster, String path, String mergePatch) {
    cluster(cluster).api().mergePatch(path + "?fieldManager=somebody", mergePatch).ok();
  }

  /** The secret with which the host signs. */
  String jwtSecret() {
    String path = "/api/v1/namespaces/kubesphere-system/secrets/kubesphere-secret";
    String encoded = object(HOST, path).at("/data/secret").asText();
    return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
  }

  /**
   * Commits a topology named acme with this below {@code spec}, and short timeouts.
   *
   * @param hostAndMembers YAML without indentation
   */
  void declare(String hostAndMembers) {
    declare("installer: 60s, agent: 60s", hostAndMembers);
  }

  void declare(String timeouts, String hostAndMembers) {
    String head =
        """
        apiVersion: muster.dev/v1alpha1
        kind: Topology
        metadata: {name: acme}
        spec:
          defaults:
            access: {kubeconfig: {file: kubeconfig.yaml}}
            timeouts: {%s}
        """;
    muster.topology(head.formatted(timeouts) + hostAndMembers.indent(2));
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All that muster has asked so far; each request is one of a cluster. */
  Requests requests() {
    return Requests.of(servers.clusters());
  }

  static void until(String claim, Callable<Boolean> condition) {
    Wait.until(claim, condition);
  }

  /** Ends everything; whatever happened, the repository has to be sound afterwards. */
  @Override
  public void close() {
    try {
      simulated.close();
      tunnels.close();
      webhook.ifPresent(Webhook::close);
      muster.close();
      if (Files.exists(muster.repository().resolve(".git"))) {
        // It notices that nobody has committed anything yet, which is nothing wrong.
        assertThat(muster.git("fsck", "--strict", "--no-progress", "--no-dangling").lines())
            .as("git fsck")
            .allMatch(line -> line.startsWith("notice: "));
      }
    } finally {
      servers.close();
    }
  }
}
