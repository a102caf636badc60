package dev.muster.changes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.muster.Garden;
import dev.muster.live.Cluster;
import dev.muster.live.Failure;
import dev.muster.live.ForwardingCluster;
import dev.muster.live.Listing;
import dev.muster.live.LogQuery;
import dev.muster.live.Logs;
import dev.muster.live.Permit;
import dev.muster.live.Reading;
import dev.muster.live.ServicePort;
import dev.muster.live.Written;
import dev.muster.plan.Allows;
import dev.muster.plan.Allows.Place;
import dev.muster.plan.PlanReader;
import dev.muster.problem.Problems;
import dev.muster.resource.ObjectRef;
import dev.muster.topology.Topology;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A plan that lies about what it touches; what is refused never reaches the cluster. */
class AllowedClusterTest {
  private static final Allows ALLOWS =
      PlanReader.open(
              "plan.yaml",
              """
              spec:
                allows:
                  host:
                  - {kinds: [v1/Secret], namespaces: [archive], names: ["card-*"], verbs: [get, patch]}
                  - {kinds: [v1/Service/proxy], namespaces: [archive], names: [far], verbs: [get]}
                  elsewhere:
                  - {kinds: [v1/Namespace], names: [kube-system], verbs: [get]}
              """,
              new Problems())
          .orElseThrow()
          .allows()
          .orElseThrow();

  private final List<String> asked = new ArrayList<>();
  private final Cluster cluster = new AllowedCluster(new Recorded(), ALLOWS, Place.HOST);

  /** Notes what gets through. */
  private final class Recorded extends ForwardingCluster {
    Recorded() {
      super(new MemoryClusters().open(Garden.topology("  host: {}\n").host()));
    }

    @Override
    public Reading read(ObjectRef ref) {
      asked.add("read " + ref.path());
      return super.read(ref);
    }

    @Override
    public Written patch(ObjectRef ref, JsonNode patch) {
      asked.add("patch " + ref.path());
      return new Written.Failed(new Failure(Failure.Kind.STALE, "moved"));
    }

    @Override
    public Reading readThrough(ServicePort service, ObjectRef ref) {
      asked.add("through " + service.path() + ref.path());
      return new Reading.Absent();
    }

    @Override
    public Cluster under(Permit permit) {
      return this;
    }
  }

  private static ObjectRef secret(String name) {
    return ObjectRef.of("v1", "Secret", "archive", name);
  }

  @Test
  void letsThroughWhatIsAllowed() {
    assertThat(cluster.read(secret("card-1"))).isInstanceOf(Reading.Absent.class);
    cluster.under(Permit.always()).patch(secret("card-1"), JsonNodeFactory.instance.arrayNode());
    ObjectRef identity = ObjectRef.of("v1", "Namespace", "", "kube-system");
    cluster.readThrough(new ServicePort("archive", "https", "far", "443"), identity);
    assertThat(asked)
        .containsExactly(
            "read /api/v1/namespaces/archive/secrets/card-1",
            "patch /api/v1/namespaces/archive/secrets/card-1",
            "through /api/v1/namespaces/archive/services/https:far:443/proxy"
                + "/api/v1/namespaces/kube-system");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "other",
        "card-/../../../kube-system/secrets/x",
        "card-%2f",
        "card-?watch=1",
        "..",
        "card-#"
      })
  void aNameThatOnlyFollowsFromTheTopologyIsLookedAtBeforeItIsAsked(String name) {
    assertThat(cluster.read(secret(name)).failed().map(Failure::kind))
        .contains(Failure.Kind.NOT_ALLOWED);
    assertThat(
            cluster
                .under(Permit.always())
                .patch(secret(name), JsonNodeFactory.instance.arrayNode()))
        .isInstanceOf(Written.Failed.class);
    assertThat(asked).isEmpty();
  }

  @Test
  void refusesEveryOtherRequest() {
    JsonNode nothing = JsonNodeFactory.instance.objectNode();
    List<String> heard = new ArrayList<>();
    Cluster writing = cluster.under(Permit.always());
    ObjectRef ref = secret("card-1");

    assertThat(writing.create(ref, nothing)).isInstanceOf(Written.Failed.class);
    assertThat(writing.replace(ref, nothing)).isInstanceOf(Written.Failed.class);
    assertThat(writing.delete(ref, "uid")).isInstanceOf(Written.Failed.class);
    assertThat(cluster.list(ref, "")).isInstanceOf(Listing.Failed.class);
    assertThat(cluster.logs(new LogQuery("archive", "a=b", ""), Instant.EPOCH))
        .isInstanceOf(Logs.Failed.class);
    cluster.watch(secret("x"), reading -> heard.add(reading.failed().orElseThrow().message()));
    ServicePort far = new ServicePort("archive", "https", "far", "443");
    assertThat(cluster.readThrough(far, ref).failed()).isPresent();
    ServicePort near = new ServicePort("archive", "https", "near", "443");
    assertThat(
            cluster.readThrough(near, ObjectRef.of("v1", "Namespace", "", "kube-system")).failed())
        .isPresent();

    assertThat(heard)
        .containsExactly("the plan does not allow it: get v1/Secret archive/x on the host");
    assertThat(asked).isEmpty();
  }

  @Test
  void whatMusterItselfKeepsIsNotThePlans() {
    Topology topology = Garden.topology("  host: {}\n");
    Clusters clusters = AllowedClusters.of(Optional.of(ALLOWS), new MemoryClusters());
    ObjectRef lease = ObjectRef.of("coordination.k8s.io/v1", "Lease", "kube-system", "muster-acme");

    assertThat(clusters.own(topology.host()).read(lease)).isInstanceOf(Reading.Absent.class);
    assertThat(clusters.open(topology.host()).read(lease)).isInstanceOf(Reading.Failed.class);
    Allows all =
        PlanReader.open(
                "plan.yaml",
                "spec: {allows: {host: [{kinds: [v1/ConfigMap], verbs: [get, patch]}]}}",
                new Problems())
            .orElseThrow()
            .allows()
            .orElseThrow();
    ObjectRef inventory = ObjectRef.of("v1", "ConfigMap", "kube-system", "muster-acme-host");
    assertThat(
            new AllowedCluster(new Recorded(), all, Place.HOST)
                .patch(inventory, JsonNodeFactory.instance.arrayNode()))
        .isInstanceOf(Written.Failed.class);
    assertThat(asked).isEmpty();
  }
}
