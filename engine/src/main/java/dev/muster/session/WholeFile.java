package dev.muster.session;

import dev.muster.problem.MusterException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Writes a file as a whole or not at all: a run that is killed leaves the old one. */
public final class WholeFile {
  private WholeFile() {}

  /** One that nobody but its owner may read or write, mode 0600. */
  public static void secret(Path file, String text) {
    write(file, text, "rw-------");
  }

  /** One that everybody may read, mode 0644. */
  public static void open(Path file, String text) {
    write(file, text, "rw-r--r--");
  }

  /** Another text for a file that exists; a link stays one, and rights stay as they are. */
  public static void replace(Path file, String text) {
    try {
      Path real = file.toRealPath();
      String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(real));
      write(real, text, mode);
      Files.setPosixFilePermissions(real, PosixFilePermissions.fromString(mode));
    } catch (IOException e) {
      throw MusterException.of("cannot write " + file + ": " + e.getMessage());
    }
  }

  private static void write(Path file, String text, String mode) {
    try {
      // Made with the rights that it is to have: nobody can have read it in between.
      Path draft =
          Files.createTempFile(
              file.toAbsolutePath().getParent(),
              ".muster",
              "",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
      try {
        Files.writeString(draft, text, StandardCharsets.UTF_8);
        Files.move(
            draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      boolean folder = Files.isDirectory(file);
      throw MusterException.of(
          "cannot write " + file + ": " + (folder ? "it is a folder" : e.getMessage()));
    }
  }
}
