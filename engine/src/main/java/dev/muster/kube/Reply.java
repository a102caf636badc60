package dev.muster.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.muster.live.Failure;
import dev.muster.resource.ObjectRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What came of one request: an answer, whatever it says, or none. */
sealed interface Reply {
  ObjectMapper JSON = Answers.JSON;

  /** Parses text of which nothing may be said in a message; a missing node when it is no JSON. */
  static JsonNode parse(String text) {
    try {
      return Answers.tree(text);
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  record Broken(Failure failure) implements Reply {}

  /**
   * A complete answer.
   *
   * @param server where it came from, for messages
   * @param contentType lower case, without parameters
   * @param retryAfter the header as it came, or empty
   * @param date the header as it came, or empty
   */
  record Answer(
      String server, int code, String contentType, String retryAfter, String date, byte[] body)
      implements Reply {
    public Answer {
      int semicolon = contentType.indexOf(';');
      contentType =
          (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
              .strip()
              .toLowerCase(Locale.ROOT);
    }

    boolean good() {
      return code >= 200 && code < 300;
    }

    /** The body as JSON, or a missing node when it is none. */
    JsonNode json() {
      if (!contentType.equals("application/json")) {
        return MissingNode.getInstance();
      }
      try {
        return Answers.tree(body);
      } catch (IOException e) {
        return MissingNode.getInstance();
      }
    }

    /** The API server's own account of a failure, or a missing node. */
    JsonNode status() {
      JsonNode json = json();
      return json.path("kind").asText().equals("Status") ? json : MissingNode.getInstance();
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    /**
     * Whether an API server said that there is no such object or kind. A kind that it does not know
     * is answered by plain text; a page of some proxy on the way is neither.
     */
    boolean absent() {
      return code == 404
          && (!status().isMissingNode()
              || contentType.equals("text/plain") && text().strip().equals("404 page not found"));
    }

    /**
     * Whether an API server said that it does not know a kind of which a list was asked for. It
     * always knows those of the core group, and a namespace that is not there has empty lists.
     */
    boolean unserved(ObjectRef kind) {
      return absent() && !kind.group().isEmpty();
    }

    /** Never shows the body, which may hold secrets. */
    @Override
    public String toString() {
      return "HTTP " + code + " from " + server;
    }
  }
}
