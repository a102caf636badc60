package dev.muster.session;

import dev.muster.bound.Bounds;
import dev.muster.digest.Sha256;
import dev.muster.expression.Compiled;
import dev.muster.kube.KubeClusters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * What was found out of plans and topologies by an earlier run, and holds as long as their text is
 * the same: that they are sound, and the plan's expressions, compiled. It lies in the folder that
 * the launcher names in the property {@code muster.cache}, which belongs to one build of the
 * program; without the property nothing is read or written. What lies there is trusted as the
 * program's own files are, so a folder that others can write to is not used.
 *
 * <p>No secret gets there: of a topology, the name of an empty file is all.
 */
public final class Prepared {
  private static final String PLAN = "plan-";
  private static final String TOPOLOGY = "topology-";
  private static final byte[] NOTHING = {};
  private static final int MOST_PLANS = 8;
  private static final int MOST_TOPOLOGIES = 64;

  private static final Map<Path, Boolean> PLANS = new ConcurrentHashMap<>();

  private final Optional<Path> plan;
  private final boolean known;

  private Prepared(Optional<Path> plan) {
    this.plan = plan;
    this.known = plan.filter(file -> PLANS.computeIfAbsent(file, Prepared::restored)).isPresent();
  }

  /** What is known of this very plan; if it was sound, its expressions are there again. */
  static Prepared of(String planText) {
    return new Prepared(folder().map(folder -> folder.resolve(PLAN + digest(planText))));
  }

  /** Whether the plan was found sound before. */
  boolean known() {
    return known;
  }

  /** Whether this very topology was found to have the form that the plan gives it. */
  boolean knows(String topology) {
    return known && stamp(topology).filter(Files::exists).isPresent();
  }

  /** Remembers that a topology, and with it the plan, is sound. */
  void sound(String topology) {
    stamp(topology).filter(stamp -> !Files.exists(stamp)).ifPresent(stamp -> write(stamp, NOTHING));
  }

  private Optional<Path> stamp(String topology) {
    return plan.map(
        file -> file.resolveSibling(TOPOLOGY + digest(topology + "\0" + file.getFileName())));
  }

  private static boolean restored(Path file) {
    try {
      return Files.isRegularFile(file)
          && Files.size(file) < Bounds.ANSWER
          && Compiled.restore(Files.readAllBytes(file));
    } catch (IOException e) {
      return false;
    }
  }

  /** Writes down what has been compiled since the start. Nothing goes wrong when it cannot. */
  public static void keep() {
    if (PLANS.isEmpty() || !Compiled.grown()) {
      return;
    }
    byte[] saved = Compiled.saved();
    PLANS.keySet().forEach(file -> write(file, saved));
    folder()
        .ifPresent(
            folder -> {
              thin(folder, PLAN, MOST_PLANS);
              thin(folder, TOPOLOGY, MOST_TOPOLOGIES);
            });
  }

  /** What speaks TLS to many clusters is no class, so no archive of classes has it. */
  public static void keepLibrary() throws IOException {
    Optional<Path> folder = folder();
    if (folder.isPresent()) {
      KubeClusters.keepLibrary(folder.get());
    }
  }

  /** As if this process had begun just now. */
  public static void forget() {
    PLANS.clear();
    Compiled.forget();
  }

  private static Optional<Path> folder() {
    return Optional.ofNullable(System.getProperty("muster.cache"))
        .map(Path::of)
        .filter(Prepared::ownersOnly);
  }

  private static boolean ownersOnly(Path folder) {
    try {
      Set<PosixFilePermission> rights = Files.getPosixFilePermissions(folder);
      return !rights.contains(PosixFilePermission.GROUP_WRITE)
          && !rights.contains(PosixFilePermission.OTHERS_WRITE);
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private static void write(Path file, byte[] bytes) {
    try {
      Path draft = Files.createTempFile(file.toAbsolutePath().getParent(), ".new", "");
      try {
        Files.write(draft, bytes);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      // The next run works it out once more.
      return;
    }
  }

  private static void thin(Path folder, String prefix, int most) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all =
          files
              .filter(file -> file.getFileName().toString().startsWith(prefix))
              .sorted(Comparator.comparing(Prepared::age).reversed())
              .toList();
      for (Path old : all.subList(Math.min(most, all.size()), all.size())) {
        Files.deleteIfExists(old);
      }
    } catch (IOException e) {
      return;
    }
  }

  private static long age(Path file) {
    return file.toFile().lastModified();
  }

  private static String digest(String text) {
    return Sha256.hex(text, 32);
  }
}
