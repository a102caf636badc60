package dev.muster.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.bound.LinearPattern;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * What expressions can call besides CEL's own functions. Each is pure; an object may be null or
 * incomplete, as objects of a cluster are. Each comment gives the type and an example.
 */
final class Functions {
  private Functions() {}

  /**
   * {@code omit() -> value}: leaves the field out; only as the whole value. Example: {@code
   * member.?region.orValue(omit())}
   */
  static Outcome omit() {
    return new Outcome.Omitted();
  }

  /**
   * {@code generated(string, int) -> value}: a secret made when the object is created, of an
   * alphabet ({@code hex} or {@code alphanumeric}) and a length; only as the whole value. Example:
   * {@code generated('hex', 64)}
   */
  static Outcome generated(String alphabet, long length) {
    return new Outcome.Generated(alphabet, Math.toIntExact(length));
  }

  /**
   * {@code issued(object) -> value}: a token of the plan's {@code tokens}, issued by its cluster
   * when the object is written; only as the whole value. Example: {@code
   * issued(member.readerToken)}
   */
  static Outcome issued(JsonNode token) {
    return new Outcome.Issued(token);
  }

  /**
   * {@code condition(object, string) -> bool}: whether the object's status has a condition of this
   * type with status "True". Example: {@code condition(host.cluster, 'Ready')}
   */
  static boolean condition(JsonNode object, String type) {
    return conditionStatus(object, type).equals("True");
  }

  /**
   * {@code conditionStatus(object, string) -> string}: the condition's status, "" when the object
   * has no such condition. Example: {@code conditionStatus(host.cluster, 'Ready') == 'Unknown'}
   */
  static String conditionStatus(JsonNode object, String type) {
    return conditionField(object, type, "status");
  }

  /**
   * {@code conditionReason(object, string) -> string}: the condition's reason, "" when there is
   * none. Example: {@code conditionReason(host.cluster, 'Ready')}
   */
  static String conditionReason(JsonNode object, String type) {
    return conditionField(object, type, "reason");
  }

  /**
   * {@code conditionMessage(object, string) -> string}: the condition's message, "" when there is
   * none. Example: {@code conditionMessage(host.cluster, 'Ready')}
   */
  static String conditionMessage(JsonNode object, String type) {
    return conditionField(object, type, "message");
  }

  private static String conditionField(JsonNode object, String type, String field) {
    for (JsonNode condition : object.path("status").path("conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition.path(field).asText("");
      }
    }
    return "";
  }

  /**
   * {@code rolledOut(workload) -> bool}: whether a Deployment, StatefulSet or DaemonSet runs its
   * current template, and only that, on all replicas. Example: {@code rolledOut(member.agent)}
   */
  static boolean rolledOut(JsonNode workload) {
    return Rollout.of(workload).done();
  }

  /**
   * {@code rolloutState(workload) -> string}: how far the rollout is, for people. Example: {@code
   * rolloutState(member.agent)} gives "1 of 2 replicas updated"
   */
  static String rolloutState(JsonNode workload) {
    return Rollout.of(workload).text();
  }

  /**
   * {@code hasFinalizer(object, string) -> bool}: whether the object's metadata lists this
   * finalizer. Example: {@code hasFinalizer(host.cluster, 'example.org/cleanup')}
   */
  static boolean hasFinalizer(JsonNode object, String name) {
    for (JsonNode finalizer : object.path("metadata").path("finalizers")) {
      if (finalizer.asText().equals(name)) {
        return true;
      }
    }
    return false;
  }

  /**
   * {@code having(list, string, dyn) -> list}: the elements that have this value at the path, keys
   * with dots between them. It finds them by an index, so it is the one to use for looking up in a
   * long list for each member what {@code filter} would find too. Example: {@code
   * having(host.clusters.items, 'status.uid', member.uid)}
   */
  static ArrayNode having(JsonNode list, String path, JsonNode value) {
    if (!(list instanceof ArrayNode array)) {
      throw new FunctionFailure("having needs a list, this is " + Values.kind(list));
    }
    ArrayNode found = JsonNodeFactory.instance.arrayNode();
    ListIndex.find(array, path, value).forEach(found::add);
    return found;
  }

  /**
   * {@code versionAtLeast(string, string) -> bool}: whether the first version is the second or a
   * later one; missing numbers of the second are 0, build suffixes such as {@code +k3s1} do not
   * count, a pre-release comes before its release. Example: {@code versionAtLeast('v3.4.1', '3.3')}
   */
  static boolean versionAtLeast(String version, String least) {
    return Version.of(version).compareTo(Version.of(least)) >= 0;
  }

  /**
   * {@code versionBelow(string, string) -> bool}: the opposite of {@code versionAtLeast}. Example:
   * {@code versionBelow('v3.3.2', '3.4')}
   */
  static boolean versionBelow(String version, String bound) {
    return !versionAtLeast(version, bound);
  }

