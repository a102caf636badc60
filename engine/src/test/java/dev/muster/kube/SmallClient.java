package dev.muster.kube;

import dev.muster.live.Cluster;
import dev.muster.live.Listing;
import dev.muster.live.LogQuery;
import dev.muster.live.Logs;
import dev.muster.live.Watching;
import dev.muster.resource.ObjectRef;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** A process that asks one cluster one thing and prints what came of it; see HostileAnswersTest. */
final class SmallClient {
  static final ObjectRef REF =
      new ObjectRef("", "v1", "ConfigMap", "configmaps", "default", "settings");

  private SmallClient() {}

  public static void main(String[] args) throws IOException {
    Pace pace = new Pace(Duration.ofMillis(5), Duration.ofMillis(20), Duration.ofMillis(100));
    Timeouts timeouts = new Timeouts(10, Integer.parseInt(args[2]));
    try (KubeClusters clusters =
        new KubeClusters(
            "small", timeouts, KubeClusters.Writes.REAL, Map.of(), Path.of("/nowhere"), pace)) {
      Cluster cluster = clusters.cluster("one", kubeconfig(args[0]));
      System.out.println(ask(cluster, args[1]));
    } catch (OutOfMemoryError e) {
      System.out.println("out of memory");
    }
  }

  static String kubeconfig(String server) {
    return """
    current-context: c
    contexts: [{name: c, context: {cluster: c, user: u}}]
    clusters: [{name: c, cluster: {server: "%s"}}]
    users: [{name: u, user: {token: token}}]
    """
        .formatted(server);
  }

  private static String ask(Cluster cluster, String what) throws IOException {
    switch (what) {
      case "read" -> {
        return String.valueOf(cluster.read(REF));
      }
      case "list" -> {
        Listing listing = cluster.list(REF.withName(""), "");
        return listing instanceof Listing.Listed listed
            ? listed.objects().size() + " objects"
            : String.valueOf(listing);
      }
      case "logs" -> {
        Logs logs = cluster.logs(new LogQuery("ns", "app=a", ""), Instant.EPOCH);
        return logs instanceof Logs.Lines lines
            ? lines.lines().size()
                + " lines, the longest "
                + lines.lines().stream().mapToInt(line -> line.text().length()).max().orElse(0)
            : String.valueOf(logs);
      }
      default -> {
        // Until the test says that it has seen enough.
        try (Watching watching =
            cluster.watch(REF, reading -> System.out.println("saw " + reading))) {
          System.in.read();
        }
        return "closed";
      }
    }
  }
}
