package dev.muster.kube;

import dev.muster.wire.Feed;
import dev.muster.wire.Feeds;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How the requests of one watch are sent, one after the other: by a connection of its own, which
 * carries its lists and its streams and costs little else than its socket. Behind a proxy it is the
 * shared client's.
 */
final class OwnWay {
  private final Line line;
  private final Feeds feeds;
  private final Timeouts timeouts;
  private @Nullable Connection under;
  private Optional<Feed> feed = Optional.empty();

  OwnWay(Line line, Feeds feeds, Timeouts timeouts) {
    this.line = line;
    this.feeds = feeds;
    this.timeouts = timeouts;
  }

  /** As {@link Connection#send}. */
  Connection.Sent send(Call call) {
    return line.start(
        connection ->
            feed(connection)
                .map(own -> ask(own, connection, call, timeouts.request(), FeedAnswer.whole()))
                .orElseGet(() -> connection.send(call)));
  }

  /** As {@link Connection#stream}. */
  Connection.Sent stream(Call call, int seconds, Runnable opened, Consumer<String> each) {
    return line.start(
        connection ->
            feed(connection)
                .map(own -> ask(own, connection, call, seconds, FeedAnswer.lines(opened, each)))
                .orElseGet(() -> connection.stream(call, seconds, opened, each)));
  }

  private Connection.Sent ask(
      Feed own, Connection connection, Call call, int seconds, FeedAnswer answer) {
    answer.from(connection.server());
    own.ask(
        connection.request(call),
        answer,
        new Feed.Limits(
            TimeUnit.SECONDS.toNanos(timeouts.connect()),
            TimeUnit.SECONDS.toNanos(timeouts.request()),
            TimeUnit.SECONDS.toNanos(seconds)));
    return new Connection.Sent(answer.reply(), own::cancel);
  }

  /** The one of this login; with another certificate it is another one. */
  private synchronized Optional<Feed> feed(Connection connection) {
    if (connection != under) {
      feed.ifPresent(Feed::cancel);
      feed = connection.endpoint().map(feeds::feed);
      under = connection;
    }
    return feed;
  }
}
