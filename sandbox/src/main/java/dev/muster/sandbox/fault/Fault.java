package dev.muster.sandbox.fault;

import java.time.Duration;
import java.util.Optional;

/** What becomes of a request, or of the answer to it. */
public sealed interface Fault {
  /** The connection is cut before the server has heard of the request. */
  record DropRequest() implements Fault {
    @Override
    public String toString() {
      return "request lost";
    }
  }

  /** The server does what it was asked, and the connection is cut before it can say so. */
  record DropAnswer() implements Fault {
    @Override
    public String toString() {
      return "answer lost";
    }
  }

  /**
   * The server never hears of the request; the client gets an answer in the words of an API server.
   *
   * @param status from 400 on
   * @param retryAfter sent as whole seconds
   */
  record Refuse(int status, Optional<Duration> retryAfter) implements Fault {
    public Refuse {
      if (status < 400 || status > 599) {
        throw new IllegalArgumentException("not the status of a refusal: " + status);
      }
    }

    public static Refuse with(int status) {
      return new Refuse(status, Optional.empty());
    }

    @Override
    public String toString() {
      return status
          + retryAfter.map(pause -> ", retry after " + pause.toSeconds() + " s").orElse("");
    }
  }

  /**
   * The server never hears of the request; the client gets a refusal that repeats all it had sent,
   * its login too, and the object that it asked about.
   *
   * @param status from 400 on
   */
  record Echo(int status) implements Fault {
    @Override
    public String toString() {
      return status + " that repeats the request";
    }
  }

  /** Everything happens as it should, but only after a while. */
  record Delay(Duration by) implements Fault {
    @Override
    public String toString() {
      return "slow by " + by.toMillis() + " ms";
    }
  }

  /** The answer ends in the middle, its connection is closed in order. */
  record Truncate() implements Fault {
    @Override
    public String toString() {
      return "answer truncated";
    }
  }

  /** The answer ends in the middle, its connection is reset. */
  record Reset() implements Fault {
    @Override
    public String toString() {
      return "connection reset";
    }
  }

  /**
   * A read is answered with what the same read had for an answer before the object changed, as an
   * API server does whose cache lags behind. Without an earlier, other answer nothing happens.
   */
  record Stale() implements Fault {
    @Override
    public String toString() {
      return "stale read";
    }
  }

  /**
   * A watch does not tell of one event.
   *
   * @param event counted from 1 for each watch; bookmarks are not counted
   */
  record HideEvent(int event) implements Fault {
    @Override
    public String toString() {
      return "event " + event + " hidden";
    }
  }

  /**
   * A watch ends in order before its time.
   *
   * @param events so many are told before
   */
  record CloseWatch(int events) implements Fault {
    @Override
    public String toString() {
      return "watch closed after " + events;
    }
  }
}
