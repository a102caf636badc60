package dev.muster.session;

import dev.muster.problem.MusterException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Writes a file as a whole or not at all: a run that is killed leaves the old one. Devices, pipes
 * and what the process has open (/dev/stdout) are written to as they are.
 */
public final class WholeFile {
  private WholeFile() {}

  /**
   * One that nobody but its owner may read or write, mode 0600, whatever was there: a file that
   * others could read is replaced, and so is a link, whose end stays as it is.
   */
  public static void secret(Path file, String text) {
    write(file, text, "rw-------");
  }

  /** One that everybody may read, mode 0644; it replaces what was there. */
  public static void open(Path file, String text) {
    write(file, text, "rw-r--r--");
  }

  /** Makes a folder, and those above it, for its owner alone (0700) unless it is there already. */
  public static void secretFolder(Path folder) {
    folder(folder, "rwx------");
  }

  /** Makes a folder, and those above it, that everybody may read (0755) unless it is there. */
  public static void openFolder(Path folder) {
    folder(folder, "rwxr-xr-x");
  }

  private static void folder(Path folder, String mode) {
    try {
      Files.createDirectories(
          folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
    } catch (IOException e) {
      throw MusterException.of(
          "cannot make the folder "
              + folder
              + ": "
              + (Files.exists(folder) ? "a file of that name is there" : e.getMessage()));
    }
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
      if (isStream(file)) {
        Files.writeString(file, text, StandardCharsets.UTF_8);
        return;
      }
      Path real = file.toRealPath();
      String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(real));
      write(real, text, mode, true);
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
    if (!isStream(file)) {
      write(file, text, mode, false);
      return;
    }
    try {
      Files.writeString(file, text, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  /**
   * What cannot be replaced, or must not be: behind /dev/stdout there may be a regular file, but
   * its name is the machine's.
   */
  private static boolean isStream(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    return absolute.startsWith("/proc")
        || absolute.startsWith("/dev") && !absolute.startsWith("/dev/shm")
        || Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file);
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
