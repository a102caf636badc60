package dev.muster.diff;

import static dev.muster.diff.DeclaredTrees.declared;
import static dev.muster.diff.DeclaredTrees.fields;
import static dev.muster.diff.DeclaredTrees.json;
import static dev.muster.diff.DeclaredTrees.known;
import static dev.muster.diff.DeclaredTrees.secret;
import static dev.muster.diff.DeclaredTrees.unknown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.problem.MusterException;
import dev.muster.resource.Declared;
import dev.muster.resource.FieldPath;
import dev.muster.resource.FieldRules;
import dev.muster.resource.ObjectRef;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OverlayTest {
  private static final ObjectRef THING = ObjectRef.of("example.dev/v1", "Thing", "ns", "x");
  private static final ObjectRef DEPLOYMENT = ObjectRef.of("apps/v1", "Deployment", "ns", "agent");

  @Test
  void looksAtDeclaredFieldsOnly() {
    JsonNode live = json("{'metadata':{'uid':'u'},'spec':{'a':1,'mine':2},'status':{'x':1}}");

    ObjectDiff diff =
        Overlay.compare(THING, live, declared("{'spec':{'a':1.0}}"), FieldRules.none());

    assertThat(diff.isEmpty()).isTrue();
    assertThat(Change.of(diff, "r")).isInstanceOf(Change.Unchanged.class);
  }

  @Test
  void addsParentsFirstAndTestsWhatItReplaces() {
    JsonNode live = json("{'metadata':{'uid':'u'},'spec':{'a':1}}");

    ObjectDiff diff =
        Overlay.compare(
            THING,
            live,
            declared("{'spec':{'a':2,'b':{'c':{'d':'x'}}},'metadata':{'labels':{'a.b/c':'y'}}}"),
            FieldRules.none());

    assertThat(diff.fields())
        .extracting(FieldChange::toString)
        .containsExactly(
            "~ spec.a: 1 -> 2", "+ spec.b.c.d: \"x\"", "+ metadata.labels['a.b/c']: \"y\"");
    assertThat(diff.patch())
        .isEqualTo(
            json(
                """
                [{'op':'test','path':'/metadata/uid','value':'u'},
                 {'op':'test','path':'/spec/a','value':1},
                 {'op':'replace','path':'/spec/a','value':2},
                 {'op':'add','path':'/spec/b','value':{}},
                 {'op':'add','path':'/spec/b/c','value':{}},
                 {'op':'add','path':'/spec/b/c/d','value':'x'},
                 {'op':'add','path':'/metadata/labels','value':{}},
                 {'op':'add','path':'/metadata/labels/a.b~1c','value':'y'}]
                """));
  }

  @Test
  void mergesContainersByNameAndGuardsTheirPosition() {
    JsonNode live =
        json(
            """
            {'metadata':{'uid':'u'},'spec':{'template':{'spec':{'containers':[
              {'name':'side','image':'s'},
              {'name':'agent','image':'old','args':['a'],'env':[{'name':'X','value':'1'}],
               'ports':[{'containerPort':80,'protocol':'TCP'}]}]}}}}
            """);

    ObjectDiff diff =
        Overlay.compare(
            DEPLOYMENT,
            live,
            declared(
                """
                {'spec':{'template':{'spec':{'containers':[{'name':'agent','image':'new',
                  'args':['a','b'],'env':[{'name':'Y','value':'2'}],'ports':[{'containerPort':80}]}]}}}}
                """),
            FieldRules.none());

    assertThat(diff.fields())
        .extracting(FieldChange::toString)
        .containsExactly(
            "~ spec.template.spec.containers[name=agent].image: \"old\" -> \"new\"",
            "~ spec.template.spec.containers[name=agent].args: [\"a\"] -> [\"a\",\"b\"]",
            "+ spec.template.spec.containers[name=agent].env[name=Y]:"
                + " {\"name\":\"Y\",\"value\":\"2\"}");
    assertThat(diff.patch())
        .isEqualTo(
            json(
                """
                [{'op':'test','path':'/metadata/uid','value':'u'},
                 {'op':'test','path':'/spec/template/spec/containers/1/name','value':'agent'},
                 {'op':'test','path':'/spec/template/spec/containers/1/image','value':'old'},
                 {'op':'replace','path':'/spec/template/spec/containers/1/image','value':'new'},
                 {'op':'test','path':'/spec/template/spec/containers/1/args','value':['a']},
                 {'op':'replace','path':'/spec/template/spec/containers/1/args','value':['a','b']},
                 {'op':'add','path':'/spec/template/spec/containers/1/env/-',
                  'value':{'name':'Y','value':'2'}}]
                """));
  }

  @Test
  void removesWhatIsNoLongerDeclaredFromTheBack() {
    JsonNode live =
        json("{'metadata':{'uid':'u'},'l':[{'name':'a'},{'name':'b'},{'name':'c'}],'x':1,'y':2}");
    FieldRules rules = new FieldRules(Map.of("l", "name"), List.of(), Map.of());
    List<FieldPath> removed =
        List.of(
            FieldPath.of("l", "[name=a]"),
            FieldPath.of("l", "[name=c]"),
            FieldPath.of("x"),
            FieldPath.of("gone"));

    ObjectDiff diff = Overlay.compare(THING, live, declared("{'x':1,'y':null}"), rules, removed);

    assertThat(diff.result()).isEqualTo(json("{'metadata':{'uid':'u'},'l':[{'name':'b'}],'x':1}"));
    assertThat(diff.patch())
        .extracting(op -> op.path("op").asText() + " " + op.path("path").asText())
        .containsExactly(
            "test /metadata/uid",
            "test /l/2/name",
            "test /l/2",
            "remove /l/2",
            "test /l/0/name",
            "test /l/0",
            "remove /l/0",
            "test /y",
            "remove /y");
  }

  @Test
  void takesQuantitiesOfResourcesByValueAndNothingElse() {
    JsonNode live =
        json(
            "{'metadata':{'uid':'u'},'r':{'resources':{'limits':{'cpu':'100m','memory':'200M'},"
                + "'requests':{'cpu':1}}},'other':'100m'}");

    ObjectDiff diff =
        Overlay.compare(
            THING,
            live,
            declared(
                "{'r':{'resources':{'limits':{'cpu':'0.1','memory':'200000000'},"
                    + "'requests':{'cpu':'1000m'}}},'other':'0.1'}"),
            FieldRules.none());

    assertThat(diff.fields()).extracting(c -> c.path().toString()).containsExactly("other");
  }

  @Test
  void keepsGeneratedValuesAndMakesMissingOnesOnce() {
    Declared token = new Declared.Generated("ab", 32);
    JsonNode there = json("{'metadata':{'uid':'u'},'token':'live'}");
    assertThat(Overlay.compare(THING, there, fields("token", token), FieldRules.none()).isEmpty())
        .isTrue();

    ObjectDiff open =
        Overlay.compare(
            THING,
            json("{'metadata':{'uid':'u'},'token':''}"),
            fields("token", token),
            FieldRules.none());
    assertThat(open.needsGenerated()).isTrue();
    assertThat(open.complete()).isTrue();
    assertThat(open.toString()).endsWith("[~ token: (sensitive) -> (generated)]");
    assertThatThrownBy(open::patch).hasMessageContaining("not made yet");

    ObjectDiff made = open.resolveGenerated(new Random(1));
    assertThat(made.result().get("token").asText()).matches("[ab]{32}");
    assertThat(made.resolveGenerated(new Random(2)).result()).isEqualTo(made.result());
    assertThat(made.toString()).doesNotContain(made.result().get("token").asText());
  }

  @Test
  void saysWhatIsKnownLater() {
    ObjectDiff diff =
        Overlay.compare(
            THING,
            json("{'metadata':{'uid':'u'},'spec':{'a':'old'}}"),
            fields("spec", fields("a", unknown("host-role"), "b", known("1"))),
            FieldRules.none());

    assertThat(diff.complete()).isFalse();
    assertThat(diff.toString()).contains("~ spec.a: \"old\" -> (known after host-role)");
    assertThatThrownBy(diff::patch).hasMessageContaining("known only after [host-role]");
    assertThat(Change.of(diff, "because"))
        .isInstanceOfSatisfying(
            Change.Pending.class,
            pending -> {
              assertThat(pending.intended()).isEqualTo(Change.Intended.PATCH);
              assertThat(pending.waitsFor()).containsExactly("host-role");
              assertThat(pending.fields()).hasSize(2);
            });
  }

  @Test
  void makesTheManifestOfANewObject() {
    ObjectDiff diff =
        Overlay.create(
            THING,
            declared("{'metadata':{'labels':{'a':'b'}},'spec':{'x':null,'y':1}}"),
            FieldRules.none());

    assertThat(diff.manifest())
        .hasToString(
            "{\"apiVersion\":\"example.dev/v1\",\"kind\":\"Thing\",\"metadata\":{\"name\":\"x\","
                + "\"namespace\":\"ns\",\"labels\":{\"a\":\"b\"}},\"spec\":{\"y\":1}}");
    assertThat(diff.fields())
        .extracting(FieldChange::toString)
        .containsExactly("+ metadata.labels.a: \"b\"", "+ spec.y: 1");
    assertThat(Change.of(diff, "absent")).isInstanceOf(Change.Create.class);
    assertThat(Overlay.create(THING, declared("{}"), FieldRules.none()).isEmpty()).isFalse();
  }

  @Test
  void neverShowsSensitiveValues() {
    FieldRules rules = new FieldRules(Map.of(), List.of("spec.token"), Map.of());
    ObjectDiff diff =
        Overlay.compare(
            THING,
            json(
                "{'metadata':{'uid':'u'},'spec':{'token':{'v':'canary-old-1234567'},'s':'canary-1'}}"),
            fields(
                "spec",
                fields(
                    "token", fields("v", known("'canary-new-1234567'")), "s", secret("canary-2"))),
            rules);
    Fingerprint fingerprint = Fingerprint.withKey("00".repeat(32));

    assertThat(diff.fields()).allMatch(FieldChange::sensitive);
    assertThat(diff + " " + Change.of(diff, "r")).doesNotContain("canary");
    assertThat(ReadablePatch.of(diff, fingerprint).toString())
        .doesNotContain("canary")
        .contains("(sensitive, fingerprint " + fingerprint.of("canary-new-1234567").orElseThrow())
        .contains("\"(sensitive)\"");
    assertThat(diff.patch().toString()).contains("canary-new-1234567");
  }

  @Test
  void refusesElementsWithoutTheirKey() {
    FieldRules rules = new FieldRules(Map.of("l", "name"), List.of(), Map.of());
    JsonNode live = json("{'metadata':{'uid':'u'},'l':[{'name':'a'}]}");

    assertThatThrownBy(() -> Overlay.compare(THING, live, declared("{'l':[{'x':1}]}"), rules))
        .isInstanceOf(MusterException.class)
        .hasMessageContaining("an element of l does not say its name");
    assertThatThrownBy(
            () ->
                Overlay.compare(THING, live, declared("{'l':[{'name':'b'},{'name':'b'}]}"), rules))
        .hasMessageContaining("element [name=b] of l is declared twice");
  }

  @Test
  void addsToASetWithoutTouchingOthers() {
    JsonNode live = json("{'metadata':{'uid':'u','finalizers':['other']}}");

    ObjectDiff diff =
        Overlay.compare(
            THING,
            live,
            declared("{'metadata':{'finalizers':['mine','other']}}"),
            FieldRules.none());

    assertThat(diff.result().at("/metadata/finalizers")).isEqualTo(json("['other','mine']"));
  }

  @Test
  void saysWhichTestFails() {
    JsonNode patch =
        json("[{'op':'test','path':'/a','value':1},{'op':'test','path':'/b','value':2}]");

    assertThat(Patches.failedTest(patch, json("{'a':1.0,'b':3}"))).contains("/b");
    assertThat(Patches.failedTest(patch, json("{'a':1,'b':2}"))).isEmpty();
  }
}
