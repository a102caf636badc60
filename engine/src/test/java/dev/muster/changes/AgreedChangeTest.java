package dev.muster.changes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.resource.ObjectRef;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What was agreed to, beside what would be written now. */
class AgreedChangeTest {
  private static final ObjectRef SHED = ObjectRef.of("v1", "ConfigMap", "farm", "shed");
  private static final Optional<Boolean> THERE = Optional.of(true);
  private static final Optional<Boolean> ABSENT = Optional.of(false);
  private static final Optional<Boolean> UNKNOWN = Optional.empty();

  @Test
  void theSameOrLessIsNoDeviation() {
    AgreedChange agreed = new AgreedChange(THERE, List.of(add("data.a"), add("data.b")));
    assertThat(agreed.deviation(SHED, THERE, List.of(add("data.a"), add("data.b")))).isEmpty();
    assertThat(agreed.deviation(SHED, THERE, List.of(add("data.b")))).isEmpty();
  }

  /** Its fields would all be added as planned, and the object would have nothing else in it. */
  @Test
  void anObjectThatIsGoneIsNotMadeOfThePatchForIt() {
    AgreedChange agreed = new AgreedChange(THERE, List.of(add("data.a")));
    assertThat(agreed.deviation(SHED, ABSENT, List.of(add("data.a"))))
        .contains(
            "changed since planned: ConfigMap/farm/shed was there when planned, and is not there any more");
  }

  @Test
  void oneThatCameMeanwhileAndLacksPartOfItIsFilledIn() {
    AgreedChange agreed = new AgreedChange(ABSENT, List.of(add("data.a"), add("data.b")));
    assertThat(agreed.deviation(SHED, THERE, List.of(add("data.b")))).isEmpty();
  }

  @Test
  void oneThatCameMeanwhileAndHasSomethingElseIsTold() {
    AgreedChange agreed = new AgreedChange(ABSENT, List.of(add("data.a")));
    assertThat(agreed.deviation(SHED, THERE, List.of(replace("data.a", "\"2\""))))
        .contains(
            "changed since planned: ConfigMap/farm/shed was not there when planned, and is there now: data.a, planned from absent, now \"2\"");
  }

  @Test
  void whatNobodyCouldTellIsNotHeldAgainstIt() {
    AgreedChange agreed = new AgreedChange(UNKNOWN, List.of(add("data.a")));
    assertThat(agreed.deviation(SHED, ABSENT, List.of(add("data.a")))).isEmpty();
    assertThat(agreed.deviation(SHED, THERE, List.of(add("data.a")))).isEmpty();
    assertThat(new AgreedChange(THERE, List.of(add("data.a"))))
        .satisfies(
            there -> assertThat(there.deviation(SHED, UNKNOWN, List.of(add("data.a")))).isEmpty());
  }

  private static FieldView add(String path) {
    return new FieldView(path, "add", "", "\"1\"", false, List.of(), false, false);
  }

  private static FieldView replace(String path, String before) {
    return new FieldView(path, "replace", before, "\"1\"", false, List.of(), false, false);
  }
}
