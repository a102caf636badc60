package dev.muster.plan;

import java.util.Objects;
import java.util.Optional;

/**
 * Where a plan file was taken from, for one that its topology names with more than a word.
 *
 * @param source as it may be shown, without credentials
 * @param digest {@code sha256:...} of the file, or of the manifest by which a registry has it
 * @param foreign whether somebody else than the topology's author has it
 * @param manifest that of a registry, by which the file is known to be the one of the digest
 */
public record PlanOrigin(String source, String digest, boolean foreign, Optional<String> manifest) {
  public PlanOrigin {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(digest, "digest");
  }

  /** Of a file that goes by its own digest. */
  public PlanOrigin(String source, String digest, boolean foreign) {
    this(source, digest, foreign, Optional.empty());
  }
}
