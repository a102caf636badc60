package dev.muster.kube;

import dev.muster.bound.Bounds;
import dev.muster.wire.Feed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** An answer as it comes on a connection of its own: kept whole, or handed on line by line. */
final class FeedAnswer implements Feed.Taker {
  private final int limit;
  private final Runnable opened;
  private final Optional<Consumer<String>> lines;
  private final CompletableFuture<Reply> reply = new CompletableFuture<>();
  private ByteArrayOutputStream bytes = new ByteArrayOutputStream(0);
  private Map<String, String> headers = Map.of();
  private String server = "the server";
  private int code;

  private FeedAnswer(int limit, Runnable opened, Optional<Consumer<String>> lines) {
    this.limit = limit;
    this.opened = opened;
    this.lines = lines;
  }

  static FeedAnswer whole() {
    return new FeedAnswer(Bounds.ANSWER, () -> {}, Optional.empty());
  }

  /**
   * @param opened runs when the server has agreed
   * @param each takes each complete line of a good answer
   */
  static FeedAnswer lines(Runnable opened, Consumer<String> each) {
    return new FeedAnswer(Bounds.EVENT, opened, Optional.of(each));
  }

  /** Who is asked, for messages. */
  void from(String asked) {
    server = asked;
  }

  /** What comes of it; never fails. */
  CompletableFuture<Reply> reply() {
    return reply;
  }

  private static final class Excess extends IOException {}

  @Override
  public void head(int status, Map<String, String> all) {
    code = status;
    headers = all;
    if (code == 200) {
      opened.run();
    }
  }

  @Override
  public void part(byte[] part) throws IOException {
    int start = 0;
    if (lines.isPresent() && code == 200) {
      for (int i = 0; i < part.length; i++) {
        if (part[i] == '\n') {
          bytes.write(part, start, i - start);
          String text = bytes.toString(StandardCharsets.UTF_8);
          // Not reset: one large event would hold its room for ever.
          bytes = new ByteArrayOutputStream(0);
          start = i + 1;
          lines.get().accept(text);
        }
      }
    }
    bytes.write(part, start, part.length - start);
    if (bytes.size() > limit) {
      throw new Excess();
    }
  }

  @Override
  public void ended() {
    complete(
        new Reply.Answer(
            server,
            code,
            headers.getOrDefault("content-type", ""),
            headers.getOrDefault("retry-after", ""),
            headers.getOrDefault("date", ""),
            bytes.toByteArray()));
  }

  @Override
  public void failed(Exception why) {
    complete(
        new Reply.Broken(
            why instanceof Excess ? Failures.excess(server) : Failures.of(server, why)));
  }

  private void complete(Reply with) {
    bytes = new ByteArrayOutputStream(0);
    reply.complete(with);
  }
}
