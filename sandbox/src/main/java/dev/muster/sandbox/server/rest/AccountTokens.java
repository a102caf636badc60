package dev.muster.sandbox.server.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.credential.AccountToken;
import dev.muster.credential.UnsignedToken;
import dev.muster.sandbox.server.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;

/** The subresource token of a ServiceAccount: TokenRequest. */
final class AccountTokens {
  private static final long SHORTEST = 600;
  private static final long USUAL = 3600;

  private final Backend backend;
  private final BiConsumer<String, String> book;

  /**
   * @param book takes down each token and the user who it is for
   */
  AccountTokens(Backend backend, BiConsumer<String, String> book) {
    this.backend = backend;
    this.book = book;
  }

  void serve(ApiRequest request) throws IOException {
    if (!request.info().verb().equals("create")) {
      throw ApiError.methodNotAllowed();
    }
    ObjectNode account =
        backend
            .store()
            .get(request.key())
            .orElseThrow(() -> ApiError.notFound(request.kind().resource(), request.info().name()));
    ObjectNode answer = request.body();
    JsonNode spec = answer.path("spec");
    long seconds = spec.path("expirationSeconds").asLong(USUAL);
    if (seconds < SHORTEST) {
      throw ApiError.badRequest(
          "spec.expirationSeconds: Invalid value: "
              + seconds
              + ": may not specify a duration less than 10 minutes");
    }
    List<String> audiences = new ArrayList<>();
    spec.path("audiences").forEach(audience -> audiences.add(audience.asText()));
    Instant now = backend.instant();
    String namespace = request.info().namespace();
    String name = request.info().name();
    String token =
        new UnsignedToken(
                "https://kubernetes.default.svc.cluster.local",
                namespace,
                name,
                account.at("/metadata/uid").asText(),
                audiences,
                now,
                Duration.ofSeconds(seconds),
                UUID.randomUUID().toString())
            .text();
    if (!request.dryRun()) {
      book.accept(token, AccountToken.subject(namespace, name));
    }
    ObjectNode status = Json.child(answer, "status");
    status.put("token", token);
    status.put("expirationTimestamp", now.plusSeconds(seconds).toString());
    request.send(201, answer);
  }
}
