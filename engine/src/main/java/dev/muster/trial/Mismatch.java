package dev.muster.trial;

import dev.muster.problem.Where;
import java.util.List;
import java.util.Optional;

/**
 * Something that is not as a case expects it. Free of sensitive values.
 *
 * @param where the expectation, or what it would stand in
 * @param path from the stage to the value
 * @param expected as YAML; empty when nothing was expected
 * @param found as YAML; empty when nothing was found
 */
public record Mismatch(
    Where where, List<String> path, Optional<String> expected, Optional<String> found) {
  public Mismatch {
    path = List.copyOf(path);
  }
}
