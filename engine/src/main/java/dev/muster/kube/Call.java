package dev.muster.kube;

import dev.muster.live.Permit;
import java.nio.charset.StandardCharsets;

/**
 * One request to an API server.
 *
 * @param target path and query, encoded
 * @param contentType empty when there is no body
 * @param permit asked before each try
 */
record Call(String method, String target, String contentType, String body, Permit permit) {
  private static final String PLAIN = "-._~:@!$&'()*+,;=/";

  static Call get(String path) {
    return new Call("GET", encode(path, PLAIN), "", "", Permit.always());
  }

  static Call write(String method, String path, String contentType, String body) {
    return new Call(method, encode(path, PLAIN), contentType, body, Permit.always());
  }

  Call with(String parameter, String value) {
    String joint = target.contains("?") ? "&" : "?";
    return new Call(
        method,
        target + joint + parameter + "=" + encode(value, "-._~"),
        contentType,
        body,
        permit);
  }

  /** The same call, which is sent with this permission only. */
  Call under(Permit newPermit) {
    return new Call(method, target, contentType, body, newPermit);
  }

  /** Whether sending it twice does no more than sending it once. */
  boolean reads() {
    return method.equals("GET");
  }

  private static String encode(String text, String plain) {
    StringBuilder encoded = new StringBuilder();
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (octet & 0xff);
      if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9') {
        encoded.append(c);
      } else if (plain.indexOf(c) >= 0) {
        encoded.append(c);
      } else {
        encoded.append(String.format("%%%02X", (int) c));
      }
    }
    return encoded.toString();
  }

  /** Names the request without its body, which may hold secrets. */
  @Override
  public String toString() {
    return method + " " + target;
  }
}
