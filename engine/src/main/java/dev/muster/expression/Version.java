package dev.muster.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version as releases are named: {@code v3.4.1-rc.1+build}.
 *
 * @param numbers the numbers between the dots, at least one
 * @param preRelease the identifiers after the dash; empty for a release
 */
record Version(List<Long> numbers, List<String> preRelease) implements Comparable<Version> {
  private static final Pattern FORM =
      Pattern.compile("[vV]?(\\d{1,18}(?:\\.\\d{1,18}){0,5})(?:-([0-9A-Za-z.-]+))?(?:\\+.*)?");

  /**
   * Reads a version.
   *
   * @throws FunctionFailure when the text is none
   */
  static Version of(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new FunctionFailure(
          Functions.quoted(text) + " is not a version such as \"v3.4.1\" or \"3.3\"");
    }
    List<Long> numbers = new ArrayList<>();
    for (String number : matcher.group(1).split("\\.", -1)) {
      numbers.add(Long.valueOf(number));
    }
    String suffix = matcher.group(2);
    return new Version(numbers, suffix == null ? List.of() : List.of(suffix.split("\\.", -1)));
  }

  @Override
  public int compareTo(Version other) {
    for (int i = 0; i < Math.max(numbers.size(), other.numbers.size()); i++) {
      int order = Long.compare(number(i), other.number(i));
      if (order != 0) {
        return order;
      }
    }
    if (preRelease.isEmpty() || other.preRelease.isEmpty()) {
      return Boolean.compare(preRelease.isEmpty(), other.preRelease.isEmpty());
    }
    for (int i = 0; i < Math.min(preRelease.size(), other.preRelease.size()); i++) {
      int order = compare(preRelease.get(i), other.preRelease.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(preRelease.size(), other.preRelease.size());
  }

  private long number(int index) {
    return index < numbers.size() ? numbers.get(index) : 0;
  }

  /** Numbers by value and before words, as semantic versioning has it. */
  private static int compare(String a, String b) {
    boolean numericA = a.matches("\\d{1,18}");
    boolean numericB = b.matches("\\d{1,18}");
    if (numericA && numericB) {
      return Long.compare(Long.parseLong(a), Long.parseLong(b));
    }
    return numericA == numericB ? a.compareTo(b) : Boolean.compare(numericB, numericA);
  }
}
