package dev.muster.topology;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.problem.Problems;
import dev.muster.problem.Where;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the secret values that a topology names by file, variable or program. */
public interface SecretLoader {
  /**
   * Reads one value.
   *
   * @param source as written, with exactly one of the keys {@code file}, {@code env}, {@code exec}
   * @param folder what a relative path is relative to
   * @param where the place of the source, for problems
   * @return empty when a problem was reported
   */
  Optional<SecretInput> load(JsonNode source, Path folder, Where where, Problems problems);
}
