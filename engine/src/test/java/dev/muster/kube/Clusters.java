package dev.muster.kube;

import dev.muster.live.Cluster;
import dev.muster.resource.Redactor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Clusters for tests: short pauses, no environment. */
final class Clusters implements AutoCloseable {
  /** Quick to try again, and patient: on a busy machine nothing is told too early. */
  static final Pace PATIENT =
      new Pace(Duration.ofMillis(5), Duration.ofMillis(40), Duration.ofSeconds(60));

  /** Tells at once that there is no answer. */
  static final Pace IMPATIENT =
      new Pace(Duration.ofMillis(5), Duration.ofMillis(40), Duration.ofMillis(20));

  private final Path folder;
  final KubeClusters all;

  Clusters(Path folder) {
    this(folder, PATIENT);
  }

  Clusters(Path folder, Pace pace) {
    this(folder, pace, false);
  }

  /**
   * @param standing whether each watch has a connection of its own
   */
  Clusters(Path folder, Pace pace, boolean standing) {
    this(folder, pace, TlsKind.AUTO, standing);
  }

  Clusters(Path folder, Pace pace, TlsKind kind, boolean standing) {
    this.folder = folder;
    this.all =
        new KubeClusters(
            "1.2.3",
            new Timeouts(5, 20),
            KubeClusters.Writes.REAL,
            Map.of(),
            folder,
            pace,
            new Redactor(),
            kind,
            standing);
  }

  Clusters(
      Path folder, KubeClusters.Writes writes, Map<String, String> environment, Timeouts timeouts) {
    this.folder = folder;
    this.all = new KubeClusters("1.2.3", timeouts, writes, environment, folder, PATIENT);
  }

  /** A cluster whose kubeconfig has nothing but a server and a token. */
  Cluster at(String server) {
    return at(server, "");
  }

  Cluster at(String server, String extra) {
    return open(kubeconfig("one.yaml", server, extra, "token: canary-token"), "one");
  }

  Cluster open(Path file, String context) {
    return all.cluster("one", new Access(List.of(file), context));
  }

  Path kubeconfig(String file, String server, String cluster, String user) {
    return write(
        file,
        """
        apiVersion: v1
        kind: Config
        current-context: one
        contexts:
        - {name: one, context: {cluster: there, user: me}}
        clusters:
        - name: there
          cluster:
            server: %s
            %s
        users:
        - name: me
          user:
            %s
        """
            .formatted(server, cluster, user));
  }

  Path write(String file, String text) {
    try {
      Path path = folder.resolve(file);
      Files.createDirectories(path.getParent());
      return Files.writeString(path, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    all.close();
  }
}
