package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static dev.muster.testbed.RealFleet.HOST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.testbed.GrantedRights.Asked;
import dev.muster.testbed.GrantedRights.Right;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The rights that {@code muster rbac} prints are enough, and none of them is too much. */
@Timeout(600)
final class RightsIT {
  private static final String FLEET =
      """
      host: {sharesLoopback: true%s}
      members:
      - {name: m1, labels: {tier: %s}%s}
      - {name: m2, labels: {tier: %s}, connection: direct, kubeconfig: {file: m2.yaml}%s}
      """;

  /** What no ordinary life of a fleet asks, and what would. */
  private static final Map<String, String> RARELY =
      Map.of(
          "host: (cluster) patch validatingwebhookconfigurations cluster.kubesphere.io",
          "a member is lost",
          "host: kube-system get configmaps muster-acme-host",
          "somebody else writes the inventory at the same time",
          "host: kube-system get configmaps muster-acme-m1,muster-acme-m2",
          "somebody else writes the inventory at the same time",
          "host: kubesphere-system patch deployments ks-apiserver",
          "a host before 3.3",
          "host: kubesphere-system get deployments ks-installer",
          "the gate is not opened in time",
          "m1: kubesphere-system get deployments ks-installer",
          "the gate is not opened in time",
          "m2: kubesphere-system get deployments ks-installer",
          "the gate is not opened in time",
          "m2: kubesphere-system list deployments cluster-agent",
          "the member had an agent before",
          "m2: kubesphere-system watch deployments cluster-agent",
          "the member had an agent before",
          "m2: kubesphere-system delete deployments cluster-agent",
          "the member had an agent before");

  private static String declared(String host, String tier, String more) {
    return FLEET.formatted(host, tier, more, tier, more);
  }

  @Test
  void theWholeLifeOfAFleetNeedsAllOfThemAndNoOthers() {
    String user = "system:serviceaccount:kube-system:muster";
    String address = ", proxy: {address: \"http://203.0.113.1:8080\"}";
    try (RealFleet fleet =
        RealFleet.of("3.4").loadBalancer("10.9.8.7").member("m1").member("m2").start()) {
      Muster muster = fleet.muster();
      muster.write("m2.yaml", fleet.kubeconfigForHost("m2"));
      fleet.declare(declared(address, "one", ""));
      Map<String, GrantedRights> granted = granted(fleet, user, "--for", "apply");
      Map<String, String> tokens = new LinkedHashMap<>();
      granted.forEach((name, rights) -> tokens.put(name, rights.token()));
      muster.write(
          "kubeconfig.yaml",
          Kubeconfig.render(
              fleet.servers().clusters(),
              fleet.servers().certificate(),
              cluster -> tokens.get(cluster.name())));

      assertThat(muster.call("apply", "--yes")).exitsWith(0);
      assertThat(muster.call("drift")).exitsWith(0);
      assertThat(muster.call("status")).exitsWith(0);
      fleet.declare(declared("", "two", ""));
      assertThat(muster.call("apply", "--yes")).exitsWith(0);
      String label = "{\"metadata\":{\"labels\":{\"tier\":\"x\"}}}";
      fleet.edit(HOST, RealFleet.registrationPath("m1"), label);
      assertThat(muster.call("drift")).exitsWith(2);
      assertThat(muster.call("apply", "--yes")).exitsWith(0);
      fleet.declare(declared("", "two", ", state: absent"));
      assertThat(muster.call("apply", "--yes", "--max-remove", "2")).exitsWith(0);
      assertThat(muster.call("drift")).exitsWith(0);

      assertThat(fleet.requests().lines(request -> request.status() == 403)).isEmpty();
      assertThat(superfluous(granted, fleet.requests()))
          .containsExactlyInAnyOrderElementsOf(RARELY.keySet());
    }
  }

  @Test
  void whoMayOnlyLookSeesEverythingAndChangesNothing() {
    try (RealFleet fleet = RealFleet.of("3.3").loadBalancer("10.9.8.7").member("m1").start()) {
      Muster muster = fleet.muster();
      fleet.declare("host: {}\nmembers: [{name: m1}]\n");
      assertThat(muster.call("apply", "--yes")).exitsWith(0);
      Map<String, GrantedRights> granted =
          granted(fleet, "powerless", "--for", "drift", "--account", "user:powerless");
      muster.write("kubeconfig.yaml", fleet.servers().powerlessKubeconfig());
      Requests before = fleet.requests();

      assertThat(muster.call("plan", "--detailed-exitcode")).exitsWith(0);
      assertThat(muster.call("drift")).exitsWith(0);
      assertThat(muster.call("status")).exitsWith(0);
      assertThat(fleet.requests().after(before).lines(r -> r.status() == 403)).isEmpty();
      assertThat(superfluous(granted, fleet.requests().after(before))).isEmpty();

      fleet.declare("host: {}\nmembers: [{name: m1, labels: {tier: one}}]\n");
      assertThat(muster.call("drift")).exitsWith(2);
      assertThat(muster.call("apply", "--yes")).exitsWith(5).says("cannot read the lock");
      assertThat(fleet.requests().after(before).lines(r -> r.writes() && r.status() != 403))
          .isEmpty();
    }
  }

