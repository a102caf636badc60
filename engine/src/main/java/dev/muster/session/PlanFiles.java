package dev.muster.session;

import dev.muster.bound.Bounds;
import dev.muster.digest.Sha256;
import dev.muster.fetch.DockerLogins;
import dev.muster.fetch.ImageName;
import dev.muster.fetch.Registry;
import dev.muster.history.GitFile;
import dev.muster.history.Program;
import dev.muster.plan.PlanOrigin;
import dev.muster.problem.MusterException;
import dev.muster.topology.PlanSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Plans from elsewhere: fetched, held to their digest, and kept by it. */
public final class PlanFiles {
  /** Of the layer by which an artifact has a plan. */
  public static final String MEDIA_TYPE = "application/vnd.muster.plan.v1+yaml";

  private static final Duration HELPER = Duration.ofSeconds(15);

  private final PlanStore store = PlanStore.usual();

  /**
   * A plan file.
   *
   * @param label how messages name it
   */
  public record Found(String label, String text, PlanOrigin origin) {}

  /** Whether a plan is anywhere else than on this machine. */
  static boolean foreign(PlanSource source) {
    return source instanceof PlanSource.Git || source instanceof PlanSource.Oci;
  }

  /**
   * The plan that a source is pinned to; without a request when it was fetched before.
   *
   * @throws MusterException when it is not pinned, cannot be had, or is another one
   */
  Found pinned(PlanSource source) {
    if (source.digest().isPresent()) {
      return found(source, source.digest());
    }
    Found now = now(source);
    throw MusterException.of(
        "the plan has no digest, so it could be another one tomorrow",
        "look at it (`muster plan-pin`), then write beside it:",
        "digest: \"" + now.origin().digest() + "\"");
  }

  /**
   * The plan that is there now, whatever the source is pinned to.
   *
   * @throws MusterException when it cannot be had
   */
  public Found now(PlanSource source) {
    return found(source, Optional.empty());
  }

  /**
   * A plan whose text was kept with a change set or a record. Without the artifact's manifest
   * nobody can tell whether it is the one that is pinned; it then goes by its own digest.
   *
   * @throws MusterException when it is another one
   */
  Found kept(PlanSource source, KeptPlan kept) {
    String own = Sha256.of(kept.text());
    String pinned = source.digest().orElse(own);
    if (source instanceof PlanSource.Oci) {
      return manifest(kept, pinned)
          .filter(m -> Registry.layerDigest(m, MEDIA_TYPE).filter(own::equals).isPresent())
          .map(m -> found(source, pinned, kept.text(), Optional.of(m)))
          .orElseGet(() -> found(source, own, kept.text(), Optional.empty()));
    }
    verify(own, pinned);
    return found(source, own, kept.text(), Optional.empty());
  }

  /** The one that is pinned, whoever has it: it is believed for its digest alone. */
  private Optional<byte[]> manifest(KeptPlan kept, String pinned) {
    return kept.manifest()
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .filter(content -> Sha256.of(content).equals(pinned))
        .or(() -> store.get(pinned));
  }

  private Found found(PlanSource source, Optional<String> digest) {
    if (source instanceof PlanSource.Git git) {
      byte[] content =
          digest
              .flatMap(store::get)
              .orElseGet(() -> GitFile.usual().read(git.url(), git.revision(), git.path()));
      String own = Sha256.of(content);
      digest.ifPresent(expected -> verify(own, expected));
      return found(source, own, text(content), Optional.empty());
    }
    if (source instanceof PlanSource.Oci oci) {
      return artifact(oci, digest);
    }
    throw new IllegalArgumentException("not from elsewhere: " + source);
  }

  private Found artifact(PlanSource.Oci source, Optional<String> digest) {
    ImageName image =
        ImageName.parse(source.image())
            .orElseThrow(
                () ->
                    MusterException.of(
                        "\"" + source.image() + "\" names no artifact of a registry",
                        "write REGISTRY/REPOSITORY:TAG, such as registry.example.org/plans/x:1.2.0"));
    Registry registry =
        new Registry(image, new DockerLogins(System.getenv(), PlanFiles::helper), Bounds.FETCH);
    byte[] manifest = digest.flatMap(store::get).orElseGet(() -> registry.manifest(digest));
    byte[] layer =
        Registry.layerDigest(manifest, MEDIA_TYPE)
            .flatMap(store::get)
            .orElseGet(() -> registry.layer(manifest, MEDIA_TYPE));
    if (digest.isPresent()) {
      store.put(manifest);
    }
    return found(source, Sha256.of(manifest), text(layer), Optional.of(manifest));
  }

  private Found found(PlanSource source, String digest, String text, Optional<byte[]> manifest) {
    String label =
        source instanceof PlanSource.Git git
            ? git.path() + "@" + git.revision()
            : source instanceof PlanSource.Oci oci ? oci.image() : source.shown();
    if (foreign(source) && source.digest().isPresent()) {
      store.put(text.getBytes(StandardCharsets.UTF_8));
    }
    return new Found(
        label,
        text,
        new PlanOrigin(source.shown(), digest, foreign(source), manifest.map(PlanFiles::text)));
  }

  /**
   * Holds a plan to its digest.
   *
   * @throws MusterException when it is another one
   */
  static void verify(String found, String expected) {
    if (!found.equals(expected)) {
      throw MusterException.of(
          "the plan is not what its digest says",
          "expected " + expected,
          "found    " + found,
          "look at what has changed before you change the digest: muster plan-pin");
    }
  }

  private static String text(byte[] content) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      throw MusterException.of("the plan is not UTF-8 text");
    }
  }

  /**
   * Docker's helpers are asked as docker asks them; what they say is a login, and shown nowhere.
   */
  private static Optional<String> helper(String program, String server) {
    try {
      Program.Result result =
          Program.run(
              List.of(program, "get"), server.getBytes(StandardCharsets.UTF_8), Map.of(), HELPER);
      return result.good() ? Optional.of(result.text()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // the registry then says what it misses
    }
  }
}
