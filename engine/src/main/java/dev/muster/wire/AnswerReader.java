package dev.muster.wire;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads one answer of HTTP/1.1 (RFC 9112). What could be read in two ways is refused, or at least
 * the last thing that is read of its connection.
 */
final class AnswerReader {
  /** Bytes of all header lines of an answer, and of all trailers. */
  static final int LARGEST_HEAD = 64 << 10;

  /** Interim answers (1xx) before the one that counts. */
  static final int MOST_INTERIM = 8;

  /** Bytes that are made room for on a server's mere word. */
  private static final int TRUSTED = 64 << 10;

  static final Pattern STATUS = Pattern.compile("HTTP/1\\.([01]) ([1-9]\\d\\d)( .*)?");
  static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  static final Pattern LENGTH = Pattern.compile("\\d{1,18}");
  static final Pattern CHUNK = Pattern.compile("([0-9a-fA-F]{1,8})[ \t]*(;.*)?");
  static final Set<String> JOINED = Set.of("connection", "transfer-encoding");

  private final InputStream in;
  private final int limit;
  private final byte[] buffer = new byte[8 << 10];
  private int next;
  private int end;
  private boolean begun;
  private boolean keep = true;

  /**
   * @param limit bytes of a body that are taken in
   */
  AnswerReader(InputStream in, int limit) {
    this.in = in;
    this.limit = limit;
  }

  /** Whether a byte of an answer has come. */
  boolean begun() {
    return begun;
  }

  /** Whether another request may follow; more bytes than the answer has are an answer to none. */
  boolean reusable() {
    return keep && next == end;
  }

  Answer read() throws IOException {
    for (int interim = 0; interim <= MOST_INTERIM; interim++) {
      String status = line(LARGEST_HEAD);
      var matcher = STATUS.matcher(status);
      if (!matcher.matches()) {
        throw new IOException("what came is no answer of HTTP/1.1");
      }
      int code = Integer.parseInt(matcher.group(2));
      Map<String, String> headers = headers();
      keep = matcher.group(1).equals("1") && !listed(headers.get("connection"), "close");
      if (code == 101) {
        throw new IOException("the server switched to another protocol");
      }
      if (code >= 200) {
        return new Answer(code, headers, body(code, headers));
      }
    }
    throw new IOException("the server announces an answer again and again");
  }

  private Map<String, String> headers() throws IOException {
    Map<String, String> headers = new HashMap<>();
    int left = LARGEST_HEAD;
    while (true) {
      String line = line(left);
      if (line.isEmpty()) {
        return headers;
      }
      left -= line.length();
      int colon = line.indexOf(':');
      if (colon < 1 || !NAME.matcher(line.substring(0, colon)).matches()) {
        throw new IOException("the answer has a header line that is none");
      }
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      String value = line.substring(colon + 1).strip();
      String before = headers.putIfAbsent(name, value);
      if (before != null && JOINED.contains(name)) {
        headers.put(name, before + "," + value);
      } else if (name.equals("content-length") && before != null && !before.equals(value)) {
        throw new IOException("the answer has two lengths");
      }
    }
  }

  static boolean listed(@org.jspecify.annotations.Nullable String header, String token) {
    return header != null
        && List.of(header.toLowerCase(Locale.ROOT).split("[ \t]*,[ \t]*")).contains(token);
  }

  private byte[] body(int code, Map<String, String> headers) throws IOException {
    String coding = headers.get("transfer-encoding");
    String length = headers.get("content-length");
    if (code == 204 || code == 304) {
      keep = keep && coding == null && (length == null || length.equals("0"));
      return new byte[0];
    }
    if (coding != null) {
      if (!coding.equalsIgnoreCase("chunked")) {
        throw new IOException("the answer has a transfer encoding that was not asked for");
      }
      keep = keep && length == null;
      return chunks();
    }
    if (length == null) {
      keep = false;
      return rest();
    }
    if (!LENGTH.matcher(length).matches()) {
      throw new IOException("the answer has a length that is none");
    }
    long size = Long.parseLong(length);
    if (size > limit) {
      throw new TooLarge(limit);
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream(Math.min((int) size, TRUSTED));
    take((int) size, body);
    return body.toByteArray();
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      var matcher = CHUNK.matcher(line(LARGEST_HEAD));
      if (!matcher.matches()) {
        throw new IOException("the answer has a chunk without a size");
      }
      long size = Long.parseLong(matcher.group(1), 16);
      if (size == 0) {
        headers();
        return body.toByteArray();
      }
      if (size + body.size() > limit) {
        throw new TooLarge(limit);
      }
      take((int) size, body);
      if (!line(2).isEmpty()) {
        throw new IOException("the answer has a chunk that is longer than it says");
      }
    }
  }

  private byte[] rest() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (next < end || fill()) {
      if (body.size() + end - next > limit) {
        throw new TooLarge(limit);
      }
      body.write(buffer, next, end - next);
      next = end;
    }
    return body.toByteArray();
  }

  private void take(int size, ByteArrayOutputStream body) throws IOException {
    int left = size;
    while (left > 0) {
      more();
      int part = Math.min(left, end - next);
      body.write(buffer, next, part);
      next += part;
      left -= part;
    }
  }

  /** A line without its end, which some servers write without the CR. */
  private String line(int most) throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      more();
      int from = next;
      while (next < end && buffer[next] != '\n') {
        next++;
      }
      line.append(new String(buffer, from, next - from, StandardCharsets.ISO_8859_1));
      if (line.length() > most + 1) {
        throw new IOException("the answer has a head that does not end");
      }
      if (next < end) {
        next++;
        int last = line.length() - 1;
        if (last >= 0 && line.charAt(last) == '\r') {
          line.setLength(last);
        }
        return line.toString();
      }
    }
  }

  private void more() throws IOException {
    if (next == end && !fill()) {
      throw new EOFException(
          begun
              ? "the server hung up in the middle of an answer"
              : "the server hung up without an answer");
    }
  }

  private boolean fill() throws IOException {
    next = 0;
    end = Math.max(in.read(buffer), 0);
    begun = begun || end > 0;
    return end > 0;
  }
}
