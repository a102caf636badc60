package dev.muster.schedule;

import java.util.List;
import java.util.stream.Collectors;

/** Words for a POSIX shell. */
final class Shell {
  private Shell() {}

  static String word(String text) {
    return text.matches("[A-Za-z0-9_./:=@,+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  static String words(List<String> all) {
    return all.stream().map(Shell::word).collect(Collectors.joining(" "));
  }
}
