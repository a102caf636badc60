package dev.muster.report;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Texts that say the same of many members are told once. Nothing gets lost: the name of each member
 * in the place of {@link #PLACE} gives its text again, to the letter.
 */
final class Grouped {
  /** Fewer are told one by one. */
  static final int MANY = 5;

  static final String PLACE = "<member>";
  private static final int WIDTH = 80;
  private static final String INDENT = "      ";

  private Grouped() {}

  /**
   * A text about one member.
   *
   * @param about its name; empty for a text that stays by itself
   */
  record Text(String about, String text) {
    /** With the place of the name in it; the text itself when the two could be mixed up. */
    String pattern() {
      if (about.isEmpty() || text.contains(PLACE)) {
        return text;
      }
      // A name inside of another word is none.
      return Pattern.compile("(?<![A-Za-z0-9-])" + Pattern.quote(about) + "(?![A-Za-z0-9-])")
          .matcher(text)
          .replaceAll(Matcher.quoteReplacement(PLACE));
    }
  }

  /**
   * What is told at once.
   *
   * @param members whom it is about, several only where the text has places for their names
   */
  record Group(List<String> members, String text) {
    boolean several() {
      return members.size() > 1;
    }

    /** With the names below its first line, where there are several. */
    String told() {
      if (!several()) {
        return text;
      }
      int end = text.indexOf('\n') < 0 ? text.length() : text.indexOf('\n');
      return text.substring(0, end) + '\n' + names() + text.substring(end);
    }

    private String names() {
      StringBuilder lines = new StringBuilder();
      StringBuilder line =
          new StringBuilder("    " + PLACE + " stands for each of " + members.size() + ":");
      for (int i = 0; i < members.size(); i++) {
        String word = members.get(i) + (i < members.size() - 1 ? "," : "");
        if (line.length() + 1 + word.length() > WIDTH) {
          lines.append(line).append('\n');
          line = new StringBuilder(INDENT).append(word);
        } else {
          line.append(' ').append(word);
        }
      }
      return lines.append(line).toString();
    }
  }

  /** In the order of the first of each. */
  static List<Group> of(List<Text> texts) {
    List<String> patterns = texts.stream().map(Text::pattern).toList();
    Map<String, List<String>> alike = new LinkedHashMap<>();
    for (int i = 0; i < texts.size(); i++) {
      alike.computeIfAbsent(patterns.get(i), p -> new ArrayList<>()).add(texts.get(i).about());
    }
    List<Group> groups = new ArrayList<>();
    Set<String> told = new HashSet<>();
    for (int i = 0; i < texts.size(); i++) {
      Text text = texts.get(i);
      List<String> members = alike.getOrDefault(patterns.get(i), List.of());
      if (text.about().isEmpty() || members.size() < MANY) {
        groups.add(new Group(List.of(text.about()), text.text()));
      } else if (told.add(patterns.get(i))) {
        groups.add(new Group(members, patterns.get(i)));
      }
    }
    return groups;
  }
}
