package dev.muster.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.muster.credential.AccountToken;
import dev.muster.credential.UnsignedToken;
import dev.muster.resource.DocumentPlace;
import dev.muster.resource.FieldPath;
import dev.muster.resource.FieldRules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DisguiseTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LONG = "CanaryOfTheGarden0123456789";

  private final Disguise disguise = new Disguise(new byte[] {1, 2, 3});

  private JsonNode disguised(String json, FieldRules rules) throws IOException {
    JsonNode object = JSON.readTree(json.replace('\'', '"'));
    disguise.learn(object, rules);
    return disguise.object(object, rules);
  }

  @Test
  void keepsLengthAndKindsOfCharactersAndEqualityOfSecrets() throws IOException {
    FieldRules rules = new FieldRules(Map.of(), List.of("spec.key"), Map.of());
    JsonNode one = disguised("{'spec': {'key': 'Abc-123 x', 'other': 'Abc-123 x'}}", rules);
    JsonNode two = disguised("{'spec': {'key': 'Abc-123 x'}}", rules);

    String key = one.at("/spec/key").asText();
    assertThat(key).matches("[A-Z][a-z]{2}-[0-9]{3} [a-z]").isNotEqualTo("Abc-123 x");
    assertThat(two.at("/spec/key").asText()).isEqualTo(key);
    assertThat(one.at("/spec/other").asText())
        .as("a short one may be a word elsewhere")
        .isEqualTo("Abc-123 x");
    assertThat(disguise.value("00ffab12cd34ef56")).matches("[0-9a-f]{16}");
    assertThat(disguise.value("")).isEmpty();
    assertThat(new Disguise(new byte[] {9}).value("Abc-123 x")).isNotEqualTo(key);
  }

  /** Whether one is renewed follows from what it says of itself; only its signature lets in. */
  @Test
  void keepsWhatTheTokenOfAnAccountSaysAndNotItsSignature() throws IOException {
    String token =
        new UnsignedToken(
                "https://kubernetes",
                "garden",
                "robot",
                "uid-1",
                List.of(),
                Instant.EPOCH,
                Duration.ofHours(1),
                "1")
            .text();
    String signature = token.substring(token.lastIndexOf('.') + 1);
    String config =
        "{\"bearerToken\": \"" + token + "\", \"plain\": false, \"key\": \"" + LONG + "\"}";
    JsonNode secret =
        disguised(
            "{'kind': 'Secret', 'data': {'config': '"
                + Base64.getEncoder().encodeToString(config.getBytes(StandardCharsets.UTF_8))
                + "'}}",
            FieldRules.none());

    JsonNode kept = JSON.readTree(Base64.getDecoder().decode(secret.at("/data/config").asText()));
    String shown = kept.path("bearerToken").asText();
    assertThat(AccountToken.read(shown)).isEqualTo(AccountToken.read(token)).isPresent();
    assertThat(shown).doesNotContain(signature).hasSameSizeAs(token);
    assertThat(kept.path("plain").isBoolean()).isTrue();
    assertThat(kept.toString()).doesNotContain(LONG);
    assertThat(disguise.holdsSecret(config)).isTrue();
    assertThat(disguise.holdsSecret(kept.toString())).isFalse();
  }

  @Test
  void findsALongSecretWhereverItStands() throws IOException {
    FieldRules rules = new FieldRules(Map.of(), List.of("spec.key"), Map.of());
    JsonNode object =
        disguised(
            "{'metadata': {'annotations': {'note': 'it is "
                + LONG
                + ", keep it'}},"
                + " 'spec': {'key': '"
                + LONG
                + "', 'args': ['--token="
                + LONG
                + "', '--v=0']}}",
            rules);

    String made = object.at("/spec/key").asText();
    assertThat(object.toString()).doesNotContain(LONG);
    assertThat(object.at("/metadata/annotations/note").asText())
        .isEqualTo("it is " + made + ", keep it");
    assertThat(object.at("/spec/args/0").asText()).isEqualTo("--token=" + made);
    assertThat(object.at("/spec/args/1").asText()).isEqualTo("--v=0");
    assertThat(disguise.holdsSecret("x" + LONG)).isTrue();
    assertThat(disguise.holdsSecret(object.toString())).isFalse();
  }

  @Test
  void opensTextsThatAreYamlOrJsonAndKeepsTheRestToTheByte() throws IOException {
    FieldRules rules =
        new FieldRules(
            Map.of(),
            List.of("settings.deep.word"),
            Map.of("settings", DocumentPlace.plain(FieldPath.of("data", "settings.yaml"))));
    String yaml =
        "# by hand\\ndeep:\\n  word: \\\"rose 1\\\"   # secret\\nredis: {password: tiny}\\nx: 1\\n";
    JsonNode object =
        disguised(
            "{'metadata': {'annotations': {'last': '{\\\"a\\\":{\\\"clientSecret\\\":\\\"s3\\\"},\\\"b\\\":1}\\n'}},"
                + " 'data': {'settings.yaml': '"
                + yaml
                + "'}}",
            rules);

    assertThat(object.at("/data/settings.yaml").asText())
        .matches(
            "# by hand\ndeep:\n  word: \"[a-z]{4} [0-9]\"   # secret\nredis: \\{password: [a-z]{4}}\nx: 1\n")
        .doesNotContain("rose", "tiny");
    assertThat(object.at("/metadata/annotations/last").asText())
        .matches("\\{\"a\":\\{\"clientSecret\":\"[a-z][0-9]\"},\"b\":1}\n")
        .doesNotContain("s3");
  }

  @Test
  void keepsWhatIsNoSecretInAKubeconfigThatIsOne() throws IOException {
    String kubeconfig =
        "clusters:\n- cluster:\n    server: https://10.0.0.1:6443\nusers:\n- user:\n    token: "
            + LONG
            + "\n";
    String encoded =
        Base64.getEncoder().encodeToString(kubeconfig.getBytes(StandardCharsets.UTF_8));
    FieldRules rules = new FieldRules(Map.of(), List.of("spec.kubeconfig"), Map.of());

    JsonNode object = disguised("{'spec': {'kubeconfig': '" + encoded + "'}}", rules);

    String decoded =
        new String(
            Base64.getDecoder().decode(object.at("/spec/kubeconfig").asText()),
            StandardCharsets.UTF_8);
    assertThat(decoded).contains("server: https://10.0.0.1:6443").doesNotContain(LONG);
    assertThat(disguise.value(kubeconfig)).as("the file it came from").isEqualTo(decoded);
  }

  @Test
  void disguisesAllOfASecretAndSecretsInBrokenOrDoubledTexts() throws IOException {
    JsonNode secret =
        disguised(
            "{'kind': 'Secret', 'metadata': {'name': 'x', 'managedFields': []}, 'data': {'a': 'cm9zZQ=='}}",
            FieldRules.none());
    JsonNode texts =
        disguised(
            "{'data': {'broken': 'a: [\\npassword: \\\"rose\\\"\\n', 'twice': 'token: rose\\ntoken: lily\\n',"
                + " 'address': 'redis://me:rose@host'},"
                + " 'env': [{'name': 'DB_PASSWORD', 'value': 'rose'}, {'name': 'A', 'value': 'rosy'}]}",
            FieldRules.none());

    assertThat(secret.at("/data/a").asText()).isNotEqualTo("cm9zZQ==").endsWith("==");
    assertThat(secret.at("/metadata").has("managedFields")).isFalse();
    assertThat(texts.toString()).doesNotContain("rose", "lily").contains("rosy", "redis://me:");
  }

  @Test
  void leavesOfASecretDocumentWhatAProgramCanReadAndNoTextOfIt() throws IOException {
    FieldRules rules = new FieldRules(Map.of(), List.of("spec.config"), Map.of());
    String values = "agent: {replicaCount: 2}\nadminPwd: hunter2\npin: 20261125\n";
    String encoded = Base64.getEncoder().encodeToString(values.getBytes(StandardCharsets.UTF_8));

    JsonNode object = disguised("{'spec': {'config': '" + encoded + "'}}", rules);

    String text =
        new String(
            Base64.getDecoder().decode(object.at("/spec/config").asText()), StandardCharsets.UTF_8);
    assertThat(text)
        .contains("replicaCount: 2", "adminPwd: ", "pin: ")
        .doesNotContain("hunter2", "20261125");
    assertThat(disguise.value(values)).as("equal secrets stay equal").isEqualTo(text);
  }
}
