package dev.muster.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.bound.Bounds;
import dev.muster.digest.Sha256;
import dev.muster.problem.MusterException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Registries: honest ones, and those that mean harm. */
@Timeout(120)
class RegistryTest {
  private static final String CANARY = "canary-of-a-login-31415926";
  private static final String BEARER =
      "Bearer realm=\"http://HOST/token\",service=\"HOST\",scope=\"repository:plans/x:pull\"";

  @TempDir Path folder;

  private FakeRegistry registry;

  @BeforeEach
  void start() throws IOException {
    registry = new FakeRegistry();
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private Registry at(String name, DockerLogins.Helper helper) {
    ImageName image = ImageName.parse(registry.host() + "/" + name).orElseThrow();
    Map<String, String> environment = Map.of("DOCKER_CONFIG", folder.toString());
    return new Registry(image, new DockerLogins(environment, helper), Duration.ofSeconds(60));
  }

  private Registry at(String name) {
    return at(name, (program, server) -> Optional.empty());
  }

  private static String layer(Registry from, byte[] manifest) {
    return new String(from.layer(manifest, FakeRegistry.MEDIA_TYPE), StandardCharsets.UTF_8);
  }

  private void config(String text) throws IOException {
    Files.writeString(folder.resolve("config.json"), text.replace("HOST", registry.host()));
  }

  @Test
  void readsAnArtifactByTagAndByDigest() {
    String digest = registry.push("plans/x", "1.2.0", "kind: Plan\n");
    byte[] byTag = at("plans/x:1.2.0").manifest(Optional.empty());

    assertThat(Sha256.of(byTag)).isEqualTo(digest);
    assertThat(layer(at("plans/x:1.2.0"), byTag)).isEqualTo("kind: Plan\n");
    assertThat(at("plans/x:moved").manifest(Optional.of(digest))).isEqualTo(byTag);
    assertThat(at("plans/x@" + digest).manifest(Optional.empty())).isEqualTo(byTag);
  }

  @Test
  void getsATokenForEverybodyWithoutALogin() {
    registry.push("plans/x", "1", "kind: Plan\n");
    registry.wants(BEARER, "Bearer for-everybody");
    Registry from = at("plans/x:1");
    layer(from, from.manifest(Optional.empty()));

    assertThat(registry.asked())
        .contains(
            "/token?scope=repository%3Aplans%2Fx%3Apull&service="
                + registry.host().replace(":", "%3A")
                + " null")
        .hasSize(4);
  }

  @Test
  void takesTheLoginThatDockerKeeps() throws IOException {
    registry.push("plans/x", "1", "kind: Plan\n");
    String both =
        Base64.getEncoder().encodeToString(("ann:" + CANARY).getBytes(StandardCharsets.UTF_8));
    registry.wants("Basic realm=\"x\"", "Basic " + both);
    config("{\"auths\": {\"HOST\": {\"auth\": \"" + both + "\"}}}");

    assertThat(at("plans/x:1").manifest(Optional.empty())).isNotEmpty();
  }

  @Test
  void asksTheHelperThatDockerNames() throws IOException {
    registry.push("plans/x", "1", "kind: Plan\n");
    registry.wants(BEARER, "Bearer for-everybody");
    config("{\"credHelpers\": {\"HOST\": \"safe\"}, \"credsStore\": \"other\"}");
    at(
            "plans/x:1",
            (program, server) -> {
              assertThat(program).isEqualTo("docker-credential-safe");
              assertThat(server).isEqualTo(registry.host());
              return Optional.of("{\"Username\": \"ann\", \"Secret\": \"" + CANARY + "\"}");
            })
        .manifest(Optional.empty());

    assertThat(registry.asked())
        .anySatisfy(request -> assertThat(request).startsWith("/token").contains(" Basic "));
  }

  @Test
  void noLoginAndNoWordOfTheServerIsInAMessage() throws IOException {
    config("{\"auths\": {\"HOST\": {\"username\": \"ann\", \"password\": \"" + CANARY + "\"}}}");
    registry.wants(BEARER, "never");
    registry.gives(CANARY);
    assertThatThrownBy(() -> at("plans/x:1").manifest(Optional.empty()))
        .isInstanceOf(MusterException.class)
        .hasMessageContaining("says no (401); log in with: docker login " + registry.host())
        .hasMessageNotContaining("canary");
    registry.wants("", "null");
    assertThatThrownBy(() -> at("plans/x:1").manifest(Optional.empty()))
        .hasMessageContaining("the registry does not have it")
        .hasMessageNotContaining("canary");
    assertThat(new DockerLogins.Login("ann", CANARY)).hasToString("a login");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://HOST/token", "", "http:///x", "https://a b"})
  void aRealmThatIsNoAddressIsNotAsked(String realm) {
    registry.wants("Bearer realm=\"" + realm + "\"", "never");
    assertThatThrownBy(() -> at("plans/x:1").manifest(Optional.empty()))
        .hasMessageContaining("address for its tokens");
  }

  @Test
  void anotherManifestThanTheDigestSaysIsRefused() {
    String digest = registry.push("plans/x", "1", "kind: Plan\n");
    registry.serve("/v2/plans/x/manifests/" + digest, "{}".getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> at("plans/x:1").manifest(Optional.of(digest)))
        .hasMessageContaining("another manifest than asked for")
        .hasMessageContaining("expected " + digest);
  }

  @Test
  void anotherLayerThanTheManifestSaysIsRefused() {
    registry.push("plans/x", "1", "kind: Plan\n");
    Registry from = at("plans/x:1");
    byte[] manifest = from.manifest(Optional.empty());
    String digest = Registry.layerDigest(manifest, FakeRegistry.MEDIA_TYPE).orElseThrow();
    registry.serve("/v2/plans/x/blobs/" + digest, "kind: Plam\n".getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> layer(from, manifest)).hasMessageContaining("another layer");
  }

  @Test
  void aManifestThatNeverEndsIsCutOff() {
    assertThatThrownBy(() -> at("endless/x:1").manifest(Optional.empty()))
        .hasMessageContaining("it is larger than 1 MiB");
  }

  @Test
  void aLayerThatIsLargerThanItsManifestSaysIsCutOff() {
    registry.push("plans/x", "1", "kind: Plan\n");
    Registry from = at("plans/x:1");
    byte[] manifest = from.manifest(Optional.empty());
    String digest = Registry.layerDigest(manifest, FakeRegistry.MEDIA_TYPE).orElseThrow();
    registry.serve("/v2/plans/x/blobs/" + digest, new byte[1 << 20]);

    assertThatThrownBy(() -> layer(from, manifest)).hasMessageContaining("larger than 11 bytes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'manifests': []} | it is an index of several artifacts",
        "{'layers': []} | it has no layer application/vnd.muster.plan.v1+yaml",
        "{} | it has no layer",
        "not json | its manifest is no JSON",
        "{'layers': [{'mediaType': 'M', 'digest': 'md5:1', 'size': 1}]} | no digest of the form",
        "{'layers': [{'mediaType': 'M', 'digest': 'D', 'size': 9000000000}]} | larger than 8 MiB",
        "{'layers': [{'mediaType': 'M', 'digest': 'D', 'size': -1}]} | larger than 8 MiB",
        "{'layers': [{'mediaType': 'M'}, {'mediaType': 'M'}]} | more than one layer"
      })
  void aManifestThatIsNoneOfAPlanIsToldWhy(String manifest, String why) {
    registry.manifest(
        "plans/x",
        "1",
        manifest
            .replace('\'', '"')
            .replace("\"M\"", "\"" + FakeRegistry.MEDIA_TYPE + "\"")
            .replace("\"D\"", "\"" + Sha256.of(new byte[0]) + "\""));
    Registry from = at("plans/x:1");
    byte[] bytes = from.manifest(Optional.empty());

    assertThatThrownBy(() -> layer(from, bytes)).hasMessageContaining(why);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plans/x:1",
        "ubuntu",
        "registry.example.org/x",
        "registry.example.org/../x:1",
        "registry.example.org/x:1@sha256:1",
        "user:pw@registry.example.org/x:1",
        "registry.example.org/X:1",
        "registry.example.org/x:1/../y",
        "https://registry.example.org/x:1"
      })
  void isNoNameOfAnArtifact(String name) {
    assertThat(ImageName.parse(name)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "registry.example.org/x:1",
        "localhost/x/y:1.2.0",
        "[::1]:5000/x:a",
        "r.example.org:5000/a-b/c_d:v1"
      })
  void isAName(String name) {
    assertThat(ImageName.parse(name)).map(ImageName::toString).contains(name);
    assertThat(Bounds.OCI_MANIFEST).isLessThan(Bounds.FILE);
  }
}
