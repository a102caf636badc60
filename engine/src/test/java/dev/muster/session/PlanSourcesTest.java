package dev.muster.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.changes.ChangeSet;
import dev.muster.changes.Unmanaged;
import dev.muster.changes.Waves;
import dev.muster.diff.Fingerprint;
import dev.muster.digest.Sha256;
import dev.muster.fetch.FakeRegistry;
import dev.muster.plan.PlanOrigin;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problem;
import dev.muster.resource.Redactor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Plans by path, from a repository and from a registry, pinned and not. */
@Isolated("the cache is named by a property of the process")
@Timeout(120)
class PlanSourcesTest {
  private static final String PLAN =
      """
      apiVersion: muster.dev/v1alpha1
      kind: Plan
      metadata: {name: cards, version: "1"}
      spec:
        objects:
          card: {on: member, ref: v1/ConfigMap/default/card}
        steps:
        - {id: card, forEach: member, on: member, title: write it, create: {card: {data: {a: b}}}}
        allows:
          member:
          - {kinds: [v1/ConfigMap], namespaces: [default], verbs: [get, create, patch]}
      """;
  private static final String DIGEST = Sha256.of(PLAN.getBytes(StandardCharsets.UTF_8));

  @TempDir Path folder;

  @BeforeEach
  void cache() {
    System.setProperty("muster.cache", folder.resolve("cache/build").toString());
  }

  @AfterEach
  void forget() {
    System.clearProperty("muster.cache");
  }

  private Path topology(String plan) throws IOException {
    return Files.writeString(
        folder.resolve("topology.yaml"),
        """
        apiVersion: muster.dev/v1alpha1
        kind: Topology
        metadata: {name: acme}
        spec:
          plan: %s
          host: {}
          members: [{name: m1}]
        """
            .formatted(plan));
  }

  private Loader.Loaded load(String plan) throws IOException {
    return Loader.load(
        topology(plan), new SecretSources(SecretSources.Extent.NONE, new Redactor()));
  }

  private String refusal(String plan) throws IOException {
    topology(plan);
    try {
      load(plan);
    } catch (MusterException e) {
      return e.problems().stream().map(Problem::text).collect(Collectors.joining());
    }
    throw new AssertionError("it was taken: " + plan);
  }

