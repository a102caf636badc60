package dev.muster.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The topology that a command is about. */
final class FileOptions {
  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      defaultValue = "topology.yaml",
      description = "The topology file (default: ${DEFAULT-VALUE}).")
  private Path file;

  Path file() {
    return file;
  }

  Loader.Loaded load() {
    return Loader.load(file);
  }
}