  /**
   * {@code sameValue(any, any) -> bool}: equal as people mean it: 1 is 1.0, {@code 168h} is {@code
   * 168h0m0s}, 0 is {@code 0s}, true is {@code "True"}; inside maps and lists too. Example: {@code
   * sameValue(a.period, '604800s')}
   */
  static boolean sameValue(JsonNode a, JsonNode b) {
    return Sameness.same(a, b);
  }

  /**
   * {@code withoutKeys(map, string) -> map}: the entries whose keys contain no match of the regular
   * expression (RE2). Example: {@code withoutKeys(item.metadata.labels, '^example[.]org/')}
   */
  static JsonNode withoutKeys(JsonNode map, String regex) {
    if (!map.isObject() && !map.isNull()) {
      throw new FunctionFailure("withoutKeys needs a map, this is " + Values.kind(map));
    }
    LinearPattern pattern = pattern(regex);
    ObjectNode kept = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      if (!find(pattern, entry.getKey())) {
        kept.set(entry.getKey(), entry.getValue());
      }
    }
    return kept;
  }

  /**
   * {@code seconds(any) -> double}: the seconds of a duration as Go writes it, or of a number.
   * Example: {@code seconds('1h30m') == 5400.0}
   */
  static double seconds(JsonNode duration) {
    return Sameness.seconds(duration)
        .orElseThrow(
            () -> new FunctionFailure(quoted(duration) + " is not a duration such as \"1h30m\""));
  }

  /**
   * {@code fingerprint(any) -> string}: 16 hexadecimal digits that change when the value does; the
   * order of keys does not count. Example: {@code fingerprint(host.config.data)}
   */
  static String fingerprint(JsonNode value) {
    return Sameness.fingerprint(value);
  }

  /**
   * {@code base64Encode(string) -> string}: the text's UTF-8 bytes in base64. Example: {@code
   * base64Encode('admin') == 'YWRtaW4='}
   */
  static String base64Encode(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * {@code base64Decode(string) -> string}: the text that a base64 text holds in UTF-8. Example:
   * {@code base64Decode(host.secret.data.token)}
   */
  static String base64Decode(String text) {
    try {
      return new String(
          Base64.getDecoder().decode(text.replaceAll("\\s", "")), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new FunctionFailure("base64Decode: the text is not base64");
    }
  }

  /**
   * {@code matchesAny(list, string) -> bool}: whether one of the lines (texts, or maps with a
   * {@code text}) contains a match of the regular expression (RE2). Example: {@code
   * matchesAny(lines, 'failed=[1-9]')}
   */
  static boolean matchesAny(JsonNode lines, String regex) {
    return !matches(lines, regex).isEmpty();
  }

  /**
   * {@code lastMatch(list, string) -> string}: the last of the lines that contains a match, "" when
   * there is none. Example: {@code lastMatch(lines, '(?i)error')}
   */
  static String lastMatch(JsonNode lines, String regex) {
    List<String> matches = matches(lines, regex);
    return matches.isEmpty() ? "" : matches.get(matches.size() - 1);
  }

  private static List<String> matches(JsonNode lines, String regex) {
    if (!lines.isArray() && !lines.isNull()) {
      throw new FunctionFailure(
          "matchesAny and lastMatch need a list, this is " + Values.kind(lines));
    }
    LinearPattern pattern = pattern(regex);
    List<String> found = new ArrayList<>();
    for (JsonNode line : lines) {
      String text = line.isObject() ? line.path("text").asText() : line.asText();
      if (find(pattern, text)) {
        found.add(text);
      }
    }
    return found;
  }

  /** As CEL's own: whether a part of the text is a match. */
  static boolean matches(String text, String regex) {
    return find(pattern(regex), text);
  }

  private static LinearPattern pattern(String regex) {
    try {
      return LinearPattern.of(regex);
    } catch (LinearPattern.Unusable e) {
      throw new FunctionFailure("not a regular expression: " + e.getMessage());
    }
  }

  private static boolean find(LinearPattern pattern, String text) {
    Effort.check();
    try {
      return pattern.find(text);
    } catch (LinearPattern.TooLong e) {
      throw new FunctionFailure("costs too much: " + e.getMessage());
    }
  }

  /**
   * {@code after(string, string) -> bool}: whether the first time is later than the second, both as
   * RFC 3339 writes them. Example: {@code after(host.pod.status.startTime, step.start)}
   */
  static boolean after(String time, String reference) {
    return time(time).isAfter(time(reference));
  }

  private static OffsetDateTime time(String text) {
    try {
      return OffsetDateTime.parse(text);
    } catch (DateTimeParseException e) {
      throw new FunctionFailure(quoted(text) + " is not a time such as \"2026-03-01T12:00:00Z\"");
    }
  }

  static String quoted(JsonNode value) {
    return value.isTextual() ? quoted(value.asText()) : Values.kind(value);
  }

  static String quoted(String text) {
    return '"' + (text.length() > 40 ? text.substring(0, 40) + "..." : text) + '"';
  }
}
