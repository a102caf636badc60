package dev.muster.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.problem.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MatchingTest {
  private static final String HOST_UID = "uid-of-host";

  /** Context to the UID behind it; empty for one that does not answer. */
  private final Map<String, String> clusters = new LinkedHashMap<>();

  private final List<String> asked = new ArrayList<>();

  private Matching matching() {
    return new Matching(clusters.keySet(), HOST_UID, this::answer);
  }

  private Map<String, Identity> answer(Collection<String> contexts) {
    asked.addAll(contexts);
    Map<String, Identity> answers = new LinkedHashMap<>();
    for (String context : contexts) {
      String uid = clusters.getOrDefault(context, "");
      answers.put(context, new Identity(uid, uid.isEmpty() ? "connection refused" : ""));
    }
    return answers;
  }

  @Test
  void takesTheContextWithTheNameAndAsksNoOther() {
    clusters.put("m1", "uid-1");
    clusters.put("other", "uid-2");

    assertThat(matching().match(Map.of("m1", "uid-1"), Map.of()))
        .containsEntry("m1", new Match.Found("m1", "uid-1", Match.How.NAME, true, ""));
    assertThat(asked).containsExactly("m1");
  }

  @Test
  void prefersWhatWasGivenToTheName() {
    clusters.put("m1", "uid-2");
    clusters.put("there", "uid-1");

    assertThat(matching().match(Map.of("m1", "uid-1"), Map.of("m1", "there")))
        .containsEntry("m1", new Match.Found("there", "uid-1", Match.How.GIVEN, true, ""));
  }

  @Test
  void searchesByUidWhereAnotherClusterIsBehindTheName() {
    clusters.put("m1", "uid-2");
    clusters.put("host", HOST_UID);
    clusters.put("z", "uid-1");
    clusters.put("a", "UID-1");

    Match match = matching().match(Map.of("m1", "uid-1"), Map.of()).get("m1");

    assertThat(match)
        .isEqualTo(
            new Match.Found(
                "z", "uid-1", Match.How.UID, true, "these contexts lead to it as well: a"));
    assertThat(asked).as("each context once").containsExactly("m1", "host", "z", "a");
  }

  @Test
  void keepsTheNameOfAContextThatDoesNotAnswerAndSaysSo() {
    clusters.put("m1", "");

    assertThat(matching().match(Map.of("m1", "uid-1"), Map.of()).get("m1"))
        .isEqualTo(
            new Match.Found(
                "m1",
                "uid-1",
                Match.How.NAME,
                false,
                "it could not be reached through this context: connection refused"));
  }

  @Test
  void doubtsANameThatNothingProves() {
    clusters.put("m1", "uid-1");

    Match match = matching().match(Map.of("m1", ""), Map.of()).get("m1");

    assertThat(match)
        .isEqualTo(
            new Match.Found(
                "m1",
                "uid-1",
                Match.How.NAME,
                false,
                "the host does not show its UID, so nothing proves that this context is the right one"));
  }

  @Test
  void findsNoneAndNamesTheContextsThatDidNotAnswer() {
    clusters.put("x", "uid-9");
    clusters.put("y", "");

    assertThat(matching().match(Map.of("m1", "uid-1"), Map.of()).get("m1"))
        .isEqualTo(new Match.None("none of the 2 contexts leads to it; not reached: y"));
    assertThat(matching().match(Map.of("m2", ""), Map.of()).get("m2"))
        .isEqualTo(new Match.None("no context has its name, and the host does not show its UID"));
  }

  @Test
  void refusesAGivenContextThatCannotBeRight() {
    clusters.put("hub", HOST_UID);
    clusters.put("two", "uid-2");
    Matching matching = matching();

    var unused =
        matching.match(
            Map.of("m1", "uid-1", "m2", "uid-2"),
            Map.of("m1", "two", "m2", "hub", "m3", "two", "m4", "twoo"));

    assertThat(matching.problems())
        .extracting(Problem::message)
        .anySatisfy(text -> assertThat(text).contains("another cluster than the one", "uid-1"))
        .anySatisfy(text -> assertThat(text).contains("leads to the host itself"))
        .anySatisfy(text -> assertThat(text).contains("\"m3\", which is not registered"))
        .hasSize(4);
  }
}
