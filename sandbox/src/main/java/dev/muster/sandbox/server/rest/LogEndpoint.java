package dev.muster.sandbox.server.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.server.http.BodyStream;
import dev.muster.sandbox.server.store.PodLogs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The subresource log of pods. */
final class LogEndpoint {
  private static final Duration TICK = Duration.ofSeconds(1);

  private final Backend backend;

  LogEndpoint(Backend backend) {
    this.backend = backend;
  }

  void serve(ApiRequest request) throws IOException, InterruptedException {
    ObjectNode pod =
        backend
            .store()
            .get(request.key())
            .orElseThrow(() -> ApiError.notFound(request.kind().resource(), request.info().name()));
    String namespace = request.key().namespace();
    String name = request.key().name();
    String container = container(request, pod, name);
    if (request.http().flag("previous")) {
      throw ApiError.badRequest(
          "previous terminated container \"" + container + "\" in pod \"" + name + "\" not found");
    }
    Instant since = since(request);
    Optional<Integer> tail = number(request, "tailLines");
    boolean timestamps = request.http().flag("timestamps");
    List<PodLogs.Line> all = backend.logs().after(namespace, name, container, 0, Duration.ZERO);
    long seen = all.isEmpty() ? 0 : all.get(all.size() - 1).number();
    List<PodLogs.Line> shown = all.stream().filter(l -> !l.time().isBefore(since)).toList();
    if (tail.isPresent() && shown.size() > tail.get()) {
      shown = shown.subList(shown.size() - tail.get(), shown.size());
    }
    if (!request.http().flag("follow")) {
      request.exchange().send(200, "text/plain", text(shown, timestamps));
      return;
    }
    try (BodyStream out = request.exchange().stream(200, "text/plain")) {
      out.write(text(shown, timestamps));
      while (!backend.closed() && backend.store().get(request.key()).isPresent()) {
        List<PodLogs.Line> more = backend.logs().after(namespace, name, container, seen, TICK);
        if (more.isEmpty()) {
          if (out.clientGone()) {
            return;
          }
          continue;
        }
        seen = more.get(more.size() - 1).number();
        out.write(text(more, timestamps));
      }
    }
  }

  private static String container(ApiRequest request, ObjectNode pod, String name) {
    List<String> names = new ArrayList<>();
    pod.at("/spec/containers").forEach(c -> names.add(c.path("name").asText()));
    String asked = request.http().parameter("container").orElse("");
    if (asked.isEmpty()) {
      if (names.size() > 1) {
        throw ApiError.badRequest(
            "a container name must be specified for pod "
                + name
                + ", choose one of: ["
                + String.join(" ", names)
                + "]");
      }
      return names.isEmpty() ? "" : names.get(0);
    }
    for (JsonNode init : pod.at("/spec/initContainers")) {
      names.add(init.path("name").asText());
    }
    if (!names.contains(asked)) {
      throw ApiError.badRequest("container " + asked + " is not valid for pod " + name);
    }
    return asked;
  }

  private Instant since(ApiRequest request) {
    Optional<Integer> seconds = number(request, "sinceSeconds");
    if (seconds.isPresent()) {
      return backend.instant().minusSeconds(seconds.get());
    }
    try {
      return request
          .http()
          .parameter("sinceTime")
          .map(text -> OffsetDateTime.parse(text).toInstant())
          .orElse(Instant.MIN);
    } catch (DateTimeException e) {
      throw ApiError.badRequest("sinceTime is not a time in RFC 3339");
    }
  }

  private static Optional<Integer> number(ApiRequest request, String parameter) {
    try {
      return request.http().parameter(parameter).map(Integer::parseInt).map(n -> Math.max(0, n));
    } catch (NumberFormatException e) {
      throw ApiError.badRequest(parameter + " is not a number");
    }
  }

  private static byte[] text(List<PodLogs.Line> lines, boolean timestamps) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (PodLogs.Line line : lines) {
      String start = timestamps ? line.time() + " " : "";
      out.writeBytes((start + line.text() + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return out.toByteArray();
  }
}
