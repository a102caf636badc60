package dev.muster.desired;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.muster.Garden;
import dev.muster.plan.DeclaredTemplate;
import dev.muster.plan.Plan;
import dev.muster.plan.Step;
import dev.muster.resource.Declared;
import dev.muster.topology.Topology;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a topology names as a secret, as expressions see it. */
class SecretInputsTest {
  private final Plan plan = Garden.plan();
  private final Topology topology =
      Garden.topology(
          """
            host: {}
            members:
            - {name: m1, sesame: {file: word.txt}}
            - {name: m2, sesame: {secret: {namespace: garden, name: words, key: m2}}}
            - name: m3
          """);

  @Test
  void areTextThatIsSensitiveWhereverItFlows() {
    assertThat(word("m1", new FixedWorld()))
        .contains(
            new Declared.Known(TextNode.valueOf("say the value of {\"file\":\"word.txt\"}"), true));
  }

  @Test
  void areLeftOutWhereATopologyDoesNotNameThem() {
    assertThat(word("m3", new FixedWorld())).isEmpty();
  }

  @Test
  void areReadFromTheHostWithoutTheirLastLineEnd() {
    FixedWorld world =
        new FixedWorld().with("Secret/garden/words on host", "{'data':{'m2':'cGxlYXNlCg=='}}");
    assertThat(word("m2", world))
        .contains(new Declared.Known(TextNode.valueOf("say please"), true));
  }

  @Test
  void areToldToBeMissingWithTheNameOfWhatIsMissing() {
    assertThat(problem(new FixedWorld()))
        .isEqualTo("sesame of m2 from the host: there is no Secret/garden/words");
    assertThat(
            problem(new FixedWorld().with("Secret/garden/words on host", "{'data':{'m1':'eA=='}}")))
        .isEqualTo("sesame of m2 from the host: Secret/garden/words has nothing under the key m2");
    assertThat(problem(new FixedWorld().unreadable("Secret/garden/words on host")))
        .isEqualTo("sesame of m2 from the host: no");
  }

  @Test
  void onTheHostAreReadOnlyForWhatNamesThem() {
    DesiredState state = state("m2", new FixedWorld());
    Step step = step("m2");
    assertThat(
            step.spec().contentTemplates().stream()
                .flatMap(template -> state.expressions().needs(template).stream())
                .map(Need::toString))
        .contains("Secret/garden/words on host");
    assertThat(
            step("m1").spec().contentTemplates().stream()
                .flatMap(t -> state("m1", new FixedWorld()).expressions().needs(t).stream())
                .map(Need::toString))
        .noneMatch(need -> need.contains("words"));
  }

  private String problem(World world) {
    DesiredState state = state("m2", world);
    state.declared(bed("m2"));
    Evaluated.Unreadable found = (Evaluated.Unreadable) state.problems().get(0);
    return found.what() + ": " + found.failure().message();
  }

  private Optional<Declared> word(String member, World world) {
    DesiredState state = state(member, world);
    Declared.Fields declared = state.declared(bed(member));
    Declared data = declared.entries().get("data");
    return data instanceof Declared.Fields fields
        ? Optional.ofNullable(fields.entries().get("word"))
        : Optional.empty();
  }

  private DeclaredTemplate.Fields bed(String member) {
    return Objects.requireNonNull(step(member).spec().ensure().get("bed"));
  }

  private DesiredState state(String member, World world) {
    return new DesiredState(plan, topology, step(member), world, id -> false);
  }

  private Step step(String member) {
    return plan.expand(topology).stream()
        .filter(step -> step.id().equals("plant[" + member + "]"))
        .findFirst()
        .orElseThrow();
  }
}
