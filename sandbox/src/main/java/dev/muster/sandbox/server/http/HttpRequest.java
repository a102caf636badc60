package dev.muster.sandbox.server.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One request, read completely: header names are lower case, path segments and query values are
 * decoded.
 */
public record HttpRequest(
    String method,
    String target,
    List<String> segments,
    Map<String, List<String>> query,
    Map<String, String> headers,
    byte[] body) {

  static HttpRequest of(String method, String target, Map<String, String> headers, byte[] body) {
    int question = target.indexOf('?');
    String path = question < 0 ? target : target.substring(0, question);
    List<String> segments = new ArrayList<>();
    for (String part : path.split("/", -1)) {
      if (!part.isEmpty()) {
        // A plus is a plus in a path; only queries use it for a space.
        segments.add(URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8));
      }
    }
    Map<String, List<String>> query = new LinkedHashMap<>();
    if (question >= 0) {
      for (String pair : target.substring(question + 1).split("&", -1)) {
        if (!pair.isEmpty()) {
          int equals = pair.indexOf('=');
          String name = equals < 0 ? pair : pair.substring(0, equals);
          String value = equals < 0 ? "" : pair.substring(equals + 1);
          query
              .computeIfAbsent(
                  URLDecoder.decode(name, StandardCharsets.UTF_8), n -> new ArrayList<>())
              .add(URLDecoder.decode(value, StandardCharsets.UTF_8));
        }
      }
    }
    return new HttpRequest(method, target, List.copyOf(segments), query, headers, body);
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  /** The first value of a query parameter; a parameter without a value is the empty string. */
  public Optional<String> parameter(String name) {
    return Optional.ofNullable(query.get(name)).map(values -> values.get(0));
  }

  /** True for {@code name=true}, {@code name=1} and a bare {@code name}. */
  public boolean flag(String name) {
    return parameter(name).map(v -> v.equals("true") || v.equals("1") || v.isEmpty()).orElse(false);
  }

  /** The path without the query, as sent. */
  public String path() {
    int question = target.indexOf('?');
    return question < 0 ? target : target.substring(0, question);
  }
}
