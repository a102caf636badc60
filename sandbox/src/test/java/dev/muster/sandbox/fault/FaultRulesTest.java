package dev.muster.sandbox.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.muster.problem.MusterException;
import dev.muster.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people write after {@code muster sandbox --fault}. */
final class FaultRulesTest {
  private static final Set<String> CLUSTERS = Set.of("host", "m1", "m2");
  private static final String MAPS = "/api/v1/namespaces/kubesphere-system/configmaps";

  private static Rule rule(String text) {
    return FaultRules.parse(List.of(text), CLUSTERS).get(0);
  }

  private static Request request(String cluster, String verb, String path) {
    return new Request(1, cluster, verb, path, "", 1);
  }

  private static List<Problem> problems(String... texts) {
    MusterException thrown =
        catchThrowableOfType(
            MusterException.class, () -> FaultRules.parse(List.of(texts), CLUSTERS));
    assertThat(thrown).as(String.join(", ", texts)).isNotNull();
    return thrown.problems();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "503|503",
        "429:5|429, retry after 5 s",
        "lost|request lost",
        "answer-lost|answer lost",
        "slow:2s|slow by 2000 ms",
        "slow:150ms|slow by 150 ms",
        "slow:1m|slow by 60000 ms",
        "truncated|answer truncated",
        "reset|connection reset",
        "stale|stale read",
        "hide:2|event 2 hidden",
        "close:0|watch closed after 0"
      })
  void beginsWithAFault(String text, String fault) {
    assertThat(rule(text).fault()).hasToString(fault);
  }

  @ParameterizedTest
  @CsvSource({
    "503, true, true, true",
    "503 write, true, false, true",
    "503 read, false, true, false",
    "'503 get,create', false, true, true",
    "503 patch /configmaps, true, false, false",
    "503 /configmaps @m1, true, false, false",
    "503 @host, false, true, true",
    "503 /configmaps/kubesphere-*, true, true, false",
    "503 /kubesphere-config, true, true, false",
    "503 /config, false, false, false",
    "503 /namespaces/*/configmaps, true, true, false"
  })
  void meetsTheRequestsThatFitAllWords(String text, boolean patch, boolean get, boolean create) {
    assertThat(rule(text).where().test(request("m1", "patch", MAPS + "/kubesphere-config")))
        .isEqualTo(patch);
    assertThat(rule(text).where().test(request("host", "get", MAPS + "/kubesphere-config")))
        .isEqualTo(get);
    String clusters = "/apis/cluster.kubesphere.io/v1alpha1/clusters";
    assertThat(rule(text).where().test(request("host", "create", clusters))).isEqualTo(create);
  }

  @ParameterizedTest
  @CsvSource({
    "503 patch 2, 2",
    "503 2.. patch, 2 3 4",
    "503 patch 2..3, 2 3",
    "503 patch, 1 2 3 4"
  })
  void countsTheRequestsThatFit(String text, String met) {
    Rule rule = rule(text);
    List<String> turns = new ArrayList<>();
    for (int turn = 1; turn <= 4; turn++) {
      assertThat(rule.where().test(request("m1", "get", MAPS))).isFalse();
      if (rule.where().test(request("m1", "patch", MAPS + "/a"))) {
        turns.add("" + turn);
      }
    }
    assertThat(String.join(" ", turns)).isEqualTo(met);
  }

  @Test
  void endsAfterItsTime() {
    Rule over = rule("503 for:0s");
    assertThat(over.where().test(request("m1", "get", MAPS))).isFalse();
    Rule on = rule("503 for:10m 2..");
    assertThat(on.where().test(request("m1", "get", MAPS))).isFalse();
    assertThat(on.where().test(request("m1", "get", MAPS))).isTrue();
  }

  @Test
  void leavesOutWhatAFaultCannotHappenTo() {
    assertThat(rule("hide:1").where().test(request("m1", "get", MAPS))).isFalse();
    assertThat(rule("hide:1").where().test(request("m1", "watch", MAPS))).isTrue();
    assertThat(rule("stale").where().test(request("m1", "watch", MAPS))).isFalse();
    assertThat(problems("stale patch"))
        .singleElement()
        .satisfies(
            p -> {
              assertThat(p.message())
                  .isEqualTo("--fault 'stale patch': 'stale' can happen to none of these requests");
              assertThat(p.hints()).containsExactly("it happens to get and list only");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "patch 503",
        "302",
        "600",
        "slow",
        "slow:soon",
        "hide:0",
        "429:soon",
        "503:",
        "explode"
      })
  void saysWhichFaultsThereAre(String text) {
    assertThat(problems(text).get(0).message()).contains("is no fault");
    assertThat(problems(text).get(0).hints().get(0)).contains("400 to 599", "answer-lost");
  }

  @Test
  void saysAllThatIsWrongInAllRules() {
    assertThat(problems("503 patsch", "lost @m9 0", "reset 3..2 for:ever"))
        .extracting(Problem::message)
        .containsExactly(
            "--fault '503 patsch': 'patsch' says nothing about requests",
            "--fault 'lost @m9 0': '@m9' is no cluster of the sandbox",
            "--fault 'lost @m9 0': '0' is no turn",
            "--fault 'reset 3..2 for:ever': '3..2' is no turn",
            "--fault 'reset 3..2 for:ever': 'for:ever' says nothing about requests");
    assertThat(problems("lost @m9").get(0).hints()).containsExactly("there are: host, m1, m2");
  }
}
