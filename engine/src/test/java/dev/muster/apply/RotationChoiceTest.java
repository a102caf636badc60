package dev.muster.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.Garden;
import dev.muster.plan.RotationSpec;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RotationChoiceTest {
  private static final String OLD = "old0123456789abcdef";
  private static final String GIVEN = "0123456789abcdef0000";
  private static final Instant NOW = Instant.parse("2026-11-25T19:00:00Z");

  private final RotationSpec spec = Objects.requireNonNull(Garden.plan().rotations().get("recipe"));

  @Test
  void generatesAValueWhenNoneIsGiven() {
    RotationChoice.Begin begin = begin(choose(Optional.empty(), "", OLD, false));
    assertThat(begin.generated()).isTrue();
    assertThat(begin.value()).matches("[0-9a-f]{32}");
    assertThat(begin.open().isValue(begin.value())).isTrue();
    assertThat(begin.open().began()).isEqualTo("2026-11-25T19:00:00Z");
    assertThat(begin(choose(Optional.empty(), "", OLD, false)).value()).isNotEqualTo(begin.value());
  }

  @Test
  void takesAGivenValueThatFits() {
    RotationChoice.Begin begin =
        begin(choose(Optional.empty(), "", OLD, false, Optional.of(GIVEN)));
    assertThat(begin.generated()).isFalse();
    assertThat(begin.value()).isEqualTo(GIVEN);
  }

  @Test
  void refusesAValueOfOtherCharactersWithoutShowingIt() {
    String bad = "'; rm -rf / #1234567890";
    RotationChoice choice = choose(Optional.empty(), "", OLD, false, Optional.of(bad));
    assertThat(choice).isInstanceOf(RotationChoice.Refuse.class);
    assertThat(choice.toString()).contains("at least 16").doesNotContain(bad);
  }

  @Test
  void refusesTheValueThatIsInForceAlready() {
    assertThat(choose(Optional.empty(), "", GIVEN, false, Optional.of(GIVEN)))
        .isInstanceOf(RotationChoice.Refuse.class);
  }

  @Test
  void goesOnWithTheValueThatTheHostHasGot() {
    RotationChoice.Begin first = begin(choose(Optional.empty(), "", OLD, false));
    RotationChoice again = choose(Optional.of(first.open()), first.value(), OLD, false);
    assertThat(again).isEqualTo(new RotationChoice.GoOn(first.value(), first.open()));
    assertThat(
            choose(
                Optional.of(first.open()),
                first.value(),
                first.value(),
                false,
                Optional.of(first.value())))
        .isInstanceOf(RotationChoice.GoOn.class);
  }

  /** The first write never came, and the value was kept nowhere: nobody had it. */
  @Test
  void takesANewValueForTheSameRotationWhenTheFirstWasLost() {
    RotationChoice.Begin first = begin(choose(Optional.empty(), "", OLD, false));
    RotationChoice.Begin again = begin(choose(Optional.of(first.open()), OLD, OLD, false));
    assertThat(again.value()).isNotEqualTo(first.value());
    assertThat(again.open().began()).isEqualTo(first.open().began());
    assertThat(again.open().isValue(again.value())).isTrue();
    assertThat(again.open().isValue(first.value())).isFalse();
  }

  @Test
  void refusesAnotherValueWhileOneIsOnItsWay() {
    RotationChoice.Begin first = begin(choose(Optional.empty(), "", OLD, false));
    RotationChoice choice =
        choose(Optional.of(first.open()), first.value(), OLD, false, Optional.of(GIVEN));
    assertThat(choice).isInstanceOf(RotationChoice.Refuse.class);
    assertThat(choice.toString()).contains("--new").doesNotContain(GIVEN, first.value());
  }

  @Test
  void beginsAnotherOneWhenToldTo() {
    RotationChoice.Begin first = begin(choose(Optional.empty(), "", OLD, false));
    RotationChoice.Begin second =
        begin(choose(Optional.of(first.open()), first.value(), first.value(), true));
    assertThat(second.value()).isNotEqualTo(first.value());
  }

  @Test
  void isRememberedWithoutItsValue() {
    RotationChoice.Begin begin = begin(choose(Optional.empty(), "", OLD, false));
    String kept = begin.open().json().toString();
    assertThat(kept).doesNotContain(begin.value());
    assertThat(OpenRotation.read("recipe", begin.open().json())).contains(begin.open());
    assertThat(begin.toString()).doesNotContain(begin.value());
  }

  @Test
  void takesNothingBrokenForARotation() {
    assertThat(OpenRotation.read("recipe", Garden.json("{'began':'x'}"))).isEmpty();
  }

  private RotationChoice choose(
      Optional<OpenRotation> open, String durable, String inForce, boolean anew) {
    return choose(open, durable, inForce, anew, Optional.empty());
  }

  private RotationChoice choose(
      Optional<OpenRotation> open,
      String durable,
      String inForce,
      boolean anew,
      Optional<String> given) {
    return RotationChoice.of(
        spec,
        new RotationChoice.Situation(open, given, durable, inForce, anew, NOW, "run-1"),
        new SecureRandom());
  }

  private static RotationChoice.Begin begin(RotationChoice choice) {
    assertThat(choice).isInstanceOf(RotationChoice.Begin.class);
    return (RotationChoice.Begin) choice;
  }
}
