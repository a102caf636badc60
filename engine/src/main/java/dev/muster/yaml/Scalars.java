package dev.muster.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.muster.bound.Bounds;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * What a plain scalar means to the readers that matter: YAML 1.2 (core schema), YAML 1.1, and Go's
 * yaml.v2, which Kubernetes uses and which is neither.
 */
final class Scalars {
  private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
  private static final Set<String> TRUE = Set.of("true", "True", "TRUE");
  private static final Set<String> FALSE = Set.of("false", "False", "FALSE");
  private static final Set<String> TRUE_1_1 = Set.of("yes", "Yes", "YES", "on", "On", "ON");
  private static final Set<String> FALSE_1_1 = Set.of("no", "No", "NO", "off", "Off", "OFF");
  private static final Pattern DECIMAL = Pattern.compile("[-+]?[0-9]+");
  private static final Pattern CORE_RADIX = Pattern.compile("0o[0-7]+|0x[0-9a-fA-F]+");
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  private static final Pattern NO_NUMBER =
      Pattern.compile("[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");
  private static final Pattern GO_INT =
      Pattern.compile("[-+]?(0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|0|[1-9][0-9]*)");
  private static final Resolver YAML_1_1 = new Resolver();
  private static final Comparator<JsonNode> NUMBERS_BY_VALUE =
      (a, b) -> {
        if (a.isNumber() && b.isNumber()) {
          return a.decimalValue().compareTo(b.decimalValue());
        }
        return a.equals(b) ? 0 : 1;
      };

  private Scalars() {}

  /** The value by YAML 1.2's core schema; missing for infinity and not-a-number. */
  static JsonNode core(String text) {
    Optional<JsonNode> simple = nullOrBoolean(text);
    if (simple.isPresent()) {
      return simple.get();
    }
    if (text.length() > Bounds.DIGITS) {
      return numberTooLong(text);
    }
    if (DECIMAL.matcher(text).matches()) {
      return integer(new BigInteger(text.startsWith("+") ? text.substring(1) : text));
    }
    if (CORE_RADIX.matcher(text).matches()) {
      return integer(new BigInteger(text.substring(2), text.charAt(1) == 'x' ? 16 : 8));
    }
    return floatOrText(text);
  }

  /** The value as Go's yaml.v2 gives it to Kubernetes; dates stay text there. */
  static JsonNode go(String text) {
    Optional<JsonNode> simple = nullOrBoolean(text);
    if (simple.isPresent()) {
      return simple.get();
    }
    if (TRUE_1_1.contains(text) || text.equals("y") || text.equals("Y")) {
      return BooleanNode.TRUE;
    }
    if (FALSE_1_1.contains(text) || text.equals("n") || text.equals("N")) {
      return BooleanNode.FALSE;
    }
    if (text.isEmpty() || "+-.0123456789".indexOf(text.charAt(0)) < 0) {
      return TextNode.valueOf(text);
    }
    if (text.length() > Bounds.DIGITS) {
      return TextNode.valueOf(text);
    }
    String digits = text.charAt(0) == '.' ? text : text.replace("_", "");
    if (GO_INT.matcher(digits).matches()) {
      return integer(radixInteger(digits));
    }
    JsonNode value = floatOrText(digits);
    return value.isTextual() ? TextNode.valueOf(text) : value;
  }

  /** The value by YAML 1.1; missing for what JSON has no word for, such as dates. */
  static JsonNode yaml11(String text) {
    if (text.length() > Bounds.DIGITS) {
      return numberTooLong(text);
    }
    Tag tag = YAML_1_1.resolve(NodeId.scalar, text, true);
    if (tag.equals(Tag.NULL)) {
      return NullNode.getInstance();
    }
    if (tag.equals(Tag.BOOL)) {
      String lower = text.toLowerCase(java.util.Locale.ROOT);
      return BooleanNode.valueOf(lower.equals("true") || lower.equals("yes") || lower.equals("on"));
    }
    if (tag.equals(Tag.INT)) {
      String digits = text.replace("_", "");
      // An underscore alone in a radix number, and base 60, have no reading that others share.
      return digits.contains(":") || !GO_INT.matcher(digits).matches()
          ? MissingNode.getInstance()
          : integer(radixInteger(digits));
    }
    if (tag.equals(Tag.FLOAT)) {
      JsonNode value = floatOrText(text.replace("_", ""));
      return value.isTextual() ? MissingNode.getInstance() : value;
    }
    return tag.equals(Tag.STR) ? TextNode.valueOf(text) : MissingNode.getInstance();
  }

  /** Whether every reader takes the plain scalar for exactly this value. */
  static boolean readsEverywhereAs(String plain, JsonNode value) {
    return same(core(plain), value) && same(go(plain), value) && same(yaml11(plain), value);
  }

  /** Equality in which 1, 1L and 1.0 are one number. */
  static boolean same(JsonNode a, JsonNode b) {
    return a.equals(NUMBERS_BY_VALUE, b);
  }

  private static Optional<JsonNode> nullOrBoolean(String text) {
    if (NULLS.contains(text)) {
      return Optional.of(NullNode.getInstance());
    }
    if (TRUE.contains(text)) {
      return Optional.of(BooleanNode.TRUE);
    }
    return FALSE.contains(text) ? Optional.of(BooleanNode.FALSE) : Optional.empty();
  }

  private static JsonNode floatOrText(String text) {
    if (NO_NUMBER.matcher(text).matches()) {
      return MissingNode.getInstance();
    }
    if (!FLOAT.matcher(text).matches()) {
      return TextNode.valueOf(text);
    }
    double value = Double.parseDouble(text);
    return Double.isInfinite(value) ? MissingNode.getInstance() : DoubleNode.valueOf(value);
  }

  /** Missing for what looks like a number, so that it is told; making one takes its square. */
  private static JsonNode numberTooLong(String text) {
    boolean number = text.chars().allMatch(c -> "+-.0123456789abcdefABCDEFxXoO_:".indexOf(c) >= 0);
    return number ? MissingNode.getInstance() : TextNode.valueOf(text);
  }

  private static BigInteger radixInteger(String text) {
    boolean negative = text.startsWith("-");
    String digits = negative || text.startsWith("+") ? text.substring(1) : text;
    BigInteger value = unsigned(digits.toLowerCase(java.util.Locale.ROOT));
    return negative ? value.negate() : value;
  }

  private static BigInteger unsigned(String digits) {
    if (digits.startsWith("0x")) {
      return new BigInteger(digits.substring(2), 16);
    }
    if (digits.startsWith("0b")) {
      return new BigInteger(digits.substring(2), 2);
    }
    if (digits.startsWith("0o")) {
      return new BigInteger(digits.substring(2), 8);
    }
    return digits.startsWith("0") ? new BigInteger(digits, 8) : new BigInteger(digits);
  }

  private static JsonNode integer(BigInteger value) {
    if (value.bitLength() < 32) {
      return IntNode.valueOf(value.intValue());
    }
    return value.bitLength() < 64
        ? LongNode.valueOf(value.longValue())
        : BigIntegerNode.valueOf(value);
  }
}
