package dev.muster.desired;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.muster.Garden;
import dev.muster.plan.DeclaredTemplate;
import dev.muster.plan.Plan;
import dev.muster.plan.Step;
import dev.muster.plan.StepSpec;
import dev.muster.resource.Declared;
import dev.muster.topology.Topology;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DesiredStateTest {
  private final Plan plan = Garden.plan();
  private final Topology topology =
      Garden.topology(
          "  host: {}\n  members:\n  - {name: m1, labels: {row: a, sun: full}}\n"
              + "  - {name: m2, colour: red}\n");

  @Test
  void knowsWhatFollowsFromTheTopology() {
    assertThat(declared(state("dig", new FixedWorld()), "bed", "data", "depth"))
        .isEqualTo(new Declared.Known(TextNode.valueOf("deep"), false));
  }

  @Test
  void doesNotKnowWhatAStepStillBringsForth() {
    Looked state = state("plant[m1]", new FixedWorld());
    assertThat(declared(state, "bed", "data", "pressure"))
        .isEqualTo(new Declared.Unknown(List.of("dig"), false));
    assertThat(declared(state, "bed", "data", "recipe"))
        .as("what is made of something sensitive is sensitive, before it is known too")
        .isEqualTo(new Declared.Unknown(List.of("dig"), true));
    assertThat(state.problems()).isEmpty();
  }

  @Test
  void knowsWhatIsThereAlready() {
    FixedWorld world =
        new FixedWorld()
            .with("pump on host", "{'status':{'pressure':3}}")
            .with("bed on host", "{'data':{'recipe':'more than sixteen characters'}}");
    Looked state = state("plant[m2]", world);
    assertThat(declared(state, "bed", "data", "pressure"))
        .isEqualTo(new Declared.Known(Garden.json("3"), false));
    assertThat(declared(state, "bed", "data", "recipe"))
        .isEqualTo(new Declared.Known(TextNode.valueOf("take more than sixteen characters"), true))
        .hasToString("(sensitive)");
  }

  @Test
  void seesTheNewValueOfARotationInThePlaceOfTheOneInForce() {
    FixedWorld world =
        new FixedWorld()
            .with("bed on host", "{'data':{'recipe':'the old one'}}")
            .rotating("recipe", "0123456789abcdef");
    assertThat(declared(state("plant[m1]", world), "bed", "data", "recipe"))
        .isEqualTo(new Declared.Known(TextNode.valueOf("take 0123456789abcdef"), true));
  }

  @Test
  void leavesOutWhatIsOmitted() {
    assertThat(fields(state("plant[m1]", new FixedWorld()), "bed", "data").entries())
        .doesNotContainKey("colour");
    assertThat(declared(state("plant[m2]", new FixedWorld()), "bed", "data", "colour"))
        .isEqualTo(new Declared.Known(TextNode.valueOf("red"), false));
  }

  @Test
  void spreadsAMapKeyByKeyAndDeclaresNoEmptyOne() {
    assertThat(fields(state("plant[m1]", new FixedWorld()), "bed", "metadata", "labels").entries())
        .containsOnlyKeys("row", "sun");
    assertThat(fields(state("plant[m2]", new FixedWorld()), "bed").entries())
        .doesNotContainKey("metadata");
  }

  @Test
  void generatesSecrets() {
    FixedWorld world =
        new FixedWorld().with("bed on m1", "{'metadata':{'labels':{'soil':'clay'}}}");
    Looked state = state("open[m1]", world);
    assertThat(declared(state, "tap", "data", "key"))
        .isEqualTo(new Declared.Generated("0123456789abcdef", 32));
    assertThat(declared(state, "tap", "data", "soil"))
        .as("the second source of the fact, as the first has no value")
        .isEqualTo(new Declared.Known(TextNode.valueOf("clay"), false));
    assertThat(declared(state, "tap", "data", "flowers"))
        .isEqualTo(new Declared.Known(TextNode.valueOf("3"), false));
  }

  @Test
  void waitsForTheSameMembersStepOnly() {
    assertThat(declared(state("open[m2]", new FixedWorld()), "tap", "data", "soil"))
        .isEqualTo(new Declared.Unknown(List.of("plant[m2]"), false));
  }

  @Test
  void missesWhatNoStepWillBringForthAnyMore() {
    Looked state = state("plant[m2]", new FixedWorld(), "dig");
    assertThat(fields(state, "bed", "data").entries()).containsOnlyKeys("colour");
    assertThat(state.problems()).hasSize(2).allMatch(Evaluated.Missing.class::isInstance);
  }

  @Test
  void tellsWhatCannotBeReadFromWhatIsNotThere() {
    Looked state = state("plant[m1]", new FixedWorld().unreadable("pump on host"));
    assertThat(fields(state, "bed", "data").entries()).doesNotContainKey("pressure");
    assertThat(state.problems())
        .singleElement()
        .isInstanceOfSatisfying(
            Evaluated.Unreadable.class,
            unreadable ->
                assertThat(unreadable.what()).isEqualTo("Deployment/garden/pump on host"));
  }

  @Test
  void namesWhatHasToBeReadFirst() {
    Step plant = step("plant[m1]");
    Expressions expressions = new Expressions(plan, topology, plant.cluster(), plant.member());
    Set<String> needs =
        plant.spec().contentTemplates().stream()
            .flatMap(template -> expressions.needs(template).stream())
            .map(Need::toString)
            .collect(java.util.stream.Collectors.toSet());
    assertThat(needs).containsExactlyInAnyOrder("bed on host", "pump on host");
    Step open = step("open[m1]");
    Need tap =
        new Expressions(plan, topology, open.cluster(), open.member())
            .need(open.member().orElseThrow(), plan.object("tap"));
    assertThat(tap).hasToString("tap on host for m1");
    assertThat(tap.ref()).hasToString("ConfigMap/garden/m1");
  }

  private Step step(String id) {
    return plan.expand(topology).stream().filter(s -> s.id().equals(id)).findFirst().orElseThrow();
  }

  private record Looked(DesiredState state, Step step) {
    List<Evaluated> problems() {
      return state.problems();
    }
  }

  private Looked state(String id, World world, String... done) {
    Step step = step(id);
    return new Looked(new DesiredState(plan, topology, step, world, List.of(done)::contains), step);
  }

  private static Declared declared(Looked looked, String object, String... path) {
    StepSpec spec = looked.step().spec();
    DeclaredTemplate.Fields template =
        spec.ensure().containsKey(object) ? spec.ensure().get(object) : spec.create().get(object);
    Declared declared = looked.state().declared(Objects.requireNonNull(template));
    for (String key : path) {
      declared = Objects.requireNonNull(((Declared.Fields) declared).entries().get(key));
    }
    return declared;
  }

  private static Declared.Fields fields(Looked looked, String object, String... path) {
    return (Declared.Fields) declared(looked, object, path);
  }
}
