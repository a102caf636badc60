package dev.muster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.plan.Allows.Place;
import dev.muster.plan.Allows.Use;
import dev.muster.plan.Allows.Verb;
import dev.muster.problem.Problems;
import dev.muster.resource.ObjectRef;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllowsTest {
  private static final Allows ALLOWS =
      allows(
          """
          host:
          - {kinds: [v1/Secret], namespaces: [archive], names: ["card-*"], verbs: [get, delete]}
          - {kinds: [v1/ConfigMap], namespaces: ["a*e"], verbs: [list]}
          - {kinds: [{kind: example.org/v1/Ox, plural: oxen}, v1/ServiceAccount/token], verbs: [create]}
          member:
          - {kinds: [apps/v1/Deployment], verbs: [get]}
          """);

  private static Allows allows(String text) {
    String plan = "spec:\n  allows:\n" + text.indent(4);
    return PlanReader.open("plan.yaml", plan, new Problems()).orElseThrow().allows().orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "HOST, GET, v1, Secret, archive, card-1, true",
    "HOST, DELETE, v1, Secret, archive, card-, true",
    "HOST, GET, v1, Secret, archive, my-card-1, false",
    "HOST, GET, v1, Secret, other, card-1, false",
    "HOST, PATCH, v1, Secret, archive, card-1, false",
    "HOST, LIST, v1, Secret, archive, '', false",
    "MEMBER, GET, v1, Secret, archive, card-1, false",
    "HOST, LIST, v1, ConfigMap, archive, '', true",
    "HOST, LIST, v1, ConfigMap, ae, '', true",
    "HOST, LIST, v1, ConfigMap, '', '', false",
    "HOST, LIST, v1, ConfigMap, archives, '', false",
    "MEMBER, GET, apps/v1beta1, Deployment, anywhere, x, true",
    "MEMBER, GET, other/v1, Deployment, anywhere, x, false",
    "ELSEWHERE, GET, apps/v1, Deployment, anywhere, x, false"
  })
  void allowsThatAndNoMore(
      Place place,
      Verb verb,
      String version,
      String kind,
      String namespace,
      String name,
      boolean may) {
    assertThat(ALLOWS.allow(Use.of(place, verb, ObjectRef.of(version, kind, namespace, name))))
        .isEqualTo(may);
  }

  @Test
  void looksAtThePluralThatIsAskedForAndNotAtTheKind() {
    ObjectRef disguised = ObjectRef.of("v1", "ConfigMap", "archive", "x").withPlural("secrets");
    assertThat(ALLOWS.allow(Use.of(Place.HOST, Verb.LIST, disguised))).isFalse();
    ObjectRef ox = ObjectRef.of("example.org/v1", "Ox", "", "first");
    assertThat(ALLOWS.allow(Use.of(Place.HOST, Verb.CREATE, ox))).isFalse();
    assertThat(ALLOWS.allow(Use.of(Place.HOST, Verb.CREATE, ox.withPlural("oxen")))).isTrue();
  }

  @Test
  void aPartOfAnObjectIsAnotherThanTheObject() {
    ObjectRef account = ObjectRef.of("v1", "ServiceAccount", "kube-system", "muster");
    assertThat(ALLOWS.allow(Use.of(Place.HOST, Verb.CREATE, account))).isFalse();
    assertThat(
            ALLOWS.allow(
                new Use(
                    Place.HOST,
                    Verb.CREATE,
                    Allows.Kind.of(account, "token"),
                    "kube-system",
                    Optional.of("muster"))))
        .isTrue();
  }

  @Test
  void isToldInWords() {
    assertThat(ALLOWS.words())
        .containsExactly(
            "on the host:",
            "  read and delete v1/Secret in namespace archive, only card-*",
            "  list v1/ConfigMap in namespace a*e",
            "  create example.org/v1/Ox (oxen), v1/ServiceAccount/token in the whole cluster",
            "on each member:",
            "  read apps/v1/Deployment in the whole cluster");
    assertThat(allows("host: []").words()).containsExactly("nothing");
  }
}
