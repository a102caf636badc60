package dev.muster.lint;

import dev.muster.problem.Where;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Findings that somebody has looked at, by a comment on their line or in the lines right above it:
 * {@code # lint-ignore RULE: REASON}.
 */
final class Exceptions {
  private static final Pattern FORM =
      Pattern.compile("#\\s*lint-ignore\\s+([a-z-]+)\\s*:?\\s*(.*)$");

  private final String file;
  private final List<String> lines;
  private final Set<Integer> used = new HashSet<>();

  Exceptions(String file, String text) {
    this.file = file;
    this.lines = text.lines().toList();
  }

  /** What is left of the findings, and what is wrong with the exceptions themselves. */
  List<Finding> without(List<Finding> findings) {
    List<Finding> left = new ArrayList<>();
    for (Finding finding : findings) {
      if (!excepted(finding)) {
        left.add(finding);
      }
    }
    for (int i = 0; i < lines.size(); i++) {
      Matcher matcher = FORM.matcher(lines.get(i));
      if (matcher.find()) {
        fault(matcher, used.contains(i)).map(found(i, matcher.start())).ifPresent(left::add);
      }
    }
    return left;
  }

  private java.util.function.Function<String, Finding> found(int line, int column) {
    return message ->
        new Finding(
            Rule.USELESS_EXCEPTION,
            new Where(file, line + 1, column + 1, lines.get(line)),
            message,
            "write `# lint-ignore RULE: REASON` on the line of the finding or right above it, or take it out");
  }

  private static Optional<String> fault(Matcher matcher, boolean used) {
    boolean known = Arrays.stream(Rule.values()).anyMatch(r -> r.id().equals(matcher.group(1)));
    if (!known) {
      return Optional.of("there is no rule " + matcher.group(1));
    }
    if (matcher.group(2).isBlank()) {
      return Optional.of("this exception has no reason");
    }
    return used ? Optional.empty() : Optional.of("there is nothing here to be ignored");
  }

  private boolean excepted(Finding finding) {
    int line = finding.where().line() - 1;
    for (int i = line; i >= 0 && i < lines.size(); i--) {
      String text = lines.get(i);
      if (i < line && !text.stripLeading().startsWith("#")) {
        return false;
      }
      Matcher matcher = FORM.matcher(text);
      if (matcher.find() && matcher.group(1).equals(finding.rule().id())) {
        used.add(i);
        return !matcher.group(2).isBlank();
      }
    }
    return false;
  }
}
