package dev.muster.diff;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.muster.problem.Problems;
import dev.muster.resource.Declared;
import dev.muster.resource.DocumentPlace;
import dev.muster.resource.FieldPath;
import dev.muster.resource.FieldRules;
import dev.muster.resource.ObjectRef;
import dev.muster.yaml.YamlReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LeavesTest {
  private static final ObjectRef DEPLOYMENT =
      ObjectRef.of("apps/v1", "Deployment", "shop", "agent");
  private static final FieldRules RULES =
      new FieldRules(
          Map.of(),
          List.of("spec.secret"),
          Map.of("settings", DocumentPlace.plain(FieldPath.of("data"))));

  @Test
  void namesEachFieldOnceAndListsWithoutAKeyAsAWhole() {
    assertThat(
            leaves(
                """
                metadata: {labels: {a/b: x}}
                settings: {deep: {one: 1}}
                spec:
                  gone: null
                  args: [a, b]
                  empty: {}
                  template: {spec: {containers: [{name: agent, image: x, env: [{name: A, value: b}]}]}}
                """))
        .containsExactly(
            "metadata.labels['a/b']",
            "settings.deep.one",
            "spec.args",
            "spec.empty",
            "spec.template.spec.containers[name=agent].name",
            "spec.template.spec.containers[name=agent].image",
            "spec.template.spec.containers[name=agent].env[name=A].name",
            "spec.template.spec.containers[name=agent].env[name=A].value");
  }

  @Test
  void dropsWhatIsNotDeclaredAndWholeElementsWithoutTheirKey() {
    List<FieldPath> owned =
        Leaves.of(
            DEPLOYMENT,
            declared(
                """
                metadata: {labels: {a: x, b: y}}
                spec: {template: {spec: {containers: [{name: agent, image: x, env: [{name: A, value: b}]}]}}}
                """),
            RULES);
    Declared.Fields now =
        declared(
            """
            metadata: {labels: {b: other}}
            spec: {template: {spec: {containers: [{name: agent}]}}}
            """);
    assertThat(Leaves.dropped(DEPLOYMENT, now, RULES, owned))
        .map(FieldPath::toString)
        .containsExactly(
            "metadata.labels.a",
            "spec.template.spec.containers[name=agent].image",
            "spec.template.spec.containers[name=agent].env[name=A]");
  }

  @Test
  void dropsNothingOfAListWithAnElementThatIsNotKnownYet() {
    List<FieldPath> owned = List.of(FieldPath.parse("metadata.finalizers[=a]"));
    Declared.Fields now =
        new Declared.Fields(
            Map.of(
                "metadata",
                new Declared.Fields(
                    Map.of(
                        "finalizers",
                        new Declared.Items(
                            List.of(new Declared.Unknown(List.of("later"), false)))))));
    assertThat(Leaves.dropped(DEPLOYMENT, now, RULES, owned)).isEmpty();
  }

  @Test
  void knowsWhatMayNotBeShownByPlaceAndByOrigin() {
    Declared.Fields declared =
        new Declared.Fields(
            Map.of(
                "spec",
                new Declared.Fields(
                    Map.of(
                        "secret", new Declared.Known(text("x"), false),
                        "copied", new Declared.Known(text("x"), true),
                        "open", new Declared.Known(text("x"), false)))));
    assertThat(sensitive(declared, "spec.secret")).isTrue();
    assertThat(sensitive(declared, "spec.copied")).isTrue();
    assertThat(sensitive(declared, "spec.open")).isFalse();
  }

  private static boolean sensitive(Declared.Fields declared, String path) {
    return Leaves.sensitive(DEPLOYMENT, declared, RULES, FieldPath.parse(path));
  }

  private static JsonNode text(String text) {
    return JsonNodeFactory.instance.textNode(text);
  }

  private static List<String> leaves(String yaml) {
    return Leaves.of(DEPLOYMENT, declared(yaml), RULES).stream().map(FieldPath::toString).toList();
  }

  private static Declared.Fields declared(String yaml) {
    Problems problems = new Problems();
    return (Declared.Fields) tree(YamlReader.read("test", yaml, problems).orElseThrow().json());
  }

  private static Declared tree(JsonNode value) {
    if (value.isObject() && !value.isEmpty()) {
      Map<String, Declared> entries = new LinkedHashMap<>();
      value.properties().forEach(entry -> entries.put(entry.getKey(), tree(entry.getValue())));
      return new Declared.Fields(entries);
    }
    if (value.isArray()) {
      List<Declared> elements = new java.util.ArrayList<>();
      value.forEach(element -> elements.add(tree(element)));
      return new Declared.Items(elements);
    }
    return new Declared.Known(value, false);
  }
}
