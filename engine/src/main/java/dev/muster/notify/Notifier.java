package dev.muster.notify;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Random;
import javax.net.ssl.SSLException;

/**
 * Posts a signed message, again when the receiver may take it later: after 5xx, 429 and broken
 * connections. Redirects are not followed, since they would carry the message elsewhere. Blocks; at
 * most for the time that it is given and one request more.
 */
public final class Notifier {
  private static final Duration REQUEST = Duration.ofSeconds(10);
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(20);
  private static final int TOO_MANY = 429;

  /** How a wait is done, and what time it is then. */
  interface Time {
    Instant now();

    void pause(Duration time) throws InterruptedException;
  }

  private static final Time REAL =
      new Time() {
        @Override
        public Instant now() {
          return Instant.now();
        }

        @Override
        public void pause(Duration time) throws InterruptedException {
          Thread.sleep(time.toMillis());
        }
      };

  private final byte[] key;
  private final String agent;
  private final Duration patience;
  private final Time time;
  private final Random random = new Random();
  private final HttpClient client =
      HttpClient.newBuilder()
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(REQUEST)
          .build();

  /**
   * @param key that the receiver knows too
   * @param agent what the program calls itself
   * @param patience for how long it is tried
   */
  public Notifier(byte[] key, String agent, Duration patience) {
    this(key, agent, patience, REAL);
  }

  Notifier(byte[] key, String agent, Duration patience, Time time) {
    this.key = key.clone();
    this.agent = agent;
    this.patience = patience;
    this.time = time;
  }

  /** How one request went: done, for ever in vain, or perhaps better after a while. */
  private record Try(boolean done, boolean again, String why, Optional<Duration> after) {}

  /**
   * Sends it.
   *
   * @return why it was not taken, in words for people that show nothing of the address but its
   *     host; empty when it was
   */
  public Optional<String> send(Target target, String message) {
    byte[] body = message.getBytes(StandardCharsets.UTF_8);
    Instant end = time.now().plus(patience);
    Duration backoff = FIRST;
    for (int number = 1; ; number++) {
      try {
        Try result = post(target, body);
        if (result.done()) {
          return Optional.empty();
        }
        Duration wait = result.after().orElse(jittered(backoff));
        if (!result.again() || time.now().plus(wait).isAfter(end)) {
          return Optional.of(
              target + ": " + result.why() + (number > 1 ? ", after " + number + " tries" : ""));
        }
        time.pause(wait);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.of(target + ": interrupted");
      }
      backoff = backoff.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : backoff.multipliedBy(2);
    }
  }

  /** Between half and all of it, so that a fleet of runners does not come back as one. */
  private Duration jittered(Duration time) {
    return Duration.ofMillis((long) (time.toMillis() * (0.5 + random.nextDouble() / 2)));
  }

  private Try post(Target target, byte[] body) throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target.uri())
            .timeout(REQUEST)
            .header("Content-Type", "application/json")
            .header("User-Agent", agent)
            // Signed anew each time, or a retry would look like an old message sent again.
            .header(Signature.HEADER, Signature.header(key, time.now(), body))
            .POST(BodyPublishers.ofByteArray(body));
    target.login().ifPresent(login -> request.header("Authorization", login));
    try {
      HttpResponse<InputStream> answer = client.send(request.build(), BodyHandlers.ofInputStream());
      // What it says besides is not waited for: the timeout ends with the headers.
      answer.body().close();
      int status = answer.statusCode();
      boolean again = status >= 500 || status == TOO_MANY;
      String why =
          status >= 300 && status < 400
              ? "it answered with a redirect (" + status + "), which is not followed"
              : "it answered with status " + status;
      return new Try(status >= 200 && status < 300, again, why, retryAfter(answer));
    } catch (HttpTimeoutException e) {
      return new Try(
          false, true, "no answer within " + REQUEST.toSeconds() + " s", Optional.empty());
    } catch (ConnectException e) {
      return new Try(false, true, "it cannot be reached", Optional.empty());
    } catch (SSLException e) {
      return new Try(
          false, false, "its certificate is not trusted, or TLS failed", Optional.empty());
    } catch (IOException e) {
      return new Try(false, true, "the connection broke", Optional.empty());
    }
  }

  /** Seconds or a date. */
  private Optional<Duration> retryAfter(HttpResponse<?> answer) {
    String value = answer.headers().firstValue("Retry-After").orElse("").strip();
    if (value.matches("[0-9]{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
    }
    try {
      Instant at = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration left = Duration.between(time.now(), at);
      return Optional.of(left.isNegative() ? Duration.ZERO : left);
    } catch (DateTimeException none) {
      return Optional.empty();
    }
  }
}
