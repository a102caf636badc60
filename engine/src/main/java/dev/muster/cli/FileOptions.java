package dev.muster.cli;

import dev.muster.session.Loader;
import dev.muster.session.SecretSources;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The topology that a command is about. */
final class FileOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      defaultValue = "topology.yaml",
      description = "The topology file (default: ${DEFAULT-VALUE}).")
  private Path file;

  Path file() {
    return file;
  }

  /** With its secret values, for working with clusters. */
  Loader.Loaded load() {
    return load(SecretSources.Extent.ALL);
  }

  /**
   * The topology with as much of its secret values as the command needs.
   *
   * @throws dev.muster.problem.MusterException with all problems
   */
  Loader.Loaded load(SecretSources.Extent extent) {
    MusterCommand top = (MusterCommand) command.root().userObject();
    return Loader.load(file, new SecretSources(extent, top.redactor()));
  }
}
