package dev.muster.report;

import dev.muster.changes.Traced;
import java.util.List;

/** The parts of a step with their values as a tree, within 80 columns. */
public final class TraceText {
  private static final int WIDTH = 80;
  private static final int LONGEST = 200;

  private final Clean clean;
  private final Style style;
  private final StringBuilder out = new StringBuilder();

  public TraceText(Clean clean, Style style) {
    this.clean = clean;
    this.style = style;
  }

  public String render(List<Traced> parts) {
    parts.forEach(part -> add(part, "  "));
    return out.toString();
  }

  private void add(Traced part, String indent) {
    if (part.expression().isEmpty()) {
      out.append(indent).append(style.bold(clean.line(part.label()))).append('\n');
    } else {
      String label = part.label().isEmpty() ? "" : part.label() + ": ";
      String expression = label + part.expression();
      String value = clean.line(part.value());
      value = value.length() > LONGEST ? value.substring(0, LONGEST - 3) + "..." : value;
      if ((indent + expression + " = " + value).length() <= WIDTH) {
        lines(expression + " = " + value, indent, indent + "    ");
      } else {
        lines(expression, indent, indent + "    ");
        lines("= " + value, indent + "  ", indent + "    ");
      }
    }
    part.below().forEach(each -> add(each, indent + "    "));
  }

  private void lines(String text, String first, String indent) {
    String rest = first + clean.line(text);
    while (rest.length() > WIDTH) {
      int cut = rest.lastIndexOf(' ', WIDTH);
      if (cut <= indent.length()) {
        cut = WIDTH;
      }
      out.append(rest.substring(0, cut).stripTrailing()).append('\n');
      rest = indent + rest.substring(cut).stripLeading();
    }
    out.append(rest.stripTrailing()).append('\n');
  }
}
