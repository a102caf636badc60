package dev.muster.yaml;

import dev.muster.problem.Where;
import java.util.Arrays;
import org.yaml.snakeyaml.error.Mark;

/** A text with its name; turns offsets into places that people can find. */
final class SourceText {
  private static final int EXCERPT_WIDTH = 120;

  private final String file;
  private final String text;
  private final int[] lineStarts;
  private final int[] charOfCodePoint;

  SourceText(String file, String text) {
    this.file = file;
    this.text = text;
    this.lineStarts = lineStarts(text);
    this.charOfCodePoint = charOfCodePoint(text);
  }

  String text() {
    return text;
  }

  /** The parser counts code points, strings count UTF-16 units; the two differ beyond the BMP. */
  int offset(Mark mark) {
    int index = mark.getIndex();
    if (charOfCodePoint.length == 0) {
      return Math.min(index, text.length());
    }
    return index < charOfCodePoint.length ? charOfCodePoint[index] : text.length();
  }

  /** Where a place of {@link #where} is in the text. */
  int offset(int line, int column) {
    int start = lineStarts[Math.min(Math.max(line, 1), lineStarts.length) - 1];
    int wanted = codePoint(start) + Math.max(column, 1) - 1;
    if (charOfCodePoint.length == 0) {
      return Math.min(wanted, text.length());
    }
    return wanted < charOfCodePoint.length ? charOfCodePoint[wanted] : text.length();
  }

  Where where(int offset) {
    int line = lineOf(offset);
    int column = codePoint(offset) - codePoint(lineStarts[line]) + 1;
    return new Where(file, line + 1, column, () -> excerpt(lineStarts[line], offset));
  }

  /** Not counted anew each time: a file can be one line of megabytes with a value in each place. */
  private int codePoint(int offset) {
    if (charOfCodePoint.length == 0) {
      return offset;
    }
    int found = Arrays.binarySearch(charOfCodePoint, offset);
    return found >= 0 ? found : -found - 2;
  }

  Where file() {
    return Where.file(file);
  }

  private int lineOf(int offset) {
    int found = Arrays.binarySearch(lineStarts, offset);
    return found >= 0 ? found : -found - 2;
  }

  private String excerpt(int lineStart, int offset) {
    int lineEnd = offset;
    int farthest = Math.min(text.length(), offset + EXCERPT_WIDTH + 1);
    while (lineEnd < farthest && "\r\n".indexOf(text.charAt(lineEnd)) < 0) {
      lineEnd++;
    }
    int from = Math.max(lineStart, offset - EXCERPT_WIDTH / 2);
    int to = Math.min(lineEnd, from + EXCERPT_WIDTH);
    String before = visible(text.substring(from, Math.min(offset, to)));
    String after = visible(text.substring(Math.min(offset, to), to));
    String cut = from > lineStart ? "..." : "";
    // Tabs stay tabs below the line too, so that the caret stands right in every terminal.
    String indent = (cut + before).replaceAll("[^\t]", " ");
    return cut + before + after + (to < lineEnd ? "..." : "") + "\n" + indent + "^";
  }

  private static String visible(String part) {
    StringBuilder visible = new StringBuilder(part.length());
    part.codePoints()
        .map(c -> c != '\t' && (Character.isISOControl(c) || isSurrogate(c)) ? '?' : c)
        .forEach(visible::appendCodePoint);
    return visible.toString();
  }

  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  private static int[] lineStarts(String text) {
    int[] starts = new int[16];
    int count = 1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean last = i + 1 == text.length();
      if (c == '\n' || (c == '\r' && (last || text.charAt(i + 1) != '\n'))) {
        if (count == starts.length) {
          starts = Arrays.copyOf(starts, count * 2);
        }
        starts[count++] = i + 1;
      }
    }
    return Arrays.copyOf(starts, count);
  }

  /** Empty when every code point is one char. */
  private static int[] charOfCodePoint(String text) {
    int codePoints = text.codePointCount(0, text.length());
    if (codePoints == text.length()) {
      return new int[0];
    }
    int[] offsets = new int[codePoints + 1];
    int offset = 0;
    for (int i = 0; i < codePoints; i++) {
      offsets[i] = offset;
      offset += Character.charCount(text.codePointAt(offset));
    }
    offsets[codePoints] = offset;
    return offsets;
  }
}
