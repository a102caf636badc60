package dev.muster.wire;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Takes an answer of HTTP/1.1 as its bytes come, and hands its body on without keeping any of it.
 * As strict as {@link AnswerReader}, which waits for the whole.
 */
final class AnswerParser {
  /** Receives what was understood, in order. */
  interface Taker {
    void head(int code, Map<String, String> headers) throws IOException;

    void part(byte[] bytes) throws IOException;
  }

  private enum At {
    STATUS,
    HEADER,
    SIZED,
    UNTIL_CLOSE,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    TRAILER,
    DONE
  }

  private final Taker taker;
  private StringBuilder line = new StringBuilder();
  private Map<String, String> headers = new HashMap<>();
  private At at = At.STATUS;
  private int headBytes;
  private int interim;
  private int code;
  private long left;
  private boolean begun;
  private boolean keep;

  AnswerParser(Taker taker) {
    this.taker = taker;
  }

  /** Whether a byte of an answer has come. */
  boolean begun() {
    return begun;
  }

  boolean done() {
    return at == At.DONE;
  }

  /** Whether another request may follow on the connection. */
  boolean reusable() {
    return done() && keep;
  }

  /** Takes bytes until the answer is complete; those behind it stay in the buffer. */
  void take(ByteBuffer in) throws IOException {
    begun = begun || in.hasRemaining();
    while (in.hasRemaining() && at != At.DONE) {
      switch (at) {
        case SIZED, CHUNK -> body(in);
        case UNTIL_CLOSE -> hand(in, in.remaining());
        default -> {
          if (line(in)) {
            String text = line.toString();
            line = new StringBuilder(0);
            understand(text);
          }
        }
      }
    }
  }

  /** The connection has ended. */
  void end() throws IOException {
    if (at == At.UNTIL_CLOSE) {
      at = At.DONE;
    } else if (at != At.DONE) {
      throw new EOFException(
          begun
              ? "the server hung up in the middle of an answer"
              : "the server hung up without an answer");
    }
  }

  private void body(ByteBuffer in) throws IOException {
    int part = (int) Math.min(left, in.remaining());
    left -= part;
    hand(in, part);
    if (left == 0) {
      at = at == At.SIZED ? At.DONE : At.CHUNK_END;
    }
  }

  private void hand(ByteBuffer in, int length) throws IOException {
    byte[] part = new byte[length];
    in.get(part);
    taker.part(part);
  }

  /** Whether a line is complete, without its end, which some servers write without the CR. */
  private boolean line(ByteBuffer in) throws IOException {
    while (in.hasRemaining()) {
      byte next = in.get();
      if (next == '\n') {
        int last = line.length() - 1;
        if (last >= 0 && line.charAt(last) == '\r') {
          line.setLength(last);
        }
        return true;
      }
      line.append((char) (next & 0xff));
      headBytes++;
      if (headBytes > AnswerReader.LARGEST_HEAD) {
        throw new IOException("the answer has a head that does not end");
      }
    }
    return false;
  }

  private void understand(String text) throws IOException {
    switch (at) {
      case STATUS -> status(text);
      case HEADER -> {
        if (text.isEmpty()) {
          headed();
        } else {
          header(text);
        }
      }
      case CHUNK_SIZE -> {
        var matcher = AnswerReader.CHUNK.matcher(text);
        if (!matcher.matches()) {
          throw new IOException("the answer has a chunk without a size");
        }
        headBytes = 0;
        left = Long.parseLong(matcher.group(1), 16);
        at = left == 0 ? At.TRAILER : At.CHUNK;
      }
      case CHUNK_END -> {
        if (!text.isEmpty()) {
          throw new IOException("the answer has a chunk that is longer than it says");
        }
        at = At.CHUNK_SIZE;
      }
      default -> {
        if (text.isEmpty()) {
          at = At.DONE;
        }
      }
    }
  }

  private void status(String text) throws IOException {
    var matcher = AnswerReader.STATUS.matcher(text);
    if (!matcher.matches()) {
      throw new IOException("what came is no answer of HTTP/1.1");
    }
    code = Integer.parseInt(matcher.group(2));
    keep = matcher.group(1).equals("1");
    headers = new HashMap<>();
    at = At.HEADER;
  }

  private void header(String text) throws IOException {
    int colon = text.indexOf(':');
    if (colon < 1 || !AnswerReader.NAME.matcher(text.substring(0, colon)).matches()) {
      throw new IOException("the answer has a header line that is none");
    }
    String name = text.substring(0, colon).toLowerCase(Locale.ROOT);
    String value = text.substring(colon + 1).strip();
    String before = headers.putIfAbsent(name, value);
    if (before != null && AnswerReader.JOINED.contains(name)) {
      headers.put(name, before + "," + value);
    } else if (name.equals("content-length") && before != null && !before.equals(value)) {
      throw new IOException("the answer has two lengths");
    }
  }

  private void headed() throws IOException {
    headBytes = 0;
    if (code == 101) {
      throw new IOException("the server switched to another protocol");
    }
    if (code < 200) {
      interim++;
      if (interim > AnswerReader.MOST_INTERIM) {
        throw new IOException("the server announces an answer again and again");
      }
      at = At.STATUS;
      return;
    }
    keep = keep && !AnswerReader.listed(headers.get("connection"), "close");
    Map<String, String> complete = headers;
    headers = Map.of();
    at = framing(complete);
    taker.head(code, complete);
  }

  private At framing(Map<String, String> complete) throws IOException {
    String coding = complete.get("transfer-encoding");
    String length = complete.get("content-length");
    if (code == 204 || code == 304) {
      keep = keep && coding == null && (length == null || length.equals("0"));
      return At.DONE;
    }
    if (coding != null) {
      if (!coding.equalsIgnoreCase("chunked")) {
        throw new IOException("the answer has a transfer encoding that was not asked for");
      }
      keep = keep && length == null;
      return At.CHUNK_SIZE;
    }
    if (length == null) {
      keep = false;
      return At.UNTIL_CLOSE;
    }
    if (!AnswerReader.LENGTH.matcher(length).matches()) {
      throw new IOException("the answer has a length that is none");
    }
    left = Long.parseLong(length);
    return left == 0 ? At.DONE : At.SIZED;
  }
}
