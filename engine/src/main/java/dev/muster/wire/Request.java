package dev.muster.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * One request.
 *
 * @param target path and query, encoded
 * @param headers without Host and Content-Length, which are added
 * @param repeatable whether sending it twice does no more than sending it once
 */
public record Request(
    String method,
    String target,
    List<Map.Entry<String, String>> headers,
    byte[] body,
    boolean repeatable) {
  public Request {
    headers = List.copyOf(headers);
  }

  /**
   * The bytes to send.
   *
   * @throws IOException when a part of it would be read as something else by the server
   */
  byte[] bytes(String host) throws IOException {
    StringBuilder head = new StringBuilder(400);
    head.append(clean(method, false)).append(' ').append(clean(target, false));
    head.append(" HTTP/1.1\r\nHost: ").append(clean(host, false)).append("\r\n");
    for (Map.Entry<String, String> header : headers) {
      head.append(clean(header.getKey(), false)).append(": ");
      head.append(clean(header.getValue(), true)).append("\r\n");
    }
    if (body.length > 0 || !repeatable) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    head.append("\r\n");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(head.length() + body.length);
    bytes.writeBytes(head.toString().getBytes(StandardCharsets.UTF_8));
    bytes.writeBytes(body);
    return bytes.toByteArray();
  }

  /** Never quoted: it may be a login. */
  private static String clean(String text, boolean spaces) throws IOException {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' && !(spaces && c == '\t') || c == 0x7f || c == ' ' && !spaces) {
        throw new IOException("the request has a character that no server takes");
      }
    }
    return text;
  }

  /** Names the request without headers and body, which may hold secrets. */
  @Override
  public String toString() {
    return method + " " + target;
  }
}
