package dev.muster.diff;

import static dev.muster.diff.DeclaredTrees.fields;
import static dev.muster.diff.DeclaredTrees.json;
import static dev.muster.diff.DeclaredTrees.known;
import static dev.muster.diff.DeclaredTrees.secret;
import static dev.muster.diff.DeclaredTrees.unknown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.problem.MusterException;
import dev.muster.resource.Declared;
import dev.muster.resource.FieldPath;
import dev.muster.resource.FieldRules;
import dev.muster.resource.ObjectRef;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DocumentDiffTest {
  private static final ObjectRef REF = ObjectRef.of("v1", "ConfigMap", "system", "settings");
  private static final FieldRules RULES =
      new FieldRules(
          Map.of("settings.clients", "name"),
          List.of("settings.login.secret"),
          Map.of("settings", FieldPath.of("data", "app.yaml")));
  private static final String TEXT =
      """
      # written by the installer
      login:
        multiple: True   # Python's
        secret: "canary-old-0123456789"


      role: none
      clients:
      - name: web
        secret: w
      """;

  @Test
  void patchesTheWholeTextAndShowsInnerFields() {
    Declared.Fields declared =
        fields(
            "settings",
            fields(
                "role",
                known("'hub'"),
                "login",
                fields("secret", secret("canary-new-0123456789"))));

    ObjectDiff diff = Overlay.compare(REF, live(TEXT), declared, RULES);

    assertThat(diff.fields())
        .extracting(FieldChange::toString)
        .containsExactly(
            "~ settings.role: \"none\" -> \"hub\"",
            "~ settings.login.secret: (sensitive) -> (sensitive)");
    JsonNode patch = diff.patch();
    assertThat(patch)
        .extracting(op -> op.path("op").asText() + " " + op.path("path").asText())
        .containsExactly("test /metadata/uid", "test /data/app.yaml", "replace /data/app.yaml");
    assertThat(patch.get(1).path("value").asText()).isEqualTo(TEXT);
    assertThat(patch.get(2).path("value").asText())
        .isEqualTo(TEXT.replace("role: none", "role: hub").replace("canary-old", "canary-new"));
  }

  @Test
  void isReadableWithoutTheTextAndItsSecrets() {
    Declared.Fields declared =
        fields(
            "settings",
            fields(
                "role", unknown("host-role"), "login", fields("secret", secret("short-canary"))));
    Fingerprint fingerprint = Fingerprint.withKey("11".repeat(32));

    ObjectDiff diff = Overlay.compare(REF, live(TEXT), declared, RULES);

    assertThat(ReadablePatch.of(diff, fingerprint))
        .isEqualTo(
            json(
                """
                [{'op':'test','path':'/metadata/uid','value':'u'},
                 {'op':'replace','path':'/data/app.yaml','oldText':'fingerprint %s','fields':[
                   {'op':'replace','field':'settings.role','from':'none','to':'(known after host-role)'},
                   {'op':'replace','field':'settings.login.secret',
                    'from':'(sensitive, fingerprint %s)','to':'(sensitive)'}]}]
                """
                    .formatted(
                        fingerprint.of(TEXT).orElseThrow(),
                        fingerprint.of("canary-old-0123456789").orElseThrow())));
  }

  @Test
  void makesTheTextWhenThereIsNone() {
    Declared.Fields declared =
        fields("settings", fields("login", fields("multiple", known("true"))));
    JsonNode live = json("{'metadata':{'uid':'u'}}");

    ObjectDiff diff = Overlay.compare(REF, live, declared, RULES);

    assertThat(diff.result().at("/data/app.yaml").asText()).isEqualTo("login:\n  multiple: true\n");
    assertThat(diff.patch()).hasSize(3);
    assertThat(Overlay.create(REF, declared, RULES).manifest().at("/data/app.yaml").asText())
        .isEqualTo("login:\n  multiple: true\n");
  }

  @Test
  void seesNoDifferenceInOtherSpellings() {
    Declared.Fields declared =
        fields("settings", fields("login", fields("multiple", known("true"))));

    assertThat(Overlay.compare(REF, live(TEXT), declared, RULES).isEmpty()).isTrue();
  }

  @Test
  void removesFieldsInsideTheText() {
    ObjectDiff diff =
        Overlay.compare(
            REF,
            live(TEXT),
            fields("settings", fields("role", known("null"))),
            RULES,
            List.of(
                FieldPath.of("settings", "login", "secret"),
                FieldPath.of("settings", "clients", "[name=web]")));

    assertThat(diff.fields()).extracting(FieldChange::kind).containsOnly(FieldChange.Kind.REMOVE);
    assertThat(Patches.apply(diff.patch(), live(TEXT)).at("/data/app.yaml").asText())
        .isEqualTo(
            """
            # written by the installer
            login:
              multiple: True   # Python's


            clients: []
            """);
  }

  @Test
  void namesTheObjectWhoseTextIsBroken() {
    Declared.Fields declared = fields("settings", fields("role", known("'hub'")));

    assertThatThrownBy(() -> Overlay.compare(REF, live("a: [canary"), declared, RULES))
        .isInstanceOf(MusterException.class)
        .hasMessageContaining("ConfigMap/system/settings, field data['app.yaml']")
        .hasMessageNotContaining("canary");
  }

  private static JsonNode live(String text) {
    ObjectNode live = (ObjectNode) json("{'metadata':{'uid':'u'},'data':{}}");
    ((ObjectNode) live.get("data")).put("app.yaml", text);
    return live;
  }
}
