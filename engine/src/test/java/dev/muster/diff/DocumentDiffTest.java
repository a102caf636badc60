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
import dev.muster.resource.DocumentPlace;
import dev.muster.resource.FieldPath;
import dev.muster.resource.FieldRules;
import dev.muster.resource.ObjectRef;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DocumentDiffTest {
  private static final ObjectRef REF = ObjectRef.of("v1", "ConfigMap", "system", "settings");
  private static final FieldRules RULES =
      new FieldRules(
          Map.of("settings.clients", "name"),
          List.of("settings.login.secret"),
          Map.of("settings", DocumentPlace.plain(FieldPath.of("data", "app.yaml"))));
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

  @Test
  void editsATextInBase64AndKeepsItsOtherBytes() {
    Declared.Fields declared = fields("settings", fields("role", known("'hub'")));
    JsonNode live = live(base64(TEXT));

    ObjectDiff diff = Overlay.compare(REF, live, declared, encoded(false));

    assertThat(diff.fields())
        .extracting(FieldChange::toString)
        .containsExactly("~ settings.role: \"none\" -> \"hub\"");
    assertThat(Patches.apply(diff.patch(), live).at("/data/app.yaml").asText())
        .isEqualTo(base64(TEXT.replace("role: none", "role: hub")));
    assertThat(ReadablePatch.of(diff, Fingerprint.withKey("11".repeat(32))).toString())
        .doesNotContain(base64(TEXT))
        .contains("settings.role");
  }

  @Test
  void editsJsonInBase64AsJson() {
    String text = "{\"login\":{\"multiple\":false,  \"other\":1}}";
    Declared.Fields declared =
        fields(
            "settings", fields("login", fields("multiple", known("true")), "role", known("'hub'")));
    JsonNode live = live(base64(text));

    ObjectDiff diff = Overlay.compare(REF, live, declared, encoded(false));

    assertThat(Patches.apply(diff.patch(), live).at("/data/app.yaml").asText())
        .isEqualTo(base64("{\"login\":{\"multiple\":true,  \"other\":1}, \"role\": \"hub\"}"));
  }

  @Test
  void makesJsonInBase64WhenThereIsNone() {
    Declared.Fields declared =
        fields(
            "settings",
            fields(
                "login",
                fields("multiple", known("true"), "list", known("['a','b']")),
                "role",
                known("'y'")));

    JsonNode made = Overlay.create(REF, declared, encoded(true)).manifest();

    assertThat(made.at("/data/app.yaml").asText())
        .isEqualTo(
            base64("{\"login\": {\"multiple\": true, \"list\": [\"a\", \"b\"]}, \"role\": \"y\"}"));
    assertThat(Overlay.compare(REF, live(base64("")), declared, encoded(true)).result().at("/data"))
        .isEqualTo(made.at("/data"));
  }

  @Test
  void namesTheFieldThatIsNoBase64() {
    Declared.Fields declared = fields("settings", fields("role", known("'hub'")));

    for (String wrong : List.of("role: canary", "/w==")) {
      assertThatThrownBy(() -> Overlay.compare(REF, live(wrong), declared, encoded(false)))
          .isInstanceOf(MusterException.class)
          .hasMessageContaining(
              "ConfigMap/system/settings has no text in base64 at data['app.yaml'], where settings is")
          .hasMessageNotContaining("canary");
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static FieldRules encoded(boolean json) {
    return new FieldRules(
        Map.of(),
        List.of(),
        Map.of(
            "settings",
            new DocumentPlace(
                FieldPath.of("data", "app.yaml"), DocumentPlace.Encoding.BASE64, json)));
  }

  private static JsonNode live(String text) {
    ObjectNode live = (ObjectNode) json("{'metadata':{'uid':'u'},'data':{}}");
    ((ObjectNode) live.get("data")).put("app.yaml", text);
    return live;
  }
}
