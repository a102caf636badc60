package dev.muster.sandbox.server.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.server.http.Exchange;
import dev.muster.sandbox.server.json.Json;
import dev.muster.sandbox.server.kind.KindInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Answers any path of one cluster for a user who may do what is asked. */
public final class Router {
  private static final byte[] NO_PAGE = "404 page not found\n".getBytes(StandardCharsets.US_ASCII);

  private final Backend backend;
  private final Discovery discovery;
  private final OpenApi openApi;
  private final Reads reads;
  private final Writes writes;
  private final Deletes deletes;
  private final Watches watches;
  private final LogEndpoint logs;
  private final ServiceProxy proxy;
  private final Reviews reviews;
  private final AccountTokens accountTokens;

  /**
   * @param book takes down each token that is issued, and the user who it is for
   */
  public Router(Backend backend, Authorizer authorizer, BiConsumer<String, String> book) {
    this.backend = backend;
    Definitions definitions = new Definitions(backend);
    this.discovery = new Discovery(backend);
    this.openApi = new OpenApi(backend);
    this.reads = new Reads(backend);
    this.deletes = new Deletes(backend, definitions);
    this.writes = new Writes(backend, deletes, definitions);
    this.watches = new Watches(backend);
    this.logs = new LogEndpoint(backend);
    this.proxy = new ServiceProxy(backend);
    this.reviews = new Reviews(authorizer);
    this.accountTokens = new AccountTokens(backend, book);
  }

  /** Sends exactly one answer, an ApiError's included. */
  public void answer(Exchange exchange, List<String> path, RequestInfo info, String user)
      throws IOException {
    try {
      if (info.isResource()) {
        resource(exchange, info, user);
      } else {
        page(exchange, path);
      }
    } catch (ApiError error) {
      send(exchange, error);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      if (exchange.answered()) {
        throw new IOException("the answer broke off", e);
      }
      send(exchange, ApiError.internal(e));
    }
  }

  /** Sends a refusal as the Status that it is. */
  public static void send(Exchange exchange, ApiError error) throws IOException {
    exchange.send(error.code(), "application/json", Json.bytes(error.status()));
  }

  /** What kube answers for a path that it does not know: no Status, just text. */
  public static void notServed(Exchange exchange) throws IOException {
    exchange.send(404, "text/plain; charset=utf-8", NO_PAGE);
  }

  private void page(Exchange exchange, List<String> path) throws IOException {
    String first = path.isEmpty() ? "" : path.get(0);
    switch (first) {
      case "version" -> {
        ObjectNode version = Json.object().put("major", "1").put("minor", "32");
        version.put("gitVersion", "v1.32.0-muster-sandbox").put("gitCommit", "simulation");
        version.put("gitTreeState", "clean").put("buildDate", "1970-01-01T00:00:00Z");
        version.put("goVersion", "none").put("compiler", "none").put("platform", "sandbox");
        exchange.send(200, "application/json", Json.bytes(version));
      }
      case "healthz", "livez", "readyz" ->
          exchange.send(200, "text/plain", "ok".getBytes(StandardCharsets.US_ASCII));
      default -> {
        if (!discovery.serve(exchange, path) && !openApi.serve(exchange, path)) {
          notServed(exchange);
        }
      }
    }
  }

  private void resource(Exchange exchange, RequestInfo info, String user)
      throws IOException, InterruptedException {
    if (info.group().equals(Reviews.GROUP)
        && (info.plural().equals(Reviews.ACCESS) || info.plural().equals(Reviews.RULES))) {
      reviews.serve(exchange, info, user);
      return;
    }
    Optional<KindInfo> kind = backend.kinds().find(info.group(), info.version(), info.plural());
    if (kind.isEmpty()) {
      notServed(exchange);
      return;
    }
    ApiRequest request = new ApiRequest(exchange, info, kind.get(), user);
    if (!info.subresource().isEmpty()) {
      subresource(request);
      return;
    }
    boolean inNamespace = !info.namespace().isEmpty() || !kind.get().namespaced();
    switch (info.verb()) {
      case "get" -> reads.get(request);
      case "list" -> reads.list(request);
      case "watch" -> watches.serve(request);
      case "create" -> {
        if (!info.name().isEmpty() || !inNamespace) {
          throw ApiError.methodNotAllowed();
        }
        writes.create(request);
      }
      case "update" -> {
        if (info.name().isEmpty()) {
          throw ApiError.methodNotAllowed();
        }
        writes.update(request);
      }
      case "patch" -> {
        if (info.name().isEmpty()) {
          throw ApiError.methodNotAllowed();
        }
        writes.patch(request);
      }
      case "delete" -> deletes.one(request);
      case "deletecollection" -> {
        if (!inNamespace || kind.get().groupKind().equals("Namespace")) {
          throw ApiError.methodNotAllowed();
        }
        deletes.collection(request);
      }
      default -> throw ApiError.methodNotAllowed();
    }
  }

  private void subresource(ApiRequest request) throws IOException, InterruptedException {
    KindInfo kind = request.kind();
    String verb = request.info().verb();
    switch (request.info().subresource()) {
      case "status" -> {
        if (!kind.statusSubresource()) {
          notServed(request.exchange());
          return;
        }
        object(request, verb);
      }
      case "scale" -> {
        if (!Scale.has(kind)) {
          notServed(request.exchange());
          return;
        }
        if (verb.equals("get")) {
          reads.scale(request);
        } else if (verb.equals("update") || verb.equals("patch")) {
          writes.scale(request);
        } else {
          throw ApiError.methodNotAllowed();
        }
      }
      case "log" -> {
        if (!kind.groupKind().equals("Pod")) {
          notServed(request.exchange());
          return;
        }
        logs.serve(request);
      }
      case "proxy" -> {
        if (!kind.groupKind().equals("Service")) {
          notServed(request.exchange());
          return;
        }
        proxy.serve(request);
      }
      case "token" -> {
        if (!kind.groupKind().equals("ServiceAccount")) {
          notServed(request.exchange());
          return;
        }
        accountTokens.serve(request);
      }
      default -> notServed(request.exchange());
    }
  }

  private void object(ApiRequest request, String verb) throws IOException {
    switch (verb) {
      case "get" -> reads.get(request);
      case "update" -> writes.update(request);
      case "patch" -> writes.patch(request);
      default -> throw ApiError.methodNotAllowed();
    }
  }
}
