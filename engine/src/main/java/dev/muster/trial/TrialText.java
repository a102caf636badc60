package dev.muster.trial;

import dev.muster.report.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Results for people, within 80 columns. */
public final class TrialText {
  private static final int WIDTH = 80;
  private static final int MOST_LINES = 24;
  private static final int MOST_MISSING = 12;
  private static final double MILLION = 1e6;

  private final Style style;

  public TrialText(Style style) {
    this.style = style;
  }

  /** One line for a case that passed, and each difference of one that did not. */
  public String text(CaseResult result) {
    StringBuilder out = new StringBuilder();
    String name = result.file().name();
    if (result.passed()) {
      return style.green("ok    ") + name + took(result) + "\n";
    }
    int count = result.mismatches().size();
    out.append(style.red("FAIL  ")).append(name).append(took(result)).append('\n');
    out.append("      ").append(about(result)).append('\n');
    out.append("      ")
        .append(count == 1 ? "1 difference" : count + " differences")
        .append("; - is expected, + was found\n");
    for (CaseResult.Ran ran : result.stages()) {
      String stage = ran.stage().name();
      for (Mismatch mismatch : ran.mismatches()) {
        out.append('\n').append("  ").append(style.bold(mismatch.where().toString())).append('\n');
        List<String> path = new ArrayList<>();
        if (!stage.isEmpty()) {
          path.add("stage " + stage);
        }
        path.addAll(mismatch.path());
        out.append(wrapped(path, "    "));
        lines(mismatch.expected())
            .forEach(line -> out.append(style.red("    - " + line)).append('\n'));
        lines(mismatch.found())
            .forEach(line -> out.append(style.green("    + " + line)).append('\n'));
      }
    }
    return out.toString();
  }

  private static String about(CaseResult result) {
    return String.join(
        "\n      ",
        folded(
            result.file().document().child("about").map(n -> n.json().asText()).orElse(""),
            WIDTH - 6));
  }

  private static String took(CaseResult result) {
    return String.format(Locale.ROOT, " (%.0f ms)", Math.max(1, result.nanos() / MILLION));
  }

  private static String wrapped(List<String> path, String indent) {
    StringBuilder out = new StringBuilder();
    String line = indent;
    for (int i = 0; i < path.size(); i++) {
      String part = path.get(i) + (i + 1 < path.size() ? " > " : "");
      if (line.length() + part.stripTrailing().length() > WIDTH && !line.isBlank()) {
        out.append(line.stripTrailing()).append('\n');
        line = indent + "  ";
      }
      line += part;
    }
    for (String piece : folded(line.stripTrailing(), WIDTH)) {
      out.append(piece).append('\n');
    }
    return out.toString();
  }

  /** Long ones are cut in the middle: both what begins and what ends otherwise can be seen. */
  private static List<String> lines(Optional<String> value) {
    List<String> all = new ArrayList<>();
    value.ifPresent(text -> text.lines().forEach(line -> all.addAll(folded(line, WIDTH - 6))));
    if (all.size() <= MOST_LINES) {
      return all;
    }
    List<String> cut = new ArrayList<>(all.subList(0, MOST_LINES / 2));
    cut.add("... " + (all.size() - MOST_LINES) + " more lines ...");
    cut.addAll(all.subList(all.size() - MOST_LINES / 2, all.size()));
    return cut;
  }

  /** At spaces where there are some. */
  static List<String> folded(String text, int width) {
    List<String> lines = new ArrayList<>();
    String rest = text;
    while (rest.length() > width) {
      int space = rest.lastIndexOf(' ', width);
      int indent = rest.length() - rest.stripLeading().length();
      int cut = space > indent ? space : width;
      lines.add(rest.substring(0, cut).stripTrailing());
      rest = " ".repeat(indent) + rest.substring(cut).stripLeading();
    }
    lines.add(rest);
    return lines;
  }

  /**
   * How many there were, and what none of them came by.
   *
   * @param all whether everything is listed, however much it is
   */
  public String summary(List<CaseResult> results, Coverage coverage, boolean all) {
    long failed = results.stream().filter(result -> !result.passed()).count();
    long nanos = results.stream().mapToLong(CaseResult::nanos).sum();
    StringBuilder out = new StringBuilder();
    out.append(results.size() == 1 ? "1 case" : results.size() + " cases")
        .append(", ")
        .append(failed == 0 ? style.green("all pass") : style.red(failed + " failed"))
        .append(String.format(Locale.ROOT, ", %.1f s%n", nanos / MILLION / 1000));
    List<String> counts = new ArrayList<>();
    coverage
        .counts()
        .forEach((kind, count) -> counts.add(count[0] + " of " + count[1] + " " + kind + "s"));
    out.append("reached: ").append(String.join(", ", counts)).append('\n');
    List<Coverage.Part> missing = coverage.missing();
    if (!missing.isEmpty()) {
      out.append("no case reaches:\n");
    }
    int shown = all ? missing.size() : Math.min(MOST_MISSING, missing.size());
    for (Coverage.Part part : missing.subList(0, shown)) {
      String line = String.format(Locale.ROOT, "  %-8s %s", part.kind(), part.text());
      List<String> folded = folded(line, WIDTH);
      out.append(folded.get(0)).append('\n');
      folded.stream().skip(1).forEach(more -> out.append(" ".repeat(9)).append(more).append('\n'));
    }
    if (shown < missing.size()) {
      out.append("  and ").append(missing.size() - shown).append(" more: --coverage lists all\n");
    }
    return out.toString();
  }
}
