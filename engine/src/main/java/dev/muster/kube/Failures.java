package dev.muster.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.bound.Bounds;
import dev.muster.live.Failure;
import dev.muster.live.Failure.Kind;
import dev.muster.resource.ForeignText;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * The one place where exceptions and status codes become causes. Exceptions are told apart by class
 * where that is possible: for a refused connection or an unknown name, the JDK's client gives no
 * message.
 */
final class Failures {
  /** How old API servers word a failed {@code test} of a JSON patch, with status 500. */
  private static final Pattern FAILED_TEST =
      Pattern.compile("testing (path|value) .*failed|test operation .*(failed|not apply)");

  private static final Pattern CUT_OFF =
      Pattern.compile("Remote host (closed|terminated)|Connection reset|Broken pipe");

  private static final String FAILED_PATCH = "the server rejected our request";

  private Failures() {}

  static Failure of(String server, Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof NoAccess refused) {
        return refused.failure();
      }
      if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
        return new Failure(Kind.UNKNOWN_HOST, "the host name of " + server + " does not resolve");
      }
    }
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof HttpTimeoutException
          || cause instanceof SocketTimeoutException
          || cause instanceof TimeoutException) {
        return new Failure(Kind.TIMEOUT, server + " did not answer in time");
      }
      if (cause instanceof NoRouteToHostException) {
        return new Failure(Kind.REFUSED, "there is no route to " + server);
      }
      if (cause instanceof ConnectException) {
        return new Failure(Kind.REFUSED, server + " refused the connection");
      }
      if (cause instanceof SSLException && !cutOff(cause)) {
        return new Failure(Kind.TLS, "no trusted connection to " + server + words(root(cause)));
      }
    }
    return new Failure(
        Kind.BROKEN,
        thrown instanceof CancellationException
            ? "the request to " + server + " was given up"
            : "the connection to " + server + " broke" + words(root(thrown)));
  }

  /** What a bad answer means, for all requests alike. */
  static Failure of(Reply.Answer answer) {
    JsonNode status = answer.status();
    String message = ForeignText.masked(message(answer, status));
    int code = answer.code();
    if (code == 401) {
      // The server says no more than "Unauthorized".
      return new Failure(
          Kind.UNAUTHORIZED,
          answer.server()
              + " does not accept the login (401 "
              + ForeignText.masked(message(status))
              + ")");
    }
    if (code == 403) {
      return new Failure(Kind.FORBIDDEN, message);
    }
    if (code == 404) {
      return answer.absent() ? new Failure(Kind.NOT_FOUND, message) : stranger(answer);
    }
    if (code == 409) {
      boolean exists = status.path("reason").asText().equals("AlreadyExists");
      return new Failure(exists ? Kind.ALREADY_EXISTS : Kind.STALE, message);
    }
    if (code == 407) {
      return new Failure(
          Kind.NO_ACCESS,
          "the proxy on the way to " + answer.server() + " wants a login, or another one");
    }
    if (code == 408) {
      return new Failure(Kind.TIMEOUT, message);
    }
    if (code == 429) {
      return new Failure(Kind.THROTTLED, message + asked(answer));
    }
    if (code >= 400 && code < 500) {
      return new Failure(Kind.INVALID, message);
    }
    return code >= 500 ? new Failure(Kind.SERVER_ERROR, message) : stranger(answer);
  }

  /** What a bad answer to a JSON patch means: a failed {@code test} says only that it failed. */
  static Failure ofPatch(Reply.Answer answer) {
    JsonNode status = answer.status();
    String words = status.path("message").asText();
    JsonNode details = status.path("details");
    boolean noField =
        details.path("causes").isEmpty()
            && details.path("kind").asText().isEmpty()
            && words.startsWith(FAILED_PATCH);
    if (answer.code() == 422 && noField
        || answer.code() >= 422 && FAILED_TEST.matcher(words).find()) {
      return new Failure(
          Kind.STALE,
          "the object is not as the patch expects it ("
              + ForeignText.masked(message(answer, status))
              + ")");
    }
    return of(answer);
  }

  /** More than is taken in; trying again would bring it again. */
  static Failure excess(String server) {
    return new Failure(
        Kind.SERVER_ERROR,
        server
            + " answers with more than any API server does (at most "
            + (Bounds.ANSWER >> 20)
            + " MiB, "
            + Bounds.ANSWER_TOKENS
            + " values, "
            + Bounds.ANSWER_DEPTH
            + " levels); nothing of it was used");
  }

  /**
   * A good answer about something else; a proxy on the way, or a cluster that cannot be trusted.
   */
  static Failure another(Reply.Answer answer) {
    return new Failure(
        Kind.SERVER_ERROR,
        answer.server() + " answered with another object than the one it was asked for");
  }

  /** An answer that no API server gives: something else listens there. */
  static Failure stranger(Reply.Answer answer) {
    if (Answers.excessive(answer.body())) {
      return excess(answer.server());
    }
    return new Failure(
        Kind.SERVER_ERROR,
        answer.server()
            + " does not answer like a Kubernetes API server (HTTP "
            + answer.code()
            + (answer.contentType().isEmpty() ? "" : ", " + answer.contentType())
            + ")");
  }

  private static String asked(Reply.Answer answer) {
    String seconds = answer.retryAfter();
    return seconds.matches("[1-9]\\d{0,8}") ? " (it asks for " + seconds + " s of patience)" : "";
  }

  private static String message(JsonNode status) {
    String words = status.path("message").asText();
    return words.isEmpty() ? "Unauthorized" : words;
  }

  private static String message(Reply.Answer answer, JsonNode status) {
    String words = status.path("message").asText();
    return words.isEmpty() ? answer.server() + " answered HTTP " + answer.code() : words;
  }

  /**
   * Whether the connection broke in the midst of a handshake, which says nothing about
   * certificates. The client has no class for that: it makes a new exception out of the old text.
   */
  private static boolean cutOff(Throwable handshake) {
    Throwable root = root(handshake);
    return root instanceof IOException
        && (!(root instanceof SSLException)
            || CUT_OFF.matcher(String.valueOf(root.getMessage())).find());
  }

  private static Throwable root(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private static String words(Throwable thrown) {
    String message = thrown.getMessage();
    return message == null || message.isBlank()
        ? ""
        : ": " + ForeignText.masked(message.strip().lines().findFirst().orElse(""));
  }
}
