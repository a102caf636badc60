package dev.muster.sandbox.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One API server as one program sees it: who asks (user agent, field manager) and what it may. */
public final class ApiClient {
  private static final String AGENT = "muster-sandbox-controller/";
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final int ATTEMPTS = 20;

  private final URI base;
  private final @Nullable String token;
  private final Trust trust;
  private final String program;
  private final String fieldManager;

  private ApiClient(
      URI base, @Nullable String token, Trust trust, String program, String fieldManager) {
    this.base = URI.create(base.toString().replaceAll("/+$", ""));
    this.token = token;
    this.trust = trust;
    this.program = program;
    this.fieldManager = fieldManager;
  }

  /**
   * A client of one server.
   *
   * @param base scheme, host, port and, where one server serves many clusters, a path
   * @param token a bearer token, or null for none
   */
  public static ApiClient of(URI base, @Nullable String token, Trust trust) {
    return new ApiClient(base, token, trust, "sandbox", "muster-sandbox");
  }

  /** The same server, asked by another program that writes under another field manager. */
  public ApiClient as(String newProgram, String newFieldManager) {
    return new ApiClient(base, token, trust, newProgram, newFieldManager);
  }

  /** The same server without credentials. */
  public ApiClient anonymous() {
    return new ApiClient(base, null, trust, program, fieldManager);
  }

  public URI base() {
    return base;
  }

  public ObjectNode get(Kind kind, @Nullable String namespace, String name) {
    return json(request("GET", kind.path(namespace, name), null, null));
  }

