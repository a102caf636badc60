package dev.muster.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.JacksonNode;
import dev.muster.Garden;
import dev.muster.changes.ChangeSet;
import dev.muster.changes.ClusterState;
import dev.muster.changes.StepPlan;
import dev.muster.changes.Unmanaged;
import dev.muster.changes.Waves;
import dev.muster.diff.Change;
import dev.muster.diff.FieldChange;
import dev.muster.diff.Fingerprint;
import dev.muster.gate.GateStatus;
import dev.muster.live.Failure;
import dev.muster.plan.Plan;
import dev.muster.plan.Step;
import dev.muster.resource.FieldPath;
import dev.muster.resource.ObjectRef;
import dev.muster.resource.Redactor;
import dev.muster.topology.Topology;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlanJsonTest {
  private static final String SECRET = "canary-0123456789abcdef";

  private final Plan plan = Garden.plan();
  private final Topology topology =
      Garden.topology("  host: {}\n  members:\n  - name: m1\n  - name: m2\n");
  private final List<Step> steps = plan.expand(topology);

  @Test
  void matchesItsSchema() throws IOException {
    JsonNode schema =
        new ObjectMapper().readTree(Path.of("../schemas/change-set.schema.json").toFile());
    JsonNode printed = new ObjectMapper().readTree(json().render(changeSet()));
    Validator validator =
        new ValidatorFactory().withJsonNodeFactory(new JacksonNode.Factory()).createValidator();
    URI uri = validator.registerSchema(schema);
    assertThat(validator.validate(uri, (Object) printed).getErrors()).isEmpty();
  }

  @Test
  void showsAFingerprintInThePlaceOfASecret() {
    JsonNode fields = json().tree(changeSet()).at("/steps/1/changes/0/fields");
    assertThat(fields.toString()).doesNotContain(SECRET);
    assertThat(fields.at("/0/beforeFingerprint").asText()).matches("[0-9a-f]{12}");
    assertThat(fields.at("/0/after").isMissingNode()).isTrue();
    assertThat(fields.at("/1/after").asInt()).isEqualTo(3);
    assertThat(fields.at("/2/knownAfter/0").asText()).isEqualTo("dig");
  }

  @Test
  void tellsWhatBecomesOfEveryCluster() {
    JsonNode clusters = json().tree(changeSet()).path("clusters");
    assertThat(clusters.findValuesAsText("state")).containsExactly("reached", "deferred", "failed");
  }

  @Test
  void showsTheWavesBeforehand() {
    assertThat(json().tree(changeSet()).path("rollout"))
        .isEqualTo(
            Garden.json(
                "{'stopAfter':3,'waves':[{'number':1,'by':'batch 25%','members':['m1','m2']}]}"));
  }

  private PlanJson json() {
    return new PlanJson(
        plan, Fingerprint.withNewKey(new SecureRandom()), new Clean(new Redactor()));
  }

  /** One step of each decision, with one field of each kind. */
  private ChangeSet changeSet() {
    List<StepPlan> planned = new ArrayList<>();
    StepPlan.Decision[] decisions = StepPlan.Decision.values();
    for (int i = 0; i < decisions.length; i++) {
      planned.add(planned(steps.get(i % steps.size()), decisions[i], i));
    }
    List<ClusterState> clusters =
        List.of(
            new ClusterState(topology.host(), "uid-1", Optional.empty()),
            failed(1, Failure.Kind.UNKNOWN_HOST),
            failed(2, Failure.Kind.UNAUTHORIZED));
    Unmanaged unmanaged =
        new Unmanaged(List.of(new Unmanaged.Member("m9", "uid-9")), "no right to list");
    return new ChangeSet("acme", plan.title(), clusters, planned, unmanaged, waves());
  }

  private static Waves waves() {
    return new Waves(List.of(new Waves.Wave(1, "batch 25%", List.of("m1", "m2"))), 3);
  }

  private ClusterState failed(int cluster, Failure.Kind kind) {
    return new ClusterState(
        topology.clusters().get(cluster), "", Optional.of(new Failure(kind, "no answer")));
  }

  private static StepPlan planned(Step step, StepPlan.Decision decision, int i) {
    ObjectRef ref = ObjectRef.of("v1", "ConfigMap", i % 2 == 0 ? "" : "garden", "bed");
    Change change =
        switch (i % 3) {
          case 0 -> new Change.Delete(ref, "not declared any more", "uid-2");
          case 1 -> new Change.Pending(ref, "", Change.Intended.PATCH, List.of(), List.of("dig"));
          default -> new Change.Unchanged(ref, "");
        };
    List<FieldChange> fields =
        List.of(
            field("data.recipe", TextNode.valueOf(SECRET), TextNode.valueOf(SECRET + "2"), true),
            field("spec.replicas", MissingNode.getInstance(), Garden.json("3"), false),
            new FieldChange(
                FieldPath.of("data", "later"),
                FieldChange.Kind.ADD,
                MissingNode.getInstance(),
                MissingNode.getInstance(),
                i % 2 == 0,
                List.of("dig"),
                false),
            new FieldChange(
                FieldPath.of("data", "key"),
                FieldChange.Kind.ADD,
                MissingNode.getInstance(),
                MissingNode.getInstance(),
                true,
                List.of(),
                true));
    Optional<GateStatus> gate =
        switch (i % 3) {
          case 0 -> Optional.of(new GateStatus.Waiting("no pump"));
          case 1 -> Optional.of(new GateStatus.Ready());
          default -> Optional.empty();
        };
    return new StepPlan(
        step,
        decision,
        i % 2 == 0 ? "" : "as it is",
        List.of(change),
        Map.of(ref, fields),
        i == 2 ? Set.of(ref) : Set.of(),
        gate,
        List.of());
  }

  private static FieldChange field(String path, JsonNode before, JsonNode after, boolean secret) {
    return new FieldChange(
        FieldPath.of(path.split("\\.")),
        before.isMissingNode() ? FieldChange.Kind.ADD : FieldChange.Kind.REPLACE,
        before,
        after,
        secret,
        List.of(),
        false);
  }
}
