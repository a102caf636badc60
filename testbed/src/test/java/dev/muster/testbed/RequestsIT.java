package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static dev.muster.testbed.RealFleet.HOST;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a plan, and an apply that finds nothing to do, ask of each cluster: every request and every
 * connection, as real API servers see them.
 */
@Timeout(180)
final class RequestsIT {
  private static final List<String> MEMBERS = List.of("m1", "m2", "m3");
  private static final String IN_SYSTEM = "/namespaces/kubesphere-system/";

  /** What every member is asked: its identity, and each object that the plan names. */
  private static final List<String> OF_A_MEMBER =
      List.of(
          "get /api/v1/namespaces/kube-system",
          "get /api/v1/namespaces/kubesphere-system",
          "get /apis/installer.kubesphere.io/v1alpha1"
              + IN_SYSTEM
              + "clusterconfigurations/ks-installer",
          "get /api/v1" + IN_SYSTEM + "configmaps/kubesphere-config",
          "get /api/v1" + IN_SYSTEM + "serviceaccounts/kubesphere",
          "get /apis/apps/v1" + IN_SYSTEM + "deployments/ks-apiserver",
          "get /apis/apps/v1" + IN_SYSTEM + "deployments/ks-controller-manager",
          "get /apis/apps/v1" + IN_SYSTEM + "deployments/cluster-agent");

  /** The host, of all members: one list of what muster remembers, one of the Cluster objects. */
  private static final List<String> OF_THE_HOST =
      List.of(
          "get /api/v1/namespaces/kube-system",
          "list /api/v1/namespaces/kube-system/configmaps",
          "get /apis/installer.kubesphere.io/v1alpha1"
              + IN_SYSTEM
              + "clusterconfigurations/ks-installer",
          "get /api/v1" + IN_SYSTEM + "configmaps/kubesphere-config",
          "get /api/v1" + IN_SYSTEM + "services/tower",
          "get /apis/apps/v1" + IN_SYSTEM + "deployments/ks-apiserver",
          "get /apis/apps/v1" + IN_SYSTEM + "deployments/ks-controller-manager",
          "get /apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"
              + "/cluster.kubesphere.io",
          "list /apis/cluster.kubesphere.io/v1alpha1/clusters");

  private static final Map<String, Turnstile> TURNSTILES = new LinkedHashMap<>();

  @SuppressWarnings("NullAway.Init")
  private static RealFleet fleet;

  @BeforeAll
  static void joinAFleet() {
    RealFleet.Builder builder = RealFleet.of("3.3");
    MEMBERS.forEach(builder::member);
    fleet = builder.start();
    String kubeconfig = fleet.servers().auditedKubeconfig();
    for (TestCluster each : fleet.servers().clusters()) {
      Turnstile turnstile = new Turnstile(each.url());
      TURNSTILES.put(each.name(), turnstile);
      kubeconfig = kubeconfig.replace(each.url().toString(), turnstile.url().toString());
    }
    fleet.muster().write("kubeconfig.yaml", kubeconfig);
    fleet.declare(
        """
        host: {proxy: {address: "http://139.198.120.120:8080"}}
        members: [{name: m1}, {name: m2}, {name: m3}]
        """);
    assertThat(fleet.muster().call("apply", "--yes")).exitsWith(0);
  }

  @AfterAll
  static void end() {
    TURNSTILES.values().forEach(Turnstile::close);
    fleet.close();
  }

  @Test
  void planReadsEachNamedObjectOnceOverOneConnectionAndNothingElse() {
    assertThat(seen("plan", "--detailed-exitcode")).isEqualTo(expected());
  }

  @Test
  void applyWithNothingToDoAsksTheSameTakesNoLockAndWritesNothing() {
    assertThat(seen("apply", "--yes")).isEqualTo(expected());
  }

  /** The requests, and over how many connections they came. */
  private record Asked(List<String> requests, int connections) {}

  private static Map<String, Asked> expected() {
    Map<String, Asked> all = new LinkedHashMap<>();
    all.put(HOST, new Asked(sorted(OF_THE_HOST), 1));
    MEMBERS.forEach(member -> all.put(member, new Asked(sorted(OF_A_MEMBER), 1)));
    return all;
  }

  /** Runs a command that finds nothing to do; what each cluster was asked meanwhile. */
  private static Map<String, Asked> seen(String... command) {
    TURNSTILES.values().forEach(Turnstile::passed);
    Requests before = fleet.requests();
    assertThat(fleet.muster().call(command)).exitsWith(0);
    Requests after = fleet.requests().after(before);
    Map<String, Asked> all = new LinkedHashMap<>();
    TURNSTILES.forEach(
        (cluster, turnstile) ->
            all.put(cluster, new Asked(lines(after.to(cluster)), turnstile.passed())));
    return all;
  }

  private static List<String> lines(List<Audit.Request> requests) {
    return sorted(requests.stream().map(each -> each.verb() + " " + each.path()).toList());
  }

  private static List<String> sorted(List<String> lines) {
    List<String> copy = new ArrayList<>(lines);
    copy.sort(null);
    return copy;
  }
}
