package dev.muster.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Plain requests to one cluster as one user, for arranging and checking. Every status is a reply;
 * only a server that cannot be reached is an exception. Bodies are JSON or, where a new object is
 * sent, YAML.
 */
public final class Api {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http;
  private final URI server;
  private final String token;

  Api(HttpClient http, URI server, String token) {
    this.http = http;
    this.server = server;
    this.token = token;
  }

  /** What the server answered. */
  public record Reply(int status, String text) {
    public JsonNode json() {
      try {
        return JSON.readTree(text);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** This reply, or an exception with the server's text when it is no success. */
    public Reply ok() {
      if (status / 100 != 2) {
        throw new IllegalStateException("status " + status + ": " + text);
      }
      return this;
    }
  }

  public Reply get(String path) {
    return send(request(path).GET());
  }

  public Reply create(String path, String object) {
    return send(with("POST", path, typeOf(object), object));
  }

  public Reply replace(String path, String object) {
    return send(with("PUT", path, typeOf(object), object));
  }

  public Reply jsonPatch(String path, String operations) {
    return send(with("PATCH", path, "application/json-patch+json", operations));
  }

  public Reply mergePatch(String path, String change) {
    return send(with("PATCH", path, "application/merge-patch+json", change));
  }

  public Reply delete(String path) {
    return send(request(path).DELETE());
  }

  /** Lines of a watch or of a followed log as they come; closing it ends the request. */
  public BufferedReader stream(String path) {
    // Without a limit of time: the caller reads from it for as long as it likes.
    HttpRequest request = request(path).GET().build();
    try {
      HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
      if (response.statusCode() != 200) {
        try (InputStream body = response.body()) {
          String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
          throw new IllegalStateException("status " + response.statusCode() + ": " + text);
        }
      }
      return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private Reply send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response =
          http.send(request.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
      return new Reply(response.statusCode(), response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private HttpRequest.Builder with(String method, String path, String type, String body) {
    return request(path).header("Content-Type", type).method(method, BodyPublishers.ofString(body));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(server.resolve(path)).header("Authorization", "Bearer " + token);
  }

  private static String typeOf(String object) {
    return object.stripLeading().startsWith("{") ? "application/json" : "application/yaml";
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted", e);
  }
}
