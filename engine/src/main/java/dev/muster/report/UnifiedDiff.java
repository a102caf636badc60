package dev.muster.report;

import java.util.ArrayList;
import java.util.List;

/** Two versions of a text of which one stretch differs, as {@code diff -u} shows them. */
public final class UnifiedDiff {
  private static final int CONTEXT = 3;

  private UnifiedDiff() {}

  /** Empty when the texts are equal. */
  public static String of(String name, String before, String after) {
    if (before.equals(after)) {
      return "";
    }
    List<String> old = lines(before);
    List<String> now = lines(after);
    int head = 0;
    while (head < old.size() && head < now.size() && old.get(head).equals(now.get(head))) {
      head++;
    }
    int tail = 0;
    while (tail < old.size() - head
        && tail < now.size() - head
        && old.get(old.size() - 1 - tail).equals(now.get(now.size() - 1 - tail))) {
      tail++;
    }
    int from = Math.max(0, head - CONTEXT);
    int after1 = Math.min(CONTEXT, tail);
    List<String> out = new ArrayList<>();
    out.add("--- a/" + name);
    out.add("+++ b/" + name);
    int oldEnd = old.size() - tail + after1;
    int nowEnd = now.size() - tail + after1;
    out.add("@@ -" + range(from, oldEnd) + " +" + range(from, nowEnd) + " @@");
    old.subList(from, head).forEach(line -> add(out, " ", line));
    old.subList(head, old.size() - tail).forEach(line -> add(out, "-", line));
    now.subList(head, now.size() - tail).forEach(line -> add(out, "+", line));
    old.subList(old.size() - tail, oldEnd).forEach(line -> add(out, " ", line));
    return String.join("\n", out) + "\n";
  }

  private static String range(int from, int end) {
    int count = end - from;
    return (count == 0 ? from : from + 1) + (count == 1 ? "" : "," + count);
  }

  private static void add(List<String> out, String sign, String line) {
    boolean ended = line.endsWith("\n");
    out.add(sign + (ended ? line.substring(0, line.length() - 1) : line));
    if (!ended) {
      out.add("\\ No newline at end of file");
    }
  }

  /** Each with the line end that it has. */
  private static List<String> lines(String text) {
    List<String> lines = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int end = text.indexOf('\n', from);
      int next = end < 0 ? text.length() : end + 1;
      lines.add(text.substring(from, next));
      from = next;
    }
    return lines;
  }
}
