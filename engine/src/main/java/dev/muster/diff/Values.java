package dev.muster.diff;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.fge.jackson.JsonNumEquals;
import dev.muster.resource.FieldPath;
import java.math.BigDecimal;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** When two values are one and the same to Kubernetes. */
final class Values {
  private static final Pattern QUANTITY =
      Pattern.compile(
          "([+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+))(?:[eE]([+-]?[0-9]{1,3})|([KMGTPE]i|[numkMGTPE]))?");
  private static final Map<String, BigDecimal> SUFFIXES =
      Map.ofEntries(
          Map.entry("n", new BigDecimal("1e-9")),
          Map.entry("u", new BigDecimal("1e-6")),
          Map.entry("m", new BigDecimal("1e-3")),
          Map.entry("k", new BigDecimal("1e3")),
          Map.entry("M", new BigDecimal("1e6")),
          Map.entry("G", new BigDecimal("1e9")),
          Map.entry("T", new BigDecimal("1e12")),
          Map.entry("P", new BigDecimal("1e15")),
          Map.entry("E", new BigDecimal("1e18")),
          Map.entry("Ki", BigDecimal.valueOf(1L << 10)),
          Map.entry("Mi", BigDecimal.valueOf(1L << 20)),
          Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
          Map.entry("Ti", BigDecimal.valueOf(1L << 40)),
          Map.entry("Pi", BigDecimal.valueOf(1L << 50)),
          Map.entry("Ei", BigDecimal.valueOf(1L << 60)));

  private Values() {}

  /** Equality in which 1 and 1.0 are one number. */
  static boolean equal(JsonNode a, JsonNode b) {
    if (a.isMissingNode() || b.isMissingNode()) {
      return a.isMissingNode() && b.isMissingNode();
    }
    return JsonNumEquals.getInstance().equivalent(a, b);
  }

  /** Equality that also takes {@code 0.1} and {@code 100m} of a resource for the same. */
  static boolean same(FieldPath path, JsonNode a, JsonNode b) {
    if (a.isObject() && b.isObject()) {
      return a.size() == b.size()
          && a.properties().stream()
              .allMatch(
                  field ->
                      b.has(field.getKey())
                          && same(
                              path.child(field.getKey()), field.getValue(), b.get(field.getKey())));
    }
    if (a.isArray() && b.isArray()) {
      boolean same = a.size() == b.size();
      Iterator<JsonNode> other = b.iterator();
      for (int i = 0; same && i < a.size(); i++) {
        same = same(path.child("[" + i + "]"), a.get(i), other.next());
      }
      return same;
    }
    if (equal(a, b)) {
      return true;
    }
    if (!isQuantity(path)) {
      return false;
    }
    Optional<BigDecimal> left = quantity(a);
    Optional<BigDecimal> right = quantity(b);
    return left.isPresent() && right.isPresent() && left.get().compareTo(right.get()) == 0;
  }

  private static boolean isQuantity(FieldPath path) {
    int size = path.segments().size();
    if (size < 3 || !path.segments().get(size - 3).equals("resources")) {
      return false;
    }
    String group = path.segments().get(size - 2);
    return group.equals("limits") || group.equals("requests");
  }

  private static Optional<BigDecimal> quantity(JsonNode value) {
    if (!value.isTextual() && !value.isNumber()) {
      return Optional.empty();
    }
    Matcher matcher = QUANTITY.matcher(value.asText());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    BigDecimal number = new BigDecimal(matcher.group(1));
    if (matcher.group(2) != null) {
      return Optional.of(number.scaleByPowerOfTen(Integer.parseInt(matcher.group(2))));
    }
    BigDecimal factor = matcher.group(3) == null ? BigDecimal.ONE : SUFFIXES.get(matcher.group(3));
    return Optional.of(factor == null ? number : number.multiply(factor));
  }
}
