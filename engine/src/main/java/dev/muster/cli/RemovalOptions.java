package dev.muster.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/** How many members a run may take out, and whether those that the topology no longer names. */
final class RemovalOptions {
  @Option(
      names = "--prune",
      description =
          "Take out members that were joined and that the topology does not name any more.")
  private boolean prune;

  @Option(
      names = "--max-remove",
      paramLabel = "N",
      description =
          "Refuse to take out more members than this (default: one, or a tenth of the fleet if that is more).")
  private Optional<Integer> max = Optional.empty();

  boolean prune() {
    return prune;
  }

  Optional<Integer> max() {
    return max;
  }
}
