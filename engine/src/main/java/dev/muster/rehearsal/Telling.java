package dev.muster.rehearsal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Finds secrets wherever they stand in a text, in time that depends on the text and not on how many
 * secrets there are. Shorter ones than {@link #SHORTEST} are not looked for.
 */
final class Telling {
  /** A shorter one may be an ordinary word elsewhere. */
  static final int SHORTEST = 16;

  private static final int BASE = 31;
  private static final int HIGHEST = power(SHORTEST - 1);

  /** Hash of the beginning to the secrets that begin so, the longest first. */
  private final Map<Integer, List<String>> secrets = new HashMap<>();

  /** Whether it was not known yet. */
  boolean add(String secret) {
    if (secret.length() < SHORTEST) {
      return false;
    }
    List<String> alike = secrets.computeIfAbsent(hash(secret), beginning -> new ArrayList<>());
    if (alike.contains(secret)) {
      return false;
    }
    alike.add(secret);
    alike.sort(Comparator.comparing(String::length).reversed());
    return true;
  }

  boolean in(String text) {
    return next(text, 0).isPresent();
  }

  String replaced(String text, UnaryOperator<String> by) {
    StringBuilder all = new StringBuilder();
    int from = 0;
    for (Optional<Found> found = next(text, 0); found.isPresent(); found = next(text, from)) {
      all.append(text, from, found.get().at()).append(by.apply(found.get().secret()));
      from = found.get().at() + found.get().secret().length();
    }
    return from == 0 ? text : all.append(text, from, text.length()).toString();
  }

  private record Found(int at, String secret) {}

  private Optional<Found> next(String text, int from) {
    if (secrets.isEmpty() || text.length() - from < SHORTEST) {
      return Optional.empty();
    }
    int hash = hash(text.substring(from, from + SHORTEST));
    for (int at = from; ; at++) {
      for (String secret : secrets.getOrDefault(hash, List.of())) {
        if (text.startsWith(secret, at)) {
          return Optional.of(new Found(at, secret));
        }
      }
      if (at + SHORTEST >= text.length()) {
        return Optional.empty();
      }
      hash = (hash - text.charAt(at) * HIGHEST) * BASE + text.charAt(at + SHORTEST);
    }
  }

  /** Of the first characters; rolls on by one in {@link #next}. */
  private static int hash(String text) {
    int hash = 0;
    for (int i = 0; i < SHORTEST; i++) {
      hash = hash * BASE + text.charAt(i);
    }
    return hash;
  }

  private static int power(int exponent) {
    int power = 1;
    for (int i = 0; i < exponent; i++) {
      power *= BASE;
    }
    return power;
  }
}
