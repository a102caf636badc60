package dev.muster.sandbox.server.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads requests from one connection, bounded in size. */
final class RequestReader {
  private static final int MAX_HEAD = 64 * 1024;
  private static final int MAX_BODY = 16 * 1024 * 1024;

  private final InputStream in;
  private final OutputStream out;
  private int headBytes;

  RequestReader(InputStream in, OutputStream out) {
    this.in = in;
    this.out = out;
  }

  /** The next request, or null when the client has closed the connection between two requests. */
  @Nullable HttpRequest next() throws IOException {
    headBytes = 0;
    String start = line();
    if (start == null) {
      return null;
    }
    String[] words = start.split(" ", -1);
    if (words.length != 3 || !words[2].startsWith("HTTP/1.")) {
      throw new HttpProblem(400, "not an HTTP/1.1 request");
    }
    Map<String, String> headers = new HashMap<>();
    while (true) {
      String line = line();
      if (line == null) {
        throw new EOFException("the connection ended inside the header");
      }
      if (line.isEmpty()) {
        break;
      }
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw new HttpProblem(400, "malformed header line");
      }
      headers.merge(
          line.substring(0, colon).toLowerCase(Locale.ROOT),
          line.substring(colon + 1).strip(),
          (a, b) -> a + ", " + b);
    }
    if (headers.getOrDefault("expect", "").equalsIgnoreCase("100-continue")) {
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }
    try {
      return HttpRequest.of(words[0], words[1], headers, body(headers));
    } catch (IllegalArgumentException e) {
      throw new HttpProblem(400, "malformed escape in the request's path or query");
    }
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
      return chunks();
    }
    String length = headers.get("content-length");
    if (length == null) {
      return new byte[0];
    }
    return exactly(size(length, 10));
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (true) {
      String head = required();
      int semicolon = head.indexOf(';');
      int size = size((semicolon < 0 ? head : head.substring(0, semicolon)).strip(), 16);
      if (size == 0) {
        while (!required().isEmpty()) {
          // Trailers are read and not used.
        }
        return all.toByteArray();
      }
      if (all.size() + size > MAX_BODY) {
        throw new HttpProblem(413, "request body too large");
      }
      all.write(exactly(size));
      required();
    }
  }

  private String required() throws IOException {
    String line = line();
    if (line == null) {
      throw new EOFException("the connection ended inside the body");
    }
    return line;
  }

  private static int size(String text, int radix) throws HttpProblem {
    try {
      long size = Long.parseLong(text, radix);
      if (size < 0) {
        throw new HttpProblem(400, "negative length");
      }
      if (size > MAX_BODY) {
        throw new HttpProblem(413, "request body too large");
      }
      return (int) size;
    } catch (NumberFormatException e) {
      throw new HttpProblem(400, "malformed length");
    }
  }

  private byte[] exactly(int size) throws IOException {
    byte[] bytes = in.readNBytes(size);
    if (bytes.length < size) {
      throw new EOFException("the connection ended inside the body");
    }
    return bytes;
  }

  private @Nullable String line() throws IOException {
    byte[] buffer = new byte[256];
    int length = 0;
    while (true) {
      int b = in.read();
      if (b < 0) {
        if (length == 0) {
          return null;
        }
        throw new EOFException("the connection ended inside a line");
      }
      if (b == '\n') {
        if (length > 0 && buffer[length - 1] == '\r') {
          length--;
        }
        return new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
      }
      if (++headBytes > MAX_HEAD) {
        throw new HttpProblem(431, "request header too large");
      }
      if (length == buffer.length) {
        buffer = Arrays.copyOf(buffer, length * 2);
      }
      buffer[length++] = (byte) b;
    }
  }
}
