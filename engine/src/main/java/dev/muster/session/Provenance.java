package dev.muster.session;

import dev.muster.changes.RefusedException;
import dev.muster.history.GitSource;
import dev.muster.problem.Problem;
import dev.muster.problem.Where;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a topology comes from.
 *
 * @param files the plan and the manifests that were read for it
 * @param planned what was said of its commit when a saved change set was made; empty otherwise
 */
public record Provenance(List<Path> files, Optional<String> planned) {
  public Provenance {
    files = List.copyOf(files);
  }

  public static Provenance unknown() {
    return new Provenance(List.of(), Optional.empty());
  }

  /** The commit, and what of the files is not as committed; {@code none} without a commit. */
  public String trailer(Path topology) {
    if (planned.isPresent()) {
      return planned.get();
    }
    GitSource source = GitSource.of(topology);
    String said = source.trailer();
    List<String> changed = changed(topology);
    return said.equals("none") || said.endsWith("(dirty)") || changed.isEmpty()
        ? said
        : said + " (dirty: " + String.join(", ", changed) + ")";
  }

  private List<String> changed(Path topology) {
    Path folder = topology.toAbsolutePath().normalize().resolveSibling("");
    List<String> changed = new ArrayList<>();
    for (Path file : files) {
      if (GitSource.of(file).state() != GitSource.State.COMMITTED) {
        Path absolute = file.toAbsolutePath().normalize();
        changed.add(
            (absolute.startsWith(folder) ? folder.relativize(absolute) : absolute).toString());
      }
    }
    return changed;
  }

  /**
   * Refuses a topology that is not, with its plan and its manifests, as committed.
   *
   * @throws RefusedException naming each file
   */
  public void requireClean(Path topology) {
    List<Problem> problems = new ArrayList<>();
    GitSource.State state = GitSource.of(topology).state();
    if (state != GitSource.State.COMMITTED) {
      problems.add(unclean(topology.toString(), state == GitSource.State.CHANGED));
    }
    changed(topology).forEach(file -> problems.add(unclean(file, false)));
    if (!problems.isEmpty()) {
      throw new RefusedException(problems);
    }
  }

  private static Problem unclean(String file, boolean changed) {
    return Problem.error(
        Where.nowhere(),
        file
            + (changed ? " is not as committed" : " is not in the commit as it is here")
            + ", and --require-clean is given",
        "commit it, or take the committed one: --git-ref HEAD");
  }
}
