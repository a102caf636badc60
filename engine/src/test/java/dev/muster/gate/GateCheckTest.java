package dev.muster.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.muster.Garden;
import dev.muster.expression.Outcome;
import dev.muster.plan.GateSpec;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class GateCheckTest {
  private static final GateSpec DUG = Objects.requireNonNull(Garden.plan().gates().get("dug"));

  @Test
  void saysWhatTheFirstUnmetTermWaitsFor() {
    assertThat(gate("{}").ready()).isEqualTo(new GateStatus.Waiting("the pump does not exist yet"));
    assertThat(gate("{'pump':{'status':{'pressure':1}}}").ready())
        .isEqualTo(new GateStatus.Waiting("the pressure is too low: 1"));
  }

  @Test
  void saysItInThePlansWordsWhenAValueIsMissing() {
    assertThat(gate("{'pump':{}}").ready())
        .isEqualTo(new GateStatus.Waiting("the pressure is too low"));
  }

  @Test
  void saysItWithoutAColonWhenAValueIsEmpty() {
    Map<String, JsonNode> variables =
        Map.of("host", Garden.json("{'pump':{'status':{'pressure':1}}}"));
    Outcome empty = new Outcome.Value(TextNode.valueOf("the pressure is too low: "));
    GateCheck check =
        new GateCheck(
            DUG,
            template ->
                template.source().startsWith("the pressure")
                    ? empty
                    : template.evaluate(variables));
    assertThat(check.ready()).isEqualTo(new GateStatus.Waiting("the pressure is too low"));
  }

  @Test
  void waitsWhenItCannotTell() {
    assertThat(gate("{'pump':{'status':{'pressure':3,'level':1}}}").ready())
        .isEqualTo(new GateStatus.Waiting("cannot tell: division by zero"));
  }

  @Test
  void isReadyWhenAllTermsHold() {
    GateSpec two =
        new GateSpec(
            "two",
            DUG.timeoutKey(),
            DUG.timeout(),
            DUG.ready().subList(0, 2),
            DUG.stable(),
            DUG.proof(),
            DUG.failed(),
            DUG.why(),
            DUG.progress());
    assertThat(gate(two, "{'pump':{'status':{'pressure':3}}}", "{'changed':false}").ready())
        .isEqualTo(new GateStatus.Ready());
  }

  @Test
  void asksForProofApart() {
    assertThat(gate(DUG, "{}", "{'changed':false}").proof())
        .isEqualTo(new GateStatus.Waiting("nothing was changed"));
    assertThat(gate(DUG, "{}", "{'changed':true}").proof()).isEqualTo(new GateStatus.Ready());
  }

  @Test
  void failsOnlyForACauseThatHolds() {
    assertThat(gate("{}").failed()).as("a missing value is no failure").isEmpty();
    assertThat(gate("{'pump':{'status':{'leaks':false}}}").failed()).isEmpty();
    assertThat(gate("{'pump':{'status':{'leaks':true,'place':'the valve'}}}").failed())
        .contains(new Cause("the pump leaks at the valve", "mend it"));
  }

  @Test
  void namesTheMostTellingCause() {
    assertThat(gate("{}").why()).contains(new Cause("there is no pump", "buy one"));
    assertThat(gate("{'pump':{}}").why()).contains(new Cause("the pump is slow", "wait"));
  }

  @Test
  void showsProgressOnlyWhereThereIsAny() {
    assertThat(gate("{'pump':{'status':{'message':'filling'}}}").progress()).isEqualTo("filling");
    assertThat(gate("{}").progress()).isEmpty();
  }

  @Test
  void isStableOnceAValueHasStayedForLongEnough() {
    Stability stability = new Stability(DUG.stable().orElseThrow());
    long second = 1_000_000_000L;
    JsonNode three = Garden.json("3");
    assertThat(stability.observe(three, 5 * second)).isEqualTo(Duration.ofSeconds(2));
    assertThat(stability.observe(three, 6 * second)).isEqualTo(Duration.ofSeconds(1));
    assertThat(stability.observe(Garden.json("4"), 7 * second)).isEqualTo(Duration.ofSeconds(2));
    assertThat(stability.observe(three, 8 * second)).isEqualTo(Duration.ofSeconds(2));
    assertThat(stability.observe(three, 10 * second)).isEqualTo(Duration.ZERO);
    stability.reset();
    assertThat(stability.observe(three, 11 * second)).isEqualTo(Duration.ofSeconds(2));
  }

  private static GateCheck gate(String host) {
    return gate(DUG, host, "{'changed':true}");
  }

  private static GateCheck gate(GateSpec spec, String host, String step) {
    Map<String, JsonNode> variables = new HashMap<>();
    variables.put("host", Garden.json(host));
    variables.put("step", Garden.json(step));
    return new GateCheck(spec, template -> template.evaluate(variables));
  }
}
