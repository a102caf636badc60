package dev.muster.topology;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.problem.Problems;
import dev.muster.problem.Where;
import java.nio.file.Path;
import java.util.List;

/** Fetches Kubernetes objects that a topology names by file or URL. */
public interface ManifestLoader {
  /**
   * Loads one source.
   *
   * @param source the entry as written, with the key {@code file} or {@code url}
   * @param folder what a relative file is relative to
   * @param where the cluster that names it, for problems
   * @return the objects in the order of the text; empty when a problem was reported
   */
  List<JsonNode> load(JsonNode source, Path folder, Where where, Problems problems);
}
