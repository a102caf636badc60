package dev.muster.problem;

import java.util.Collection;
import java.util.Optional;

/**
 * "Did you mean": the closest of the allowed words, when one is close enough to be a likely typo.
 */
public final class Suggestion {
  /** No word that is allowed anywhere is longer; comparing takes the product of both lengths. */
  private static final int LONGEST = 100;

  private Suggestion() {}

  public static Optional<String> closest(String written, Collection<String> allowed) {
    if (written.length() > LONGEST) {
      return Optional.empty();
    }
    String best = "";
    int bestDistance = Math.max(1, written.length() / 3) + 1;
    for (String candidate : allowed) {
      if (candidate.length() > LONGEST) {
        continue;
      }
      int distance =
          distance(
              written.toLowerCase(java.util.Locale.ROOT),
              candidate.toLowerCase(java.util.Locale.ROOT));
      if (distance < bestDistance) {
        bestDistance = distance;
        best = candidate;
      }
    }
    return best.isEmpty() ? Optional.empty() : Optional.of(best);
  }

  /** Edits (insert, delete, replace, swap of neighbours) between two words. */
  private static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int replace = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        cost[i][j] = Math.min(replace, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[a.length()][b.length()];
  }
}
