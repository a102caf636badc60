package dev.muster.report;

import java.util.List;

/** Lists of names, broken at 80 columns; a name stays in one piece. */
public final class Names {
  private static final int WIDTH = 80;

  private Names() {}

  /**
   * The names with commas behind a beginning; further lines are indented by four more than it is.
   *
   * @return without a line break at its end
   */
  public static String listed(String beginning, List<String> names) {
    String indent = beginning.replaceFirst("\\S.*", "") + "    ";
    StringBuilder lines = new StringBuilder();
    StringBuilder line = new StringBuilder(beginning);
    for (int i = 0; i < names.size(); i++) {
      String word = names.get(i) + (i < names.size() - 1 ? "," : "");
      if (line.length() + 1 + word.length() > WIDTH && i > 0) {
        lines.append(line).append('\n');
        line = new StringBuilder(indent).append(word);
      } else {
        line.append(' ').append(word);
      }
    }
    return lines.append(line).toString();
  }
}
