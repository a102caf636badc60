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
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * What was found out of plans and topologies before, and holds as long as their text is the same:
 * that they are sound, and the plan's expressions, compiled. A process remembers it, and writes it
 * down for the next one in the folder that the launcher names in the property {@code muster.cache},
 * which belongs to one build of the program; without the property nothing is read or written. What
 * lies there is trusted as the program's own files are, so a folder that others can write to is not
 * used.
 *
 * <p>No secret gets there: of a topology, the name of an empty file is all.
 */
public final class Prepared {
  private static final String PLAN = "plan-";
  private static final String TOPOLOGY = "topology-";
  private static final byte[] NOTHING = {};
  private static final int MOST_PLANS = 8;
  private static final int MOST_TOPOLOGIES = 64;

  /** Digests of the plans that were found sound. */
  private static final Set<String> PLANS = lastUsed(MOST_PLANS);

  /** Digests of the topologies that were found sound, with their plans. */
  private static final Set<String> TOPOLOGIES = lastUsed(MOST_TOPOLOGIES);

  /** The files of plans that were looked at, each once. */
  private static final Set<Path> TRIED = ConcurrentHashMap.newKeySet();

  private final String plan;
  private final boolean known;

  private Prepared(String plan) {
    this.plan = plan;
    this.known = PLANS.contains(plan) || restored(plan);
    if (known) {
      PLANS.add(plan);
    }
  }

  private static Set<String> lastUsed(int most) {
    return Collections.synchronizedSet(
        Collections.newSetFromMap(
            new LinkedHashMap<>(16, 0.75f, true) {
              @Override
              protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                return size() > most;
              }
            }));
  }

  /** What is known of this very plan; if it was sound, its expressions are there again. */
  static Prepared of(String planText) {
    return new Prepared(digest(planText));
  }

  /** Whether the plan was found sound before. */
  boolean known() {
    return known;
  }

  /** Whether this very topology was found to have the form that the plan gives it. */
  boolean knows(String topology) {
    String digest = digest(topology, plan);
    return known
        && (TOPOLOGIES.contains(digest)
            || folder()
                .filter(folder -> Files.exists(folder.resolve(TOPOLOGY + digest)))
                .isPresent());
  }

  /** Remembers that the plan is sound. One that is not must never get here: it would be used. */
  void sound() {
    PLANS.add(plan);
  }

  /** Remembers that a topology, and with it the plan, is sound. */
  void sound(String topology) {
    sound();
    String digest = digest(topology, plan);
    TOPOLOGIES.add(digest);
    folder()
        .map(folder -> folder.resolve(TOPOLOGY + digest))
        .filter(stamp -> !Files.exists(stamp))
        .ifPresent(stamp -> write(stamp, NOTHING));
  }

  private static boolean restored(String plan) {
    return folder()
        .map(folder -> folder.resolve(PLAN + plan))
        .filter(TRIED::add)
        .filter(Prepared::restored)
        .isPresent();
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

  /**
   * Writes down what has been compiled since the start, for the plans that were sound. Nothing goes
   * wrong when it cannot.
   */
  public static void keep() {
    Optional<Path> folder = folder();
    List<String> sound;
    synchronized (PLANS) {
      sound = List.copyOf(PLANS);
    }
    if (folder.isEmpty() || sound.isEmpty() || !Compiled.grown()) {
      return;
    }
    byte[] saved = Compiled.saved();
    sound.forEach(plan -> write(folder.get().resolve(PLAN + plan), saved));
    thin(folder.get(), PLAN, MOST_PLANS);
    thin(folder.get(), TOPOLOGY, MOST_TOPOLOGIES);
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
    TOPOLOGIES.clear();
    TRIED.clear();
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

  private static String digest(String topology, String plan) {
    return digest(topology + "\0" + plan);
  }

  private static String digest(String text) {
    return Sha256.hex(text, 32);
  }
}
