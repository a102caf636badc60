package dev.muster.changes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.diff.Fingerprint;
import dev.muster.plan.Plan;
import dev.muster.plan.PlanReader;
import dev.muster.problem.Problems;
import dev.muster.report.Clean;
import dev.muster.report.PlanText;
import dev.muster.report.Style;
import dev.muster.resource.Redactor;
import dev.muster.topology.Topology;
import dev.muster.topology.TopologyReader;
import dev.muster.yaml.YamlNode;
import dev.muster.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each directory below {@code ownership} is a topology, a plan, live objects, what the inventory
 * remembers, and what is then planned; after the plan stands what will be remembered when it is
 * done. {@code -Dgolden.update=true} writes the expected outputs anew.
 */
class OwnershipCasesTest {
  private static final Path CASES = Path.of("src/test/resources/ownership");
  private static final ObjectMapper JSON = new ObjectMapper();

  static Stream<String> cases() throws IOException {
    try (Stream<Path> directories = Files.list(CASES)) {
      return directories.map(d -> d.getFileName().toString()).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void plansWhatIsNoLongerDeclared(String name) throws IOException {
    Path folder = CASES.resolve(name);
    Plan plan = plan(folder.resolve("plan.yaml"));
    Topology topology = topology(folder.resolve("topology.yaml"), plan);
    MemoryClusters clusters = live(folder.resolve("live.yaml"));
    for (Map.Entry<String, JsonNode> entry :
        yaml(folder.resolve("inventory.yaml")).get(0).json().properties()) {
      clusters.put("host", remembered(entry.getKey(), entry.getValue()));
    }
    Snapshot snapshot = new Snapshot(new Redactor());
    ChangeSet changeSet =
        new Planner(plan, topology, new LiveReader(plan, topology, clusters, Runnable::run))
            .plan(snapshot, Selection.everything());
    String said =
        new PlanText(
                    plan,
                    topology,
                    Fingerprint.withNewKey(new SecureRandom()),
                    new Clean(new Redactor()),
                    Style.PLAIN)
                .render(changeSet)
            + after(changeSet, snapshot);
    Path output = folder.resolve("output.txt");
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(output, said);
    }
    assertThat(said).isEqualTo(Files.readString(output));
  }

  private static String after(ChangeSet changeSet, Snapshot snapshot) {
    StringBuilder text = new StringBuilder("\nremembered when it is done:\n");
    Inventory inventory = snapshot.inventory();
    for (StepPlan step : changeSet.steps()) {
      boolean happens =
          step.decision() == StepPlan.Decision.RUN || step.decision() == StepPlan.Decision.DONE;
      Optional<InventoryEntry> entry = inventory.entry(step.step().subject().name());
      if (happens && entry.isPresent()) {
        InventoryEntry settled = step.ownership().settled(entry.get(), Map.of());
        // While it is being done, nothing that was owned is forgotten.
        for (OwnedObject object : entry.get().objects()) {
          assertThat(
                  step.ownership()
                      .intended(entry.get())
                      .object(object.cluster(), object.ref())
                      .orElseThrow()
                      .all())
              .containsAll(object.all());
        }
        inventory = inventory.with(settled);
      }
    }
    for (InventoryEntry entry : inventory.entries().values()) {
      for (OwnedObject object : entry.objects()) {
        object
            .fields()
            .forEach(
                (step, paths) ->
                    text.append("  ")
                        .append(entry.name())
                        .append(": ")
                        .append(object.ref())
                        .append(" on ")
                        .append(object.cluster())
                        .append(", ")
                        .append(step)
                        .append(": ")
                        .append(paths)
                        .append('\n'));
      }
    }
    return text.toString();
  }

  private static JsonNode remembered(String cluster, JsonNode entry) {
    ObjectNode text = entry.deepCopy();
    text.put("version", 1).put("name", cluster);
    ObjectNode object = JSON.createObjectNode();
    object.put("apiVersion", "v1").put("kind", "ConfigMap");
    ObjectNode metadata = object.putObject("metadata");
    metadata.put("namespace", "kube-system").put("name", "muster-acme-" + cluster);
    metadata.putObject("labels").put(InventoryObjects.TOPOLOGY_LABEL, "acme");
    object.putObject("data").put("inventory.json", text.toString());
    return object;
  }

  private static MemoryClusters live(Path file) throws IOException {
    MemoryClusters clusters = new MemoryClusters();
    for (YamlNode document : yaml(file)) {
      for (Map.Entry<String, JsonNode> cluster : document.json().properties()) {
        ObjectNode identity = JSON.createObjectNode().put("apiVersion", "v1");
        identity.put("kind", "Namespace");
        identity
            .putObject("metadata")
            .put("name", "kube-system")
            .put("uid", "uid-of-" + cluster.getKey());
        clusters.put(cluster.getKey(), identity);
        cluster.getValue().forEach(object -> clusters.put(cluster.getKey(), object));
      }
    }
    return clusters;
  }

  private static List<YamlNode> yaml(Path file) throws IOException {
    Problems problems = new Problems();
    List<YamlNode> nodes = YamlReader.readAll(file.toString(), Files.readString(file), problems);
    assertThat(problems.all()).isEmpty();
    return nodes;
  }

  private static Plan plan(Path file) throws IOException {
    Problems problems = new Problems();
    return PlanReader.read(
            file.toString(), Files.readString(file), schema("plan"), schema("topology"), problems)
        .orElseThrow(() -> new AssertionError(problems.all().toString()));
  }

  private static Topology topology(Path file, Plan plan) throws IOException {
    Problems problems = new Problems();
    return TopologyReader.open(file.toString(), Files.readString(file), file, problems)
        .flatMap(
            reader ->
                reader.read(
                    schema("topology"),
                    plan.inputs(),
                    (source, folder, where, found) -> List.of(),
                    (source, folder, where, found) -> java.util.Optional.empty(),
                    problems))
        .orElseThrow(() -> new AssertionError(problems.all().toString()));
  }

  private static JsonNode schema(String name) {
    try {
      return JSON.readTree(Path.of("../schemas/" + name + ".schema.json").toFile());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
