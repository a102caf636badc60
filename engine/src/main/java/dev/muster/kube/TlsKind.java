package dev.muster.kube;

import dev.muster.problem.MusterException;
import java.util.Locale;

/** Whose TLS shakes hands with the clusters. */
enum TlsKind {
  /** Whatever is cheaper for so many. */
  AUTO,
  /** Never a library from outside of the JVM. */
  JDK,
  /** The fast one from the first cluster on. */
  NATIVE;

  /** Set by the launcher from {@code MUSTER_TLS}. */
  static final String PROPERTY = "muster.tls";

  /**
   * From here on the native one costs less, its loading included; measured in bench/RESULTS.md,
   * 2026-11-27.
   */
  private static final int MANY = 15;

  /**
   * What this process was told to use.
   *
   * @throws MusterException when that is none of them
   */
  static TlsKind chosen() {
    String word = System.getProperty(PROPERTY, "");
    for (TlsKind kind : values()) {
      if (word.equals(kind.name().toLowerCase(Locale.ROOT))) {
        return kind;
      }
    }
    if (word.isEmpty()) {
      return AUTO;
    }
    throw MusterException.of(
        "MUSTER_TLS names no kind of TLS", "set it to auto, jdk or native; without it, it is auto");
  }

  boolean fast(int clusters) {
    return this == NATIVE || this == AUTO && clusters >= MANY;
  }
}
