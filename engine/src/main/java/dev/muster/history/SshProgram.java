package dev.muster.history;

import dev.muster.resource.OwnVariables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.RemoteSession;
import org.eclipse.jgit.transport.SshSessionFactory;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/**
 * The user's own {@code ssh}, with its configuration and agent, in batch mode. Like git it heeds
 * {@code GIT_SSH_COMMAND}, {@code core.sshCommand} and {@code GIT_SSH}.
 */
final class SshProgram extends SshSessionFactory {
  private final Config config;

  SshProgram(Config config) {
    this.config = config;
  }

  @Override
  public RemoteSession getSession(
      URIish uri, @Nullable CredentialsProvider credentials, FS fs, int timeoutMillis) {
    List<String> command = new ArrayList<>();
    String shell = first(variable("GIT_SSH_COMMAND"), config.getString("core", null, "sshCommand"));
    if (shell.isEmpty()) {
      command.add(first(variable("GIT_SSH"), "ssh"));
    } else {
      command.addAll(List.of("sh", "-c", shell + " \"$@\"", "ssh"));
    }
    command.addAll(List.of("-o", "BatchMode=yes", "-o", "ConnectTimeout=20"));
    if (uri.getPort() > 0) {
      command.addAll(List.of("-p", String.valueOf(uri.getPort())));
    }
    String host = (uri.getUser() == null ? "" : uri.getUser() + "@") + uri.getHost();
    if (host.startsWith("-")) {
      throw new IllegalArgumentException("\"" + Message.line(host) + "\" is no host");
    }
    command.add(host);
    return new Session(List.copyOf(command));
  }

  private static @Nullable String variable(String name) {
    return SystemReader.getInstance().getenv(name);
  }

  private static String first(@Nullable String one, @Nullable String other) {
    return one != null && !one.isBlank() ? one : other == null ? "" : other.strip();
  }

  @Override
  public String getType() {
    return "program";
  }

  private record Session(List<String> command) implements RemoteSession {
    @Override
    public Process exec(String remote, int timeoutSeconds) throws IOException {
      List<String> all = new ArrayList<>(command);
      all.add(remote);
      try {
        ProcessBuilder builder = new ProcessBuilder(all);
        OwnVariables.withhold(builder.environment());
        return builder.start();
      } catch (IOException e) {
        throw new IOException("cannot start " + all.get(0), e);
      }
    }

    @Override
    public void disconnect() {
      // a process of its own for each connection; it ends with its streams
    }
  }
}
