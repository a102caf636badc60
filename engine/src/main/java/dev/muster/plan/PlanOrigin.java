package dev.muster.plan;

import java.util.Objects;

/**
 * Where a plan file was taken from, for one that its topology names with more than a word.
 *
 * @param source as it may be shown, without credentials
 * @param digest {@code sha256:...} of the file, or of the manifest by which a registry has it
 * @param foreign whether somebody else than the topology's author has it
 */
public record PlanOrigin(String source, String digest, boolean foreign) {
  public PlanOrigin {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(digest, "digest");
  }
}
