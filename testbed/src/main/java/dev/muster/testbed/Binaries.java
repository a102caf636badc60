package dev.muster.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where the pinned kube-apiserver and etcd are; the script {@code testbed/binaries} decides. */
public record Binaries(Path folder) {

  /**
   * Runs the script, which builds the programs when they are not in the cache yet (minutes, once).
   * Its progress goes to stderr.
   */
  public static Binaries locate() {
    Path script = script();
    try {
      Process process =
          new ProcessBuilder(script.toString())
              .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
              .redirectError(Redirect.INHERIT)
              .start();
      List<String> lines =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .toList();
      int code = process.waitFor();
      if (code != 0 || lines.isEmpty()) {
        throw new IllegalStateException(script + " ended with code " + code + "; see stderr");
      }
      return new Binaries(Path.of(lines.get(lines.size() - 1)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + script, e);
    }
  }

  Path etcd() {
    return folder.resolve("etcd");
  }

  Path apiServer() {
    return folder.resolve("kube-apiserver");
  }

  /** Maven runs tests in the module's folder, other runners in the folder above it. */
  static Path script() {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      for (String name : List.of("binaries", "testbed/binaries")) {
        Path script = folder.resolve(name);
        if (Files.isExecutable(script) && Files.isRegularFile(script)) {
          return script;
        }
      }
    }
    throw new IllegalStateException(
        "testbed/binaries is not found here or above: " + Path.of("").toAbsolutePath());
  }
}
