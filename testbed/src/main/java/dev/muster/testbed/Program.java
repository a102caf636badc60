package dev.muster.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A server process that cannot outlive this JVM.
 *
 * <p>A shell stands between: it holds the reading end of a pipe whose other end only this JVM has,
 * and kills the server when that end closes, be it by {@link #kill} or because the JVM is gone for
 * whatever reason. The server is killed, not asked: nobody needs its data, and an API server that
 * shuts down politely is not what a test of an unreachable cluster wants.
 */
final class Program {
  private static final String GUARD =
      """
      folder=$1
      shift
      exec 3<&0 </dev/null
      "$@" 3<&- &
      server=$!
      ended=
      trap 'ended=yes; kill -9 "$server" 2>/dev/null' TERM
      (read -r _ <&3; kill "$$") &
      guard=$!
      exec 3<&-
      wait "$server"
      code=$?
      kill -9 "$guard" 2>/dev/null
      if [ -n "$ended" ]; then
        wait "$server"
        [ -z "$folder" ] || rm -rf -- "$folder"
      fi
      exit "$code"
      """;

  private final Process guard;
  private final Path log;

  private Program(Process guard, Path log) {
    this.guard = guard;
    this.log = log;
  }

  /**
   * Starts the command with an environment of its own and all its output in {@code log}.
   *
   * @param leftovers a folder to delete once the server was killed, or empty
   */
  static Program start(
      List<String> command, Map<String, String> environment, Path log, String leftovers)
      throws IOException {
    List<String> guarded = new ArrayList<>(List.of("sh", "-c", GUARD, "guard", leftovers));
    guarded.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(guarded);
    String path = builder.environment().getOrDefault("PATH", "/usr/bin:/bin");
    builder.environment().clear();
    builder.environment().put("PATH", path);
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return new Program(builder.start(), log);
  }

  boolean alive() {
    return guard.isAlive();
  }

  /** The server's processes, and those that keep watch over it. */
  List<ProcessHandle> all() {
    return guard.descendants().toList();
  }

  /** Ends the server and returns when it is gone. */
  void kill() {
    try {
      List<ProcessHandle> all = all();
      guard.getOutputStream().close();
      if (!guard.waitFor(5, TimeUnit.SECONDS)) {
        all.forEach(ProcessHandle::destroyForcibly);
        guard.destroyForcibly().waitFor();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      guard.descendants().forEach(ProcessHandle::destroyForcibly);
      Thread.currentThread().interrupt();
    }
  }

  /** The last lines of what the server said, for people. */
  String lastWords() {
    try {
      List<String> lines = Files.readString(log, StandardCharsets.UTF_8).lines().toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
    } catch (IOException e) {
      return "(" + log + " cannot be read)";
    }
  }

  /** Another process may take the port before it is used: whoever starts a server tries again. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
