package dev.muster.cli;

import dev.muster.problem.MusterException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
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
    try {
      if (secret) {
        Files.createDirectories(Optional.ofNullable(file.getParent()).orElse(file));
        refuseExisting(file);
      }
      // Made with the rights that it is to have: nobody can have read it in between.
      Path draft =
          Files.createTempFile(
              file.toAbsolutePath().getParent(),
              ".muster-import",
              "",
              PosixFilePermissions.asFileAttribute(
                  PosixFilePermissions.fromString(secret ? "rw-------" : "rw-r--r--")));
      try {
        Files.writeString(draft, text, StandardCharsets.UTF_8);
        Files.move(
            draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      throw MusterException.of("cannot write " + file + ": " + e.getMessage());
    }
  }
}
