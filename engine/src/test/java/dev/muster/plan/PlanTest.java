package dev.muster.plan;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.Garden;
import dev.muster.expression.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PlanTest {
  private static final Path ORDER = Path.of("src/test/resources/plans/kubesphere-order.txt");

  private final Plan garden = Garden.plan();

  @Test
  void putsStepsBehindThoseThatBringForthWhatTheyName() {
    assertThat(garden.steps()).extracting(StepSpec::id).containsExactly("dig", "plant", "open");
    assertThat(garden.dependsOn().get("dig")).isEmpty();
    assertThat(garden.dependsOn().get("plant")).containsExactly("dig");
    assertThat(garden.dependsOn().get("open")).containsExactly("plant");
  }

  /** A new edge, or one that is gone, is to be seen by whoever changes the plan. */
  @Test
  void ordersTheStepsOfTheBuiltInPlanAsWrittenDown() throws IOException {
    Plan plan = Garden.plan(Path.of("../plans/kubesphere.yaml"));
    String order =
        plan.steps().stream()
            .map(s -> s.id() + ": " + String.join(", ", plan.dependsOn().get(s.id())) + "\n")
            .collect(Collectors.joining());
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(ORDER, order);
    }
    assertThat(order).isEqualTo(Files.readString(ORDER));
  }

  @Test
  void expandsStepsOncePerMemberInWaves() {
    List<Step> steps =
        garden.expand(Garden.topology("  host: {}\n  members:\n  - name: m1\n  - name: m2\n"));
    assertThat(steps)
        .extracting(step -> step.wave() + " " + step + " on " + step.cluster().name())
        .containsExactly(
            "1 dig on host",
            "2 plant[m1] on m1",
            "2 plant[m2] on m2",
            "3 open[m1] on host",
            "3 open[m2] on host");
    assertThat(steps.get(4).dependsOn()).containsExactly("plant[m2]");
    assertThat(steps.get(3).subject().name()).isEqualTo("m1");
    assertThat(steps.get(0).subject().name()).isEqualTo("host");
  }

  @Test
  void expandsToTheHostAloneWithoutMembers() {
    assertThat(garden.expand(Garden.topology("  host: {}\n")))
        .extracting(Step::id)
        .containsExactly("dig");
  }

  @Test
  void findsProducersThroughWritersAndFacts() {
    Producers producers = new Producers(garden);
    assertThat(producers.of(requireNonNull(garden.facts().get("recipe")), On.HOST))
        .containsExactly("dig");
    assertThat(producers.of(requireNonNull(garden.facts().get("pressure")), On.HOST))
        .containsExactly("dig");
    assertThat(producers.of(requireNonNull(garden.facts().get("soil")), On.MEMBER))
        .containsExactly("plant");
    GateSpec dug = requireNonNull(garden.gates().get("dug"));
    assertThat(of(producers, dug.ready().get(0).that()))
        .as("the pump is rendered from the bed of the host")
        .isEqualTo(Set.of("dig"));
    GateSpec open = requireNonNull(garden.gates().get("open"));
    assertThat(of(producers, open.ready().get(0).that())).containsExactly("open");
  }

  private static Set<String> of(Producers producers, Template template) {
    Set<String> steps = new LinkedHashSet<>();
    template.references().forEach(r -> steps.addAll(producers.of(r, On.HOST, On.EACH)));
    return steps;
  }

  @Test
  void tellsTopologiesItsTimeLimits() {
    assertThat(garden.inputs().at("/timeouts/digging/default").asText()).isEqualTo("5m");
    assertThat(garden.inputs().at("/timeouts/opening/description").asText()).contains("open");
  }

  @Test
  void namesWhatAStepWritesInItsOrder() {
    assertThat(garden.steps().get(2).writes()).containsExactly("tap");
    assertThat(garden.title()).isEqualTo("garden (version 1)");
  }
}
