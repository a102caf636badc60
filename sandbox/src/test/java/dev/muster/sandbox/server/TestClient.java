package dev.muster.sandbox.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.server.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A plain HTTP client of one simulated cluster. */
final class TestClient {
  static final String JSON_PATCH = "application/json-patch+json";
  static final String MERGE_PATCH = "application/merge-patch+json";
  static final String STRATEGIC_PATCH = "application/strategic-merge-patch+json";

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final URI base;
  private final String token;

  TestClient(URI base, String token) {
    this.base = base;
    this.token = token;
  }

  /** A status code and the JSON (or text, as a text node) that came with it. */
  record Answer(int code, JsonNode body, HttpResponse<byte[]> raw) {
    String at(String pointer) {
      return body.at(pointer).asText();
    }
  }

  Answer get(String path) {
    return send("GET", path, "application/json", "");
  }

  Answer getAs(String path, String accept) {
    return finish(request(path).header("Accept", accept).GET().build());
  }

  Answer create(String path, String body) {
    return send("POST", path, "application/json", body);
  }

  Answer update(String path, JsonNode body) {
    return send("PUT", path, "application/json", body.toString());
  }

  Answer patch(String path, String type, String body) {
    return send("PATCH", path, type, body);
  }

  Answer delete(String path) {
    return send("DELETE", path, "application/json", "");
  }

  Answer send(String method, String path, String type, String body) {
    return finish(
        request(path)
            .header("Content-Type", type)
            .method(method, HttpRequest.BodyPublishers.ofString(quoted(body)))
            .build());
  }

  /** Tests write JSON with single quotes. */
  static String quoted(String json) {
    return json.contains("\"") ? json : json.replace('\'', '"');
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .timeout(Duration.ofSeconds(20))
        .header("User-Agent", "test/1")
        .header("Authorization", "Bearer " + token);
  }

  private static Answer finish(HttpRequest request) {
    try {
      HttpResponse<byte[]> response = HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray());
      boolean json =
          response.headers().firstValue("content-type").orElse("").startsWith("application/json");
      return new Answer(
          response.statusCode(),
          json
              ? Json.parse(response.body())
              : Json.array().textNode(new String(response.body(), StandardCharsets.UTF_8)),
          response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Opens a stream and collects its lines until it ends or is closed. */
  Lines follow(String path) {
    try {
      HttpResponse<InputStream> response =
          HTTP.send(
              request(path).timeout(Duration.ofSeconds(60)).GET().build(),
              HttpResponse.BodyHandlers.ofInputStream());
      return new Lines(response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static final class Lines implements AutoCloseable {
    private static final String END = "<end>";
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final HttpResponse<InputStream> response;

    Lines(HttpResponse<InputStream> response) {
      this.response = response;
      Thread reader = new Thread(this::read, "test-lines");
      reader.setDaemon(true);
      reader.start();
    }

    private void read() {
      try (BufferedReader in =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
          lines.add(line);
        }
      } catch (IOException e) {
        // Cut off: the same end to the test.
      }
      lines.add(END);
    }

    int code() {
      return response.statusCode();
    }

    String next() {
      try {
        String line = lines.poll(10, TimeUnit.SECONDS);
        if (line == null) {
          throw new AssertionError("nothing came for ten seconds");
        }
        return line;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    boolean ended() {
      return next().equals(END);
    }

    /** The next event as "TYPE name". */
    String event() {
      JsonNode event = Json.parse(next());
      return event.path("type").asText() + " " + event.at("/object/metadata/name").asText();
    }

    ObjectNode json() {
      return (ObjectNode) Json.parse(next());
    }

    @Override
    public void close() {
      try {
        response.body().close();
      } catch (IOException e) {
        // Closed is closed.
      }
    }
  }
}
