package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.server.AuditEntry;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a plan asks of the clusters, request by request. */
@Execution(ExecutionMode.CONCURRENT)
class ReadsTest {
  private static final String IN_SYSTEM = "/namespaces/kubesphere-system/";

  @Test
  void planReadsEachNamedObjectOnceAndNothingElse() {
    try (Fleet fleet = Fleet.joined(3, "3.3")) {
      fleet.requests();
      fleet.muster("plan", "--detailed-exitcode").exits(0);
      List<AuditEntry> requests = fleet.requests();
      for (String member : List.of("m1", "m2", "m3")) {
        assertThat(of(member, requests))
            .containsExactlyInAnyOrder(
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
      }
      assertThat(of("host", requests))
          .containsExactlyInAnyOrder(
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
    }
  }

  @Test
  void applyWithNothingToDoReadsAsMuchAsPlanAndTakesNoLock() {
    try (Fleet fleet = Fleet.joined(2, "3.3")) {
      fleet.requests();
      fleet.muster("plan").exits(0);
      List<String> plan = sorted(fleet.requests());
      fleet.apply().exits(0);
      assertThat(sorted(fleet.requests())).isEqualTo(plan);
    }
  }

  private static List<String> of(String cluster, List<AuditEntry> requests) {
    return requests.stream()
        .filter(entry -> entry.cluster().equals(cluster))
        .map(entry -> entry.verb() + " " + entry.path())
        .toList();
  }

  private static List<String> sorted(List<AuditEntry> requests) {
    return requests.stream()
        .map(entry -> entry.cluster() + " " + entry.verb() + " " + entry.path())
        .sorted()
        .collect(Collectors.toList());
  }
}
