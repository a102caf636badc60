package dev.muster.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Texts that say the same of many members, or of many pairs of clusters, are told once. Nothing
 * gets lost: the names in the places of {@link #PLACE}, or {@link #SELF} and {@link #PEER}, give
 * each text again, to the letter.
 */
public final class Grouped {
  /** Fewer are told one by one. */
  static final int MANY = 5;

  static final String PLACE = "<member>";
  static final String SELF = "<self>";
  static final String PEER = "<peer>";

  private Grouped() {}

  /**
   * A text about one member, or two clusters.
   *
   * @param about its name, or that of the one that is written in; empty for a text that stays by
   *     itself
   * @param peer the name of the other one; empty for a text about a member
   */
  public record Text(String about, String peer, String text) {
    public Text(String about, String text) {
      this(about, "", text);
    }

    /** With the places of the names in it; the text itself when these could be mixed up. */
    String pattern() {
      if (about.isEmpty() || Stream.of(PLACE, SELF, PEER).anyMatch(text::contains)) {
        return text;
      }
      if (peer.isEmpty()) {
        return put(text, about, PLACE, "-");
      }
      // What is about another cluster is named after it: to-NAME. A name may be part of the other.
      return about.length() > peer.length()
          ? put(put(text, about, SELF, ""), peer, PEER, "")
          : put(put(text, peer, PEER, ""), about, SELF, "");
    }
  }

  /**
   * A name inside of another word is none.
   *
   * @param joins what joins words to one, besides letters and digits
   */
  private static String put(String text, String name, String place, String joins) {
    String before = "(?<![A-Za-z0-9<" + joins + "])";
    String behind = "(?![A-Za-z0-9>" + joins + "])";
    return Pattern.compile(before + Pattern.quote(name) + behind)
        .matcher(text)
        .replaceAll(Matcher.quoteReplacement(place));
  }

  /**
   * What stands for several names.
   *
   * @param stand the place and, before a colon, how many there are
   * @param names empty where it goes without saying which they are
   */
  public record Legend(String stand, List<String> names) {
    private String text() {
      return Names.listed("    " + stand, names);
    }
  }

  /**
   * What is told at once.
   *
   * @param members whom it is about, several only where the text has places for their names
   * @param legends what stands in the text for which names
   * @param texts all that it gives again
   */
  public record Group(List<String> members, String text, List<Legend> legends, List<Text> texts) {
    static Group one(Text text) {
      return new Group(List.of(text.about()), text.text(), List.of(), List.of(text));
    }

    /**
     * @param told lists of names that were told before, by what is said of them the second time
     */
    static Group of(List<Text> texts, String pattern, Map<String, List<String>> told) {
      List<String> members = texts.stream().map(Text::about).toList();
      int count = members.size();
      String ends = count + ", " + members.get(0) + " to " + members.get(count - 1);
      String stand = PLACE + " stands for each of ";
      Legend legend =
          members.equals(told.putIfAbsent(ends, members))
              ? new Legend(stand + "the same " + ends + ", as above", List.of())
              : new Legend(stand + count + ":", members);
      return new Group(members, pattern, List.of(legend), texts);
    }

    boolean several() {
      return !legends.isEmpty();
    }

    /** With the names below its first line, where there are several. */
    public String told() {
      if (!several()) {
        return text;
      }
      int end = text.indexOf('\n') < 0 ? text.length() : text.indexOf('\n');
      return text.substring(0, end) + '\n' + names() + text.substring(end);
    }

    /** What stands for which names; empty where nothing does. */
    String names() {
      return legends.stream().map(Legend::text).collect(Collectors.joining("\n"));
    }
  }

  /** In the order of the first of each. */
  public static List<Group> of(List<Text> texts) {
    return of(texts, Set.of());
  }

  /**
   * The same.
   *
   * @param fleet the clusters of which there may be pairs, where that is known
   */
  public static List<Group> of(List<Text> texts, Set<String> fleet) {
    List<String> patterns = texts.stream().map(Text::pattern).toList();
    Map<String, List<Text>> alike = new LinkedHashMap<>();
    for (int i = 0; i < texts.size(); i++) {
      alike.computeIfAbsent(patterns.get(i), p -> new ArrayList<>()).add(texts.get(i));
    }
    List<Group> groups = new ArrayList<>();
    Set<String> told = new HashSet<>();
    Map<String, List<String>> lists = new HashMap<>();
    for (int i = 0; i < texts.size(); i++) {
      Text text = texts.get(i);
      List<Text> same = alike.getOrDefault(patterns.get(i), List.of());
      if (text.about().isEmpty() || same.size() < MANY) {
        groups.add(Group.one(text));
      } else if (told.add(patterns.get(i))) {
        groups.addAll(
            text.peer().isEmpty()
                ? List.of(Group.of(same, patterns.get(i), lists))
                : new GroupedPairs(same, patterns.get(i), fleet).groups());
      }
    }
    return groups;
  }
}
