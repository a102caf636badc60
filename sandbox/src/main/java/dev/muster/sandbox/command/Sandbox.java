package dev.muster.sandbox.command;

import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Trust;
import dev.muster.sandbox.controller.SimulatedFleet;
import dev.muster.sandbox.controller.cluster.HostKubeconfig;
import dev.muster.sandbox.controller.env.ClusterEndpoint;
import dev.muster.sandbox.controller.env.ClusterSetup;
import dev.muster.sandbox.controller.env.KubeSphereVersion;
import dev.muster.sandbox.controller.env.LoadBalancer;
import dev.muster.sandbox.controller.env.ProxyNetwork;
import dev.muster.sandbox.controller.env.Role;
import dev.muster.sandbox.controller.env.Timing;
import dev.muster.sandbox.server.ApiServer;
import dev.muster.sandbox.server.AuditEntry;
import dev.muster.sandbox.server.http.SelfSignedCertificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A simulated host and its members, served and at work. */
public final class Sandbox implements AutoCloseable {
  /** Where members reach Tower when no load balancer gives it an address; documentation range. */
  static final String EXPLICIT_ADDRESS = "http://203.0.113.20:8080";

  private final ApiServer server;
  private final SimulatedFleet fleet;
  private final List<String> members;

  /**
   * What to simulate.
   *
   * @param version of KubeSphere, such as 3.3
   * @param loadBalancer what the host's Service tower gets
   * @param latency added to each answer
   * @param each changes what a cluster is when the simulation begins
   */
  public record Settings(
      int members,
      String version,
      LoadBalancer loadBalancer,
      Duration latency,
      Timing timing,
      ProxyNetwork network,
      UnaryOperator<ClusterSetup> each,
      Consumer<AuditEntry> audit) {

    /** Installed clusters that nobody has joined yet, and a load balancer that stays pending. */
    public static Settings of(int members, String version, Timing timing) {
      return new Settings(
          members,
          version,
          LoadBalancer.pending(),
          Duration.ZERO,
          timing,
          ProxyNetwork.open(),
          UnaryOperator.identity(),
          entry -> {});
    }

    public Settings withLoadBalancer(LoadBalancer newLoadBalancer) {
      return new Settings(members, version, newLoadBalancer, latency, timing, network, each, audit);
    }

    public Settings withLatency(Duration newLatency) {
      return new Settings(members, version, loadBalancer, newLatency, timing, network, each, audit);
    }

    public Settings withNetwork(ProxyNetwork newNetwork) {
      return new Settings(members, version, loadBalancer, latency, timing, newNetwork, each, audit);
    }

    public Settings withEach(UnaryOperator<ClusterSetup> newEach) {
      return new Settings(members, version, loadBalancer, latency, timing, network, newEach, audit);
    }

    public Settings withAudit(Consumer<AuditEntry> newAudit) {
      return new Settings(members, version, loadBalancer, latency, timing, network, each, newAudit);
    }
  }

  private Sandbox(Settings settings) {
    server = ApiServer.builder().latency(settings.latency()).audit(settings.audit()).start();
    members = new ArrayList<>();
    // 4.x knows no role none, and its hosts install their members themselves.
    boolean core = KubeSphereVersion.of(settings.version()).atLeast(4, 0);
    ClusterSetup host =
        setup("host", settings.version())
            .withLoadBalancer(settings.loadBalancer())
            .withRole(core ? Role.HOST : Role.NONE);
    SimulatedFleet.Builder builder =
        SimulatedFleet.withHost(settings.each().apply(host))
            .timing(settings.timing())
            .network(settings.network());
    for (int i = 1; i <= settings.members(); i++) {
      members.add("m" + i);
      ClusterSetup member =
          setup("m" + i, settings.version()).withRole(core ? Role.NOT_INSTALLED : Role.NONE);
      builder.member(settings.each().apply(member));
    }
    fleet = builder.build();
    HostHooks.attach(server.cluster("host"), fleet, settings.version());
  }

  /** Seeds the clusters and starts the simulated programs. */
  public static Sandbox start(Settings settings) {
    Sandbox sandbox = new Sandbox(settings);
    try {
      sandbox.fleet.seed().start();
    } catch (RuntimeException e) {
      sandbox.close();
      throw e;
    }
    return sandbox;
  }

  private ClusterSetup setup(String name, String version) {
    var cluster = server.addCluster(name, UUID.randomUUID().toString());
    ApiClient api = ApiClient.of(server.baseUrl(name), server.controllerToken(), Trust.jdk());
    return ClusterSetup.of(
        new ClusterEndpoint(
            name,
            api,
            (namespace, pod, container, line) ->
                cluster.logs().append(namespace, pod, container, line)),
        version);
  }

  public ApiServer server() {
    return server;
  }

  public SimulatedFleet fleet() {
    return fleet;
  }

  /**
   * A kubeconfig with which the host can reach a member: a token that may do everything and a
   * client certificate, which 3.3 asks for, that runs out at that moment.
   */
  public String kubeconfigForHost(String member, Instant notAfter) {
    SelfSignedCertificate client =
        SelfSignedCertificate.create(notAfter.minus(Duration.ofDays(365)), notAfter);
    return HostKubeconfig.text(
        server.baseUrl(member),
        server.certificatePem(),
        server.token(member),
        client.pem(),
        client.keyPem());
  }

  /** A topology that names these clusters, with agents, and can be applied. */
  public String topology(String kubeconfig, boolean pending) {
    String address = pending ? "\"" + EXPLICIT_ADDRESS + "\"" : "auto";
    return topology(SandboxTopology.agents(kubeconfig, "{address: " + address + "}"));
  }

  String topology(SandboxTopology topology) {
    return topology.text(members);
  }

  List<String> members() {
    return List.copyOf(members);
  }

  /** The host first. */
  List<String> clusters() {
    return Stream.concat(Stream.of("host"), members.stream()).toList();
  }

  @Override
  public void close() {
    fleet.close();
    server.close();
  }
}
