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
      write(real, text, mode, true);
    } catch (IOException e) {
      throw MusterException.of("cannot write " + file + ": " + e.getMessage());
    }
  }

  /** One that keeps its mode; 0644 when it is new. A link is followed. */
  public static void kept(Path file, String text) {
    try {
      if (!Files.exists(file)) {
        open(file, text);
        return;
      }
      Path real = file.toRealPath();
      if (Files.isRegularFile(real)) {
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(real));
        write(real, text, mode, true);
      } else {
        // A device or a pipe cannot be replaced; /dev/stderr is one that people name.
        Files.writeString(real, text, StandardCharsets.UTF_8);
      }
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  /** What a file holds; empty when there is none, or none that can be read. */
  public static String former(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
    } catch (IOException e) {
      return "";
    }
  }

  private static MusterException failure(Path file, IOException e) {
    boolean folder = Files.isDirectory(file);
    boolean lost = e instanceof java.nio.file.NoSuchFileException;
    return MusterException.of(
        "cannot write "
            + file
            + ": "
            + (folder ? "it is a folder" : lost ? "its folder does not exist" : e.getMessage()));
  }

  private static void write(Path file, String text, String mode) {
    write(file, text, mode, false);
  }

  /**
   * @param exactly whether the process's umask is not to take from the mode
   */
  private static void write(Path file, String text, String mode, boolean exactly) {
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
        if (exactly) {
          Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString(mode));
        }
        Files.move(
            draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      throw failure(file, e);
    }
  }
}
