package dev.muster.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.muster.yaml.Part.Style;
import java.math.BigDecimal;
import java.util.Optional;

/** How a scalar is written so that every reader, YAML 1.1 or 1.2, gets the very value. */
final class ScalarText {
  private static final String PLAIN_PUNCTUATION = "_./@+=-~%$()*:";
  private static final int MAX_PLAIN_EXPONENT = 20;

  private ScalarText() {}

  /**
   * The scalar on one line, in the given style if that can hold it.
   *
   * @param flow whether it stands between braces or brackets
   */
  static String of(JsonNode scalar, Style wanted, boolean flow) {
    if (!scalar.isTextual()) {
      return unquoted(scalar);
    }
    String text = scalar.textValue();
    boolean singleFits = text.codePoints().allMatch(ScalarText::printsAsIs);
    if (wanted == Style.SINGLE_QUOTED && singleFits) {
      return singleQuoted(text);
    }
    if (wanted != Style.DOUBLE_QUOTED && wanted != Style.SINGLE_QUOTED) {
      Optional<String> plain = plain(text, flow);
      if (plain.isPresent()) {
        return plain.get();
      }
      if (singleFits && (text.indexOf('"') >= 0 || text.indexOf('\\') >= 0)) {
        return singleQuoted(text);
      }
    }
    return doubleQuoted(text);
  }

  /** The lines of a literal block for a text of several lines, header first; empty if it cannot. */
  static Optional<String[]> literal(JsonNode scalar, int step) {
    String text = scalar.isTextual() ? scalar.textValue() : "";
    boolean fits =
        text.indexOf('\n') > 0
            && !text.endsWith("\n\n")
            && !text.startsWith(" ")
            && !text.startsWith("\t")
            && text.lines().noneMatch(line -> !line.isEmpty() && line.isBlank())
            && text.codePoints().allMatch(c -> c == '\n' || c == '\t' || printsAsIs(c));
    if (!fits) {
      return Optional.empty();
    }
    boolean ends = text.endsWith("\n");
    String[] lines = ((ends ? "|" : "|-") + "\n" + text).split("\n", -1);
    int count = ends ? lines.length - 1 : lines.length;
    String[] indented = new String[count];
    indented[0] = lines[0];
    for (int i = 1; i < count; i++) {
      indented[i] = lines[i].isEmpty() ? "" : " ".repeat(step) + lines[i];
    }
    return Optional.of(indented);
  }

  private static String unquoted(JsonNode scalar) {
    if (scalar.isNull() || scalar.isBoolean()) {
      return scalar.asText();
    }
    if (!scalar.isNumber()) {
      throw new IllegalArgumentException("not a JSON scalar: " + scalar.getNodeType());
    }
    return scalar.isIntegralNumber()
        ? scalar.bigIntegerValue().toString()
        : decimal(scalar.decimalValue());
  }

  private static String decimal(BigDecimal value) {
    if (Math.abs(value.scale()) <= MAX_PLAIN_EXPONENT) {
      String plain = value.toPlainString();
      return plain.contains(".") ? plain : plain + ".0";
    }
    // YAML 1.1 wants the point and the sign of the exponent: 1e9 is a text there.
    int exponent = value.precision() - value.scale() - 1;
    String mantissa = value.scaleByPowerOfTen(-exponent).toPlainString();
    return mantissa + (mantissa.contains(".") ? "e" : ".0e") + (exponent < 0 ? "" : "+") + exponent;
  }

  private static Optional<String> plain(String text, boolean flow) {
    if (text.isEmpty() || !Scalars.readsEverywhereAs(text, TextNode.valueOf(text))) {
      return Optional.empty();
    }
    int first = text.codePointAt(0);
    boolean startsWell = Character.isLetterOrDigit(first) || "_./".indexOf(first) >= 0;
    boolean marker = text.equals("...") || text.startsWith("... ");
    boolean endsWell = !text.endsWith(":") && !text.endsWith(" ");
    boolean colonsFit = flow ? text.indexOf(':') < 0 : !text.contains(": ");
    boolean charsFit =
        text.codePoints()
            .allMatch(
                c ->
                    c == ' '
                        || (Character.isLetterOrDigit(c) && printsAsIs(c))
                        || PLAIN_PUNCTUATION.indexOf(c) >= 0);
    return startsWell && endsWell && colonsFit && charsFit && !marker
        ? Optional.of(text)
        : Optional.empty();
  }

  private static String singleQuoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private static String doubleQuoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    int offset = 0;
    while (offset < text.length()) {
      int c = text.codePointAt(offset);
      offset += Character.charCount(c);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\t' -> quoted.append("\\t");
        case '\r' -> quoted.append("\\r");
        default -> {
          if (printsAsIs(c)) {
            quoted.appendCodePoint(c);
          } else {
            // JSON knows no longer escape; what is beyond is harmless as it is.
            quoted.append(c > 0xFFFF ? Character.toString(c) : String.format("\\u%04X", c));
          }
        }
      }
    }
    return quoted.append('"').toString();
  }

  /** Neither a control character, nor a line break, nor invisible to people. */
  private static boolean printsAsIs(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> c != 0xFEFF;
    };
  }
}