  @Test
  void whoMayWatchIsToldOfEverythingAndChangesNothing() {
    try (RealFleet fleet = RealFleet.of("3.3").loadBalancer("10.9.8.7").member("m1").start()) {
      Muster muster = fleet.muster();
      fleet.declare("host: {}\nmembers: [{name: m1}]\n");
      assertThat(muster.call("apply", "--yes")).exitsWith(0);
      Map<String, GrantedRights> granted =
          granted(fleet, "powerless", "--for", "watch", "--account", "user:powerless");
      muster.write("kubeconfig.yaml", fleet.servers().powerlessKubeconfig());
      Requests before = fleet.requests();

      assertThat(muster.call("drift")).exitsWith(0);
      assertThat(muster.call("status")).exitsWith(0);
      assertThat(muster.call("watch", "--for", "2s")).exitsWith(0).says("no longer watching");
      assertThat(fleet.requests().after(before).lines(r -> r.writes() || r.status() == 403))
          .isEmpty();
      // A watch is written down by the API server when it has ended, and sometimes after that.
      RealFleet.until(
          "each watch is in the audit log",
          () -> isWatched(granted, fleet.requests().after(before)));
      // Whether a cluster that was away is back is seen by a watch on what it is known by.
      assertThat(superfluous(granted, fleet.requests().after(before)))
          .containsExactlyInAnyOrder(
              "host: (cluster) list namespaces kube-system",
              "host: (cluster) watch namespaces kube-system",
              "m1: (cluster) list namespaces kube-system",
              "m1: (cluster) watch namespaces kube-system");
    }
  }

  /**
   * Whether all that may be watched was, but for the identities of clusters that never were away.
   */
  private static boolean isWatched(Map<String, GrantedRights> granted, Requests requests) {
    return granted.entrySet().stream()
        .allMatch(
            cluster -> {
              Set<Asked> asked = new LinkedHashSet<>();
              requests
                  .to(cluster.getKey())
                  .forEach(request -> Asked.of(request).forEach(asked::add));
              return cluster.getValue().each().stream()
                  .filter(right -> right.verb().equals("watch"))
                  .filter(right -> !right.toString().endsWith("namespaces kube-system"))
                  .allMatch(
                      right ->
                          asked.stream()
                              .anyMatch(one -> one.verb().equals("watch") && right.isAbout(one)));
            });
  }

  private static List<String> superfluous(Map<String, GrantedRights> granted, Requests requests) {
    List<String> superfluous = new ArrayList<>();
    granted.forEach(
        (name, rights) -> {
          Set<Asked> asked = new LinkedHashSet<>();
          requests.to(name).forEach(request -> Asked.of(request).forEach(asked::add));
          assertThat(asked).as("asked of " + name).isNotEmpty();
          for (Right right : rights.each()) {
            if (!refusesSomethingWithout(rights, right, asked)) {
              superfluous.add(name + ": " + right);
            }
          }
        });
    return superfluous;
  }

  private static boolean refusesSomethingWithout(
      GrantedRights rights, Right right, Set<Asked> asked) {
    List<Asked> candidates =
        asked.stream()
            .filter(one -> one.verb().equals(right.verb()) && right.isAbout(one))
            .toList();
    Runnable back = rights.without(right);
    try {
      // The server takes a changed role in a moment later: wait for a refusal, as long as it may
      // be.
      long until = System.nanoTime() + 1_500_000_000L;
      do {
        if (candidates.stream().anyMatch(one -> !rights.allows(one))) {
          return true;
        }
      } while (!candidates.isEmpty() && System.nanoTime() < until);
      return false;
    } finally {
      back.run();
      RealFleet.until("the right is back", () -> candidates.stream().allMatch(rights::allows));
    }
  }

  private static Map<String, GrantedRights> granted(
      RealFleet fleet, String user, String... options) {
    Map<String, GrantedRights> granted = new LinkedHashMap<>();
    for (TestCluster cluster : fleet.servers().clusters()) {
      List<String> words = new ArrayList<>(List.of("rbac", "--cluster", cluster.name()));
      words.addAll(List.of(options));
      Muster.Result printed = fleet.muster().call(words.toArray(String[]::new));
      assertThat(printed).exitsWith(0);
      granted.put(cluster.name(), GrantedRights.apply(cluster, user, printed.out()));
    }
    return granted;
  }
}
