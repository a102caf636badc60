package dev.muster.testbed.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.sandbox.client.Kind;
import dev.muster.testbed.secret.Canaries;
import dev.muster.testbed.secret.ClusterSecrets;
import dev.muster.testbed.secret.Places;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whether any secret of a fleet has come out of its clusters: those that it had when this was made,
 * and those that it has when it is asked.
 */
final class Leaks {
  private static final Kind LEASE = new Kind("coordination.k8s.io", "v1", "Lease", "leases", true);

  private final Arena arena;
  private final Canaries canaries = new Canaries();

  private Leaks(Arena arena) {
    this.arena = arena;
  }

  /** Looks at what is secret in a fleet. */
  static Leaks of(Arena arena) {
    Leaks leaks = new Leaks(arena);
    leaks.learn();
    return leaks;
  }

  Canaries canaries() {
    return canaries;
  }

  /** Every place that has something secret in it, in sentences. */
  List<String> found() {
    learn();
    return places().holding(canaries);
  }

  /** What muster has printed, written and left on the host for itself. */
  Places places() {
    Places places = Places.of(arena.muster(), this::given);
    for (Kind kind : List.of(Kind.CONFIG_MAP, LEASE)) {
      for (JsonNode object : arena.kubectl(Arena.HOST).items(kind, "kube-system")) {
        String name = object.at("/metadata/name").asText();
        if (name.startsWith("muster-")) {
          places.add("the host's " + kind.kind() + " " + name, object.toString());
        }
      }
    }
    return places;
  }

  private boolean given(Path file) {
    return arena.muster().repository().equals(file.getParent())
        && file.getFileName().toString().matches("kubeconfig.*\\.yaml");
  }

  private void learn() {
    try (Stream<Path> files = Files.list(arena.muster().repository())) {
      for (Path file : files.filter(this::given).toList()) {
        canaries.addKubeconfig("the user's " + file.getFileName(), Files.readString(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (String cluster : Arena.CLUSTERS) {
      ClusterSecrets.learn(cluster, arena.kubectl(cluster), canaries);
    }
  }
}
