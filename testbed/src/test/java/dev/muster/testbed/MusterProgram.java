package dev.muster.testbed;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.muster.cli.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The muster program as a process is started from it: by the distribution's launcher, as its users
 * have it, where the distribution was built from what is tested; otherwise, as in an IDE, from the
 * class path of the tests, which takes several times as long.
 */
final class MusterProgram {
  /** Relative to the module's folder, in which its tests run. */
  private static final Path DISTRIBUTION = Path.of("../sandbox/target/muster");

  /** Shared by all tests, as it is by all runs of a user: one of them fills it. */
  private static final Path CACHE = Path.of("target/muster-cache").toAbsolutePath();

  private static final String MEMORY = "-Xmx256m";

  private static final List<String> WORDS = words();

  private MusterProgram() {}

  /**
   * The words that start muster, to be followed by its arguments. They replace the process that
   * starts them, which is the one that signals are sent to.
   *
   * @param properties of the system, as NAME=VALUE, without spaces
   */
  static List<String> command(String... properties) {
    List<String> command = new ArrayList<>(List.of("env"));
    // Whoever runs the tests in the background ignores SIGINT, and that is inherited.
    command.add("--default-signal=INT");
    List<String> options = new ArrayList<>(List.of(MEMORY));
    Stream.of(properties).map("-D"::concat).forEach(options::add);
    command.add("MUSTER_JAVA_OPTS=" + String.join(" ", options));
    command.addAll(WORDS);
    return command;
  }

  /**
   * What it has kept for its next starts, but for the code of programs. Other tests run meanwhile,
   * so what is gone when its turn comes is left out.
   */
  static String kept() throws IOException {
    StringBuilder kept = new StringBuilder();
    Files.walkFileTree(
        CACHE,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (file.endsWith("classes.jsa") || file.toString().endsWith(".so")) {
              return FileVisitResult.CONTINUE;
            }
            try {
              kept.append(file).append('\n').append(Files.readString(file, ISO_8859_1));
            } catch (NoSuchFileException e) {
              return visitFileFailed(file, e);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            if (failure instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
              throws IOException {
            return failure == null ? FileVisitResult.CONTINUE : visitFileFailed(folder, failure);
          }
        });
    return kept.toString();
  }

  /** Writes an executable file {@code muster} into a folder, for scripts that call it. */
  static Path script(Path folder) {
    StringBuilder script = new StringBuilder("#!/bin/sh\nexec");
    command().forEach(word -> script.append(" '").append(word).append('\''));
    script.append(" \"$@\"\n");
    try {
      Path program = Files.createDirectories(folder).resolve("muster");
      Files.writeString(program, script);
      if (!program.toFile().setExecutable(true)) {
        throw new IllegalStateException("not made executable: " + program);
      }
      return program;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** That of the tests, for other JVMs: the plugins may start theirs with one jar that names it. */
  static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  private static List<String> words() {
    String home = System.getProperty("java.home");
    try {
      if (isBuiltFromWhatIsTested()) {
        Path launcher = DISTRIBUTION.resolve("bin/muster").toAbsolutePath().normalize();
        return List.of("JAVA_HOME=" + home, "MUSTER_CACHE=" + CACHE, launcher.toString());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // The shell puts the options in, which are several words.
    String script =
        "exec \"$0\" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC $MUSTER_JAVA_OPTS -cp \"$CLASSES\""
            + " dev.muster.cli.Main \"$@\"";
    return List.of(
        "CLASSES=" + classPath(), "sh", "-c", script, Path.of(home, "bin/java").toString());
  }

  private static boolean isBuiltFromWhatIsTested() throws IOException {
    Path tested;
    try {
      tested = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    Path lib = DISTRIBUTION.resolve("lib");
    if (!Files.isRegularFile(tested) || !Files.isDirectory(lib)) {
      return false;
    }
    try (DirectoryStream<Path> engines = Files.newDirectoryStream(lib, "muster-engine-*.jar")) {
      for (Path engine : engines) {
        if (Files.mismatch(tested, engine) == -1) {
          return true;
        }
      }
    }
    return false;
  }
}
