package dev.muster.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Programs that others have written, and what they say of what muster writes. */
public final class Tools {
  private Tools() {}

  /** How a program ended, and all that it said. */
  record Said(int code, String text) {}

  /** A pinned program, made available by {@code testbed/tools} when it is not there yet. */
  public static Path tool(String name) {
    Path script = Binaries.script().resolveSibling("tools");
    Said said = run(Path.of("."), Map.of(), List.of(script.toString(), name));
    List<String> lines = said.text().lines().toList();
    if (said.code() != 0 || lines.isEmpty()) {
      throw new IllegalStateException(script + " " + name + ": " + said.text());
    }
    return Path.of(lines.get(lines.size() - 1));
  }

  static Said run(Path folder, Map<String, String> environment, List<String> command) {
    try {
      return ended(start(folder, environment, command));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Process start(Path folder, Map<String, String> environment, List<String> command)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true);
    builder.environment().keySet().removeIf(key -> key.startsWith("GIT_"));
    builder.environment().remove("KUBECONFIG");
    builder.environment().putAll(environment);
    return builder.start();
  }

  static Said ended(Process process) {
    try {
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Said(process.waitFor(), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
