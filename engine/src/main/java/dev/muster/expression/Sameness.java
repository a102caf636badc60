package dev.muster.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.muster.digest.Sha256;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether two values mean the same, however they are written. */
final class Sameness {
  private static final Pattern DURATION =
      Pattern.compile("[+-]?(?:(?:\\d+\\.?\\d*|\\.\\d+)(?:ns|us|µs|μs|ms|s|m|h))+");
  private static final Pattern DURATION_PART =
      Pattern.compile("(\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h)");
  private static final Map<String, BigDecimal> UNITS =
      Map.of(
          "ns", new BigDecimal("0.000000001"),
          "us", new BigDecimal("0.000001"),
          "µs", new BigDecimal("0.000001"),
          "μs", new BigDecimal("0.000001"),
          "ms", new BigDecimal("0.001"),
          "s", BigDecimal.ONE,
          "m", BigDecimal.valueOf(60),
          "h", BigDecimal.valueOf(3600));

  private Sameness() {}

  static boolean same(JsonNode a, JsonNode b) {
    if (a.isObject() && b.isObject()) {
      return a.size() == b.size()
          && a.properties().stream()
              .allMatch(
                  entry -> b.has(entry.getKey()) && same(entry.getValue(), b.path(entry.getKey())));
    }
    if (a.isArray() && b.isArray()) {
      boolean same = a.size() == b.size();
      for (int i = 0; same && i < a.size(); i++) {
        same = same(a.get(i), b.get(i));
      }
      return same;
    }
    return a.equals(b) || sameNumber(a, b) || sameBoolean(a, b) || sameDuration(a, b);
  }

  private static boolean sameNumber(JsonNode a, JsonNode b) {
    return isFinite(a) && isFinite(b) && a.decimalValue().compareTo(b.decimalValue()) == 0;
  }

  private static boolean isFinite(JsonNode value) {
    return value.isNumber() && Double.isFinite(value.doubleValue());
  }

  private static boolean sameBoolean(JsonNode a, JsonNode b) {
    if (!a.isBoolean() && !b.isBoolean()) {
      return false;
    }
    return a.asText().equalsIgnoreCase(b.asText())
        && (a.isBoolean() || a.isTextual())
        && (b.isBoolean() || b.isTextual());
  }

  /** A bare number is a duration only as 0, where the unit does not matter. */
  private static boolean sameDuration(JsonNode a, JsonNode b) {
    Optional<BigDecimal> left = duration(a);
    Optional<BigDecimal> right = duration(b);
    return left.isPresent() && right.isPresent() && left.get().compareTo(right.get()) == 0;
  }

  private static Optional<BigDecimal> duration(JsonNode value) {
    if (value.isTextual()) {
      return duration(value.textValue());
    }
    boolean zero = value.isNumber() && value.doubleValue() == 0;
    return zero ? Optional.of(BigDecimal.ZERO) : Optional.empty();
  }

  private static Optional<BigDecimal> duration(String text) {
    if (text.equals("0")) {
      return Optional.of(BigDecimal.ZERO);
    }
    if (text.length() > 64 || !DURATION.matcher(text).matches()) {
      return Optional.empty();
    }
    BigDecimal sum = BigDecimal.ZERO;
    Matcher part = DURATION_PART.matcher(text);
    while (part.find()) {
      sum = sum.add(new BigDecimal(part.group(1)).multiply(unit(part.group(2))));
    }
    return Optional.of(text.startsWith("-") ? sum.negate() : sum);
  }

  private static BigDecimal unit(String name) {
    return UNITS.getOrDefault(name, BigDecimal.ONE);
  }

  /** The seconds of a number or of a duration as Go writes it. */
  static OptionalDouble seconds(JsonNode value) {
    if (value.isNumber()) {
      return OptionalDouble.of(value.doubleValue());
    }
    return duration(value)
        .map(seconds -> OptionalDouble.of(seconds.doubleValue()))
        .orElse(OptionalDouble.empty());
  }

  /** As Go writes a duration: {@code 1h30m0s}, {@code 1.5s}, {@code 0s}. */
  static String goDuration(Duration duration) {
    BigDecimal all =
        BigDecimal.valueOf(duration.getSeconds()).add(BigDecimal.valueOf(duration.getNano(), 9));
    StringBuilder text = new StringBuilder(all.signum() < 0 ? "-" : "");
    BigDecimal rest = all.abs();
    long minutes = rest.longValue() / 60;
    if (minutes >= 60) {
      text.append(minutes / 60).append('h');
    }
    if (minutes > 0) {
      text.append(minutes % 60).append('m');
    }
    BigDecimal seconds = rest.subtract(BigDecimal.valueOf(minutes * 60));
    String digits = seconds.signum() == 0 ? "0" : seconds.stripTrailingZeros().toPlainString();
    return text.append(digits).append('s').toString();
  }

  /** The first 16 hexadecimal digits of SHA-256 over the value with sorted keys. */
  static String fingerprint(JsonNode value) {
    StringBuilder canonical = new StringBuilder();
    canonical(value, canonical);
    return Sha256.hex(canonical.toString(), 16);
  }

  private static void canonical(JsonNode value, StringBuilder text) {
    if (value.isObject()) {
      Map<String, JsonNode> sorted = new TreeMap<>();
      value.properties().forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
      String comma = "{";
      for (Map.Entry<String, JsonNode> entry : sorted.entrySet()) {
        text.append(comma).append(new TextNode(entry.getKey()));
        canonical(entry.getValue(), text.append(':'));
        comma = ",";
      }
      text.append(sorted.isEmpty() ? "{}" : "}");
    } else if (value.isArray()) {
      text.append('[');
      value.forEach(
          item -> canonical(item, text.append(text.charAt(text.length() - 1) == '[' ? "" : ",")));
      text.append(']');
    } else if (isFinite(value)) {
      BigDecimal number = value.decimalValue();
      text.append(number.signum() == 0 ? "0" : number.stripTrailingZeros().toString());
    } else {
      text.append(value);
    }
  }
}
