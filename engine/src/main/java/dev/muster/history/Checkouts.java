package dev.muster.history;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The topologies of commits that are open in this process. Every command asks, and most have none:
 * nothing here loads the git library.
 */
public final class Checkouts {
  static final String PREFIX = "git+";
  private static final Map<Path, GitCheckout> OPEN = new ConcurrentHashMap<>();

  private Checkouts() {}

  /** Whether a name is a place in a repository and no path. */
  public static boolean named(String file) {
    return file.startsWith(PREFIX);
  }

  /** The checkout that a file lies in, if any. */
  public static Optional<GitCheckout> of(Path file) {
    if (OPEN.isEmpty()) {
      return Optional.empty();
    }
    Path absolute = file.toAbsolutePath().normalize();
    return OPEN.entrySet().stream()
        .filter(entry -> absolute.startsWith(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** Whether a file of a checkout is one that its commit does not have. */
  public static boolean foreign(Path file) {
    Optional<GitCheckout> checkout = of(file);
    return checkout.isPresent() && !checkout.get().has(file);
  }

  /** How a file is called in messages; one of a commit by its name there. */
  public static String label(Path file) {
    Optional<GitCheckout> checkout = of(file);
    return checkout.isPresent() ? checkout.get().label() : file.toString();
  }

  static void opened(Path folder, GitCheckout checkout) {
    OPEN.put(folder, checkout);
  }

  static void closed(Path folder) {
    OPEN.remove(folder);
  }
}
