package dev.muster.cli;

import dev.muster.problem.MusterException;
import dev.muster.session.WholeFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Writes the files of an import; what exists is kept unless the user says otherwise. */
final class ImportedFiles {
  private final ImportFlow.Options options;

  ImportedFiles(ImportFlow.Options options) {
    this.options = options;
  }

  void refuseExisting(Path file) {
    if (Files.exists(file) && !options.force()) {
      throw MusterException.of(file + " exists", "name another file, or overwrite it with --force");
    }
    Path folder = Optional.ofNullable(file.getParent()).orElse(file);
    if (!Files.isDirectory(folder)) {
      throw MusterException.of("there is no folder " + folder, "create it first");
    }
  }

  /** A path as the topology names it. */
  String relative(Path file) {
    Path folder = Optional.ofNullable(options.output().getParent()).orElse(options.output());
    Path home = Path.of(System.getProperty("user.home"));
    Path absolute = file.toAbsolutePath().normalize();
    if (absolute.startsWith(folder)) {
      return folder.relativize(absolute).toString();
    }
    return absolute.startsWith(home) ? "~/" + home.relativize(absolute) : absolute.toString();
  }

  /**
   * Writes a file as a whole or not at all.
   *
   * @param secret whether nobody else may read it
   */
  void write(Path file, String text, boolean secret) {
    if (secret) {
      WholeFile.secretFolder(Optional.ofNullable(file.getParent()).orElse(file));
      refuseExisting(file);
      WholeFile.secret(file, text);
    } else {
      WholeFile.open(file, text);
    }
  }
}