  /** The object, or empty when the server says that there is none; other failures are thrown. */
  public Optional<ObjectNode> find(Kind kind, @Nullable String namespace, String name) {
    try {
      return Optional.of(get(kind, namespace, name));
    } catch (ApiException e) {
      if (e.isNotFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** The whole list object, with its resourceVersion. */
  public ObjectNode list(Kind kind, @Nullable String namespace) {
    return json(request("GET", kind.path(namespace), null, null));
  }

  public List<ObjectNode> items(Kind kind, @Nullable String namespace) {
    List<ObjectNode> items = new ArrayList<>();
    for (JsonNode item : list(kind, namespace).path("items")) {
      if (item instanceof ObjectNode object) {
        items.add(object);
      }
    }
    return items;
  }

  public ObjectNode create(Kind kind, ObjectNode object) {
    object.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
    return json(
        request("POST", kind.path(namespaceOf(object)) + manager(), object, "application/json"));
  }

  /** Creates the object unless one of that name is there already; says whether it did. */
  public boolean createIfAbsent(Kind kind, ObjectNode object) {
    try {
      create(kind, object);
      return true;
    } catch (ApiException e) {
      if (e.alreadyExists()) {
        return false;
      }
      throw e;
    }
  }

  public ObjectNode update(Kind kind, ObjectNode object) {
    String path = kind.path(namespaceOf(object), Json.name(object)) + manager();
    return json(request("PUT", path, object, "application/json"));
  }

  public ObjectNode mergePatch(Kind kind, @Nullable String namespace, String name, JsonNode patch) {
    String path = kind.path(namespace, name) + manager();
    return json(request("PATCH", path, patch, "application/merge-patch+json"));
  }

  /** Writes the status of a kind that keeps it apart from the rest. */
  public ObjectNode patchStatus(
      Kind kind, @Nullable String namespace, String name, JsonNode status) {
    ObjectNode patch = Json.object();
    patch.set("status", status);
    String path = kind.path(namespace, name) + "/status" + manager();
    return json(request("PATCH", path, patch, "application/merge-patch+json"));
  }

  public ObjectNode jsonPatch(
      Kind kind, @Nullable String namespace, String name, JsonNode operations) {
    String path = kind.path(namespace, name) + manager();
    return json(request("PATCH", path, operations, "application/json-patch+json"));
  }

  /** Deletes without a grace period; false when there was nothing to delete. */
  public boolean delete(Kind kind, @Nullable String namespace, String name) {
    try {
      request("DELETE", kind.path(namespace, name) + "?gracePeriodSeconds=0", null, null);
      return true;
    } catch (ApiException e) {
      if (e.isNotFound()) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Reads, changes and writes back an object, again from the read when somebody else was faster.
   *
   * @return the object as stored; the one read when the change left it equal; empty when there is
   *     none
   */
  public Optional<ObjectNode> edit(
      Kind kind, @Nullable String namespace, String name, Consumer<ObjectNode> change) {
    for (int attempt = 1; ; attempt++) {
      Optional<ObjectNode> found = find(kind, namespace, name);
      if (found.isEmpty()) {
        return found;
      }
      ObjectNode changed = found.get().deepCopy();
      change.accept(changed);
      if (changed.equals(found.get())) {
        return found;
      }
      try {
        return Optional.of(update(kind, changed));
      } catch (ApiException e) {
        if (!e.isConflict() || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** The server's gitVersion. */
  public String serverVersion() {
    return json(request("GET", "/version", null, null)).path("gitVersion").asText();
  }

  /** Any GET, with its body as it came; no exception for a status that says no. */
  public Answer fetch(String pathAndQuery) {
    HttpResponse<byte[]> response = send(builder(pathAndQuery).GET().build());
    String type = response.headers().firstValue("content-type").orElse("application/json");
    return new Answer(response.statusCode(), type, response.body());
  }

  /** A raw answer. */
  @SuppressWarnings("ArrayRecordComponent") // bytes in transit, never compared
  public record Answer(int status, String contentType, byte[] body) {
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  HttpRequest watchRequest(String path) {
    return builder(path).GET().build();
  }

  HttpClient http() {
    return trust.client();
  }

  private byte[] request(
      String method, String path, @Nullable JsonNode body, @Nullable String contentType) {
    HttpRequest.Builder builder = builder(path).timeout(TIMEOUT);
    if (body == null || contentType == null) {
      builder.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      builder
          .header("Content-Type", contentType)
          .method(method, HttpRequest.BodyPublishers.ofString(Json.text(body)));
    }
    HttpResponse<byte[]> response = send(builder.build());
    if (response.statusCode() / 100 != 2) {
      throw refused(method, path, response);
    }
    return response.body();
  }

  private HttpRequest.Builder builder(String path) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(base + path))
            .header("Accept", "application/json")
            .header("User-Agent", AGENT + program);
    if (token != null) {
      builder.header("Authorization", "Bearer " + token);
    }
    return builder;
  }

  private HttpResponse<byte[]> send(HttpRequest request) {
    try {
      return http().send(request, HttpResponse.BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiException(0, "Interrupted", "interrupted");
    } catch (IOException e) {
      String said = Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
      ApiException failure = new ApiException(0, "Unreachable", said);
      failure.initCause(e);
      throw failure;
    }
  }

  private static ApiException refused(String method, String path, HttpResponse<byte[]> response) {
    String reason = "";
    String message = "";
    try {
      ObjectNode status = Json.parse(response.body());
      reason = status.path("reason").asText();
      message = status.path("message").asText();
    } catch (IOException e) {
      message = new String(response.body(), StandardCharsets.UTF_8);
    }
    return new ApiException(
        response.statusCode(),
        reason,
        method + " " + path + ": " + response.statusCode() + " " + message);
  }

  private static ObjectNode json(byte[] body) {
    try {
      return Json.parse(body);
    } catch (IOException e) {
      ApiException failure = new ApiException(0, "BadAnswer", "the answer is not a JSON object");
      failure.initCause(e);
      throw failure;
    }
  }

  private String manager() {
    return "?fieldManager=" + Kind.encode(fieldManager);
  }

  private static @Nullable String namespaceOf(JsonNode object) {
    String namespace = Json.namespace(object);
    return namespace.isEmpty() ? null : namespace;
  }
}