  private void git(Path repository, String... words) throws IOException {
    var command = new java.util.ArrayList<>(java.util.List.of("git", "-C", repository.toString()));
    command.addAll(java.util.List.of("-c", "user.name=a", "-c", "user.email=a@example.org"));
    command.addAll(java.util.List.of(words));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      assertThat(process.waitFor()).as(said).isZero();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private String repository() throws IOException {
    Path repository = Files.createDirectories(folder.resolve("plans"));
    git(repository, "init", "-q");
    Files.writeString(repository.resolve("x.yaml"), PLAN);
    Files.createSymbolicLink(repository.resolve("link.yaml"), folder.resolve("outside.yaml"));
    Files.writeString(folder.resolve("outside.yaml"), PLAN);
    Files.write(repository.resolve("huge.yaml"), new byte[9 << 20]);
    git(repository, "add", ".");
    git(repository, "commit", "-q", "-m", "plans");
    git(repository, "tag", "v1.2.0");
    return "file://" + repository;
  }

  @Test
  void takesAPathWithItsDigestAndWithout() throws IOException {
    Files.writeString(folder.resolve("x.yaml"), PLAN);

    assertThat(load("{path: x.yaml}").plan().origin())
        .contains(new PlanOrigin("x.yaml", DIGEST, false));
    assertThat(load("{path: x.yaml, digest: \"" + DIGEST + "\"}").provenance().files())
        .containsExactly(folder.resolve("x.yaml"));
    assertThat(load("x.yaml").plan().origin()).isEmpty();
    Files.writeString(folder.resolve("x.yaml"), PLAN + "# another\n");
    assertThat(refusal("{path: x.yaml, digest: \"" + DIGEST + "\"}"))
        .contains("topology.yaml:5:9: error: the plan is not what its digest says")
        .contains("expected " + DIGEST);
  }

  @Test
  void aRepositoryWithoutADigestIsToldTheLineToPaste() throws IOException {
    String plan = "{git: \"" + repository() + "\", revision: v1.2.0, path: x.yaml}";

    assertThat(refusal(plan))
        .contains("topology.yaml:5:9: error: the plan has no digest")
        .contains("\n  hint: digest: \"" + DIGEST + "\"\n");
    Loader.Loaded loaded = load(plan.replace("}", ", digest: \"" + DIGEST + "\"}"));
    assertThat(loaded.planText()).isEqualTo(PLAN);
    assertThat(loaded.plan().origin().map(PlanOrigin::foreign)).contains(true);
  }

  @Test
  void whatIsPinnedNeedsNoRepositoryAnyMore() throws IOException {
    String plan =
        "{git: \"%s\", revision: v1.2.0, path: x.yaml, digest: \"%s\"}"
            .formatted(repository(), DIGEST);
    load(plan);
    try (var files = Files.list(folder.resolve("cache/plans"))) {
      assertThat(files.map(file -> file.getFileName().toString()).toList())
          .containsExactly(DIGEST.replace(':', '-'));
    }
    Files.move(folder.resolve("plans"), folder.resolve("away"));

    assertThat(load(plan).planText()).isEqualTo(PLAN);
    Files.writeString(folder.resolve("cache/plans").resolve(DIGEST.replace(':', '-')), "poison");
    assertThat(refusal(plan)).contains("is no git repository").doesNotContain("poison");
  }

  @Test
  void aRepositoryCannotLeadElsewhere() throws IOException {
    String url = repository();
    for (String path :
        new String[] {"link.yaml", "../outside.yaml", "/etc/passwd", ".git/config", "none.yaml"}) {
      assertThat(refusal("{git: \"%s\", revision: v1.2.0, path: %s}".formatted(url, path)))
          .as(path)
          .contains("has no file");
    }
    assertThat(refusal("{git: \"%s\", revision: v1.2.0, path: huge.yaml}".formatted(url)))
        .contains("too large");
    assertThat(refusal("{git: \"%s\", revision: nine, path: x.yaml}".formatted(url)))
        .contains("has no commit \"nine\"");
  }

  @Test
  void takesAnArtifactOfARegistryOnceAndThenFromTheCache() throws IOException {
    String plan;
    try (FakeRegistry registry = new FakeRegistry()) {
      String digest = registry.push("plans/x", "1.2.0", PLAN);
      String name = "{oci: \"" + registry.host() + "/plans/x:1.2.0\"";
      assertThat(refusal(name + "}")).contains("\n  hint: digest: \"" + digest + "\"\n");
      plan = name + ", digest: \"" + digest + "\"}";
      PlanOrigin origin = load(plan).plan().origin().orElseThrow();
      assertThat(origin.digest()).isEqualTo(digest);
      assertThat(origin.source()).startsWith("oci localhost:");
    }

    assertThat(load(plan).planText()).isEqualTo(PLAN);
    System.clearProperty("muster.cache");
    assertThat(refusal(plan)).contains("cannot fetch localhost:").contains("no answer");
  }

  @Test
  void aPlanThatWasKeptIsHeldToItsPinToo() throws IOException {
    String plan =
        "{git: \"https://example.org/p.git\", revision: v1, path: x.yaml, digest: \"%s\"}"
            .formatted(DIGEST);
    SecretSources none = new SecretSources(SecretSources.Extent.NONE, new Redactor());
    Path file = topology(plan);

    assertThat(Loader.load(file, Files.readString(file), PLAN, none).plan().origin())
        .map(PlanOrigin::digest)
        .contains(DIGEST);
    assertThatThrownBy(() -> Loader.load(file, Files.readString(file), PLAN + "#", none))
        .hasMessageContaining("the plan is not what its digest says");
    Path other =
        topology("{oci: \"r.example.org/p:1\", digest: \"" + Sha256.of(new byte[0]) + "\"}");
    assertThat(Loader.load(other, Files.readString(other), PLAN, none).plan().origin())
        .as("without the manifest it goes by its own digest")
        .map(PlanOrigin::digest)
        .contains(DIGEST);
  }

  @Test
  void aSavedChangeSetKeepsWhatAnArtifactIsKnownBy() throws IOException {
    Path saved = folder.resolve("saved.json");
    SecretSources none = new SecretSources(SecretSources.Extent.NONE, new Redactor());
    String digest;
    try (FakeRegistry registry = new FakeRegistry()) {
      digest = registry.push("plans/x", "1.2.0", PLAN);
      Loader.Loaded loaded =
          load("{oci: \"%s/plans/x:1.2.0\", digest: \"%s\"}".formatted(registry.host(), digest));
      ChangeSet nothing =
          new ChangeSet("acme", "cards", List.of(), List.of(), Unmanaged.none(), Waves.none());
      SavedChangeSet.write(
          saved,
          loaded,
          false,
          Optional.empty(),
          nothing,
          Fingerprint.withNewKey(new SecureRandom()));
    }
    System.setProperty("muster.cache", folder.resolve("another runner/build").toString());

    assertThat(SavedChangeSet.read(saved).load(none).plan().origin())
        .map(PlanOrigin::digest)
        .contains(digest);
    // Whoever changes the file has another plan, and that one goes by its own digest.
    String changed = Files.readString(saved).replace("title: write it", "title: write this");
    Files.writeString(saved, changed);
    System.setProperty("muster.cache", folder.resolve("a third/build").toString());
    assertThat(SavedChangeSet.read(saved).load(none).plan().origin())
        .map(PlanOrigin::digest)
        .contains(Sha256.of(PLAN.replace("title: write it", "title: write this")));
  }

  @Test
  void aPlanFromElsewhereHasToSayWhatItMayTouch() throws IOException {
    repository();
    String silent = PLAN.substring(0, PLAN.indexOf("  allows:"));
    Files.writeString(folder.resolve("plans/x.yaml"), silent);
    git(folder.resolve("plans"), "commit", "-q", "-am", "silent");
    Files.writeString(folder.resolve("silent.yaml"), silent);

    assertThat(load("{path: silent.yaml}").plan().allows()).isEqualTo(Optional.empty());
    assertThat(
            refusal(
                "{git: \"file://%s\", revision: HEAD, path: x.yaml, digest: \"%s\"}"
                    .formatted(
                        folder.resolve("plans"),
                        Sha256.of(silent.getBytes(StandardCharsets.UTF_8)))))
        .contains("this plan comes from elsewhere and does not say what it may touch");
  }

  @Test
  void tellsWhatNamesNoPlan() throws IOException {
    String digest = ", digest: \"" + DIGEST + "\"}";
    assertThat(refusal("{git: \"https://example.org/p.git\", path: x.yaml" + digest))
        .contains("this does not say where the plan is");
    assertThat(
            refusal("{git: \"https://ann:canary@example.org/p.git\", revision: a, path: x.yaml}"))
        .contains("this is no URL of a git repository")
        .doesNotContain("canary");
    assertThat(refusal("{git: \"ext::sh -c id\", revision: a, path: x.yaml}"))
        .contains("this is no URL of a git repository");
    assertThat(refusal("{path: x.yaml, digest: \"md5:1\"}")).contains("this is no digest");
    assertThat(refusal("{oci: \"ubuntu\"" + digest)).contains("names no artifact of a registry");
    assertThat(refusal("[a]")).contains("has to be text or a map, this is a list");
    assertThat(refusal("{path: x.yaml, tag: 1}")).contains("tag");
    assertThat(refusal("{}")).contains("this does not say where the plan is");
  }
}
