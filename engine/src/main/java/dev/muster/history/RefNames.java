package dev.muster.history;

import dev.muster.problem.MusterException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.Repository;

/** The names of the refs that a topology's history uses; no input leads out of them. */
final class RefNames {
  static final String OPEN = "refs/muster/open/";
  static final String BRANCHES = "refs/heads/muster/";
  private static final Pattern RUN_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  private RefNames() {}

  static String branch(String topology) {
    return BRANCHES + encode(topology);
  }

  static String open(String runId) {
    if (!RUN_ID.matcher(runId).matches() || !Repository.isValidRefName(OPEN + runId)) {
      throw MusterException.of(
          "\"" + Message.line(runId) + "\" cannot be the id of a run",
          "use letters, digits, -, _ and single dots, starting with a letter or digit");
    }
    return OPEN + runId;
  }

  /**
   * Letters, digits, - and _ stay, and so does a dot between two of them; every other byte becomes
   * %XX, so that two topologies never share a branch.
   */
  static String encode(String topology) {
    if (topology.isEmpty()) {
      throw MusterException.of("a topology without a name has no history");
    }
    byte[] bytes = topology.getBytes(StandardCharsets.UTF_8);
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < bytes.length; i++) {
      char c = (char) (bytes[i] & 0xff);
      boolean dotKept =
          c == '.'
              && i > 0
              && i + 1 < bytes.length
              && plain((char) (bytes[i - 1] & 0xff))
              && plain((char) (bytes[i + 1] & 0xff))
              && !topology.toLowerCase(Locale.ROOT).endsWith(".lock");
      boolean leadingDash = c == '-' && i == 0;
      if (dotKept || (plain(c) && !leadingDash)) {
        name.append(c);
      } else {
        name.append(String.format(Locale.ROOT, "%%%02X", (int) c));
      }
    }
    return name.toString();
  }

  private static boolean plain(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }
}
