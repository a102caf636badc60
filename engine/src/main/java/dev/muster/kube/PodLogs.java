package dev.muster.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.bound.Bounds;
import dev.muster.live.Failure;
import dev.muster.live.LogLine;
import dev.muster.live.LogQuery;
import dev.muster.live.Logs;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the logs of all pods that a selector finds, and merges them by time. */
final class PodLogs {
  /** Per pod; what is older comes first, so a longer log loses its end. */
  private static final int LIMIT_BYTES = 8 << 20;

  private final Line line;

  PodLogs(Line line) {
    this.line = line;
  }

  /**
   * Reads what all pods said. A pod that is gone or has not started has said nothing. One that
   * cannot be asked is left out as long as another one answers.
   */
  Logs read(LogQuery query, Instant since) {
    String pods = "/api/v1/namespaces/" + query.namespace() + "/pods";
    Call list = Call.get(pods).with("labelSelector", query.labelSelector());
    Reply reply = line.send(list);
    if (!(reply instanceof Reply.Answer answer)) {
      return new Logs.Failed(KubeCluster.failure(reply));
    }
    JsonNode items = answer.json().path("items");
    if (!answer.good() || !items.isArray()) {
      return new Logs.Failed(answer.good() ? Failures.stranger(answer) : Failures.of(answer));
    }
    // The API server knows whole seconds only.
    Instant from = since.truncatedTo(ChronoUnit.SECONDS);
    List<LogLine> lines = new ArrayList<>();
    List<Failure> failures = new ArrayList<>();
    Map<String, Failure> denied = new LinkedHashMap<>();
    if (items.size() > Bounds.LOG_PODS) {
      return new Logs.Failed(tooMany(query, items.size()));
    }
    int left = Bounds.LOGS;
    for (JsonNode item : items) {
      String pod = item.path("metadata").path("name").asText();
      if (!KubeCluster.plain(pod)) {
        return new Logs.Failed(Failures.another(answer));
      }
      int most = Math.min(left, LIMIT_BYTES);
      if (most <= 0) {
        break;
      }
      String container =
          query.container().isEmpty()
              ? item.path("spec").path("containers").path(0).path("name").asText()
              : query.container();
      Call call =
          Call.get(pods + "/" + pod + "/log")
              .with("timestamps", "true")
              .with("sinceTime", from.toString())
              .with("limitBytes", String.valueOf(most));
      Reply log = line.send(container.isEmpty() ? call : call.with("container", container));
      if (log instanceof Reply.Answer said && said.good()) {
        // A server need not keep to what it was asked for.
        String text = said.text();
        String kept = text.length() > most ? text.substring(0, most) : text;
        left -= kept.length();
        lines.addAll(lines(pod, kept, from));
      } else if (log instanceof Reply.Answer no && no.absent()) {
        denied.put(pod, KubeCluster.failure(log));
      } else if (!waiting(log)) {
        failures.add(KubeCluster.failure(log));
      }
    }
    if (lines.isEmpty() && failures.isEmpty() && !denied.isEmpty()) {
      failures.addAll(stillThere(list, denied));
    }
    if (lines.isEmpty() && !failures.isEmpty()) {
      return new Logs.Failed(failures.get(0));
    }
    lines.sort(Comparator.comparing(LogLine::time));
    return new Logs.Lines(lines);
  }

  private static Failure tooMany(LogQuery query, int pods) {
    return new Failure(
        Failure.Kind.INVALID,
        "the selector \"%s\" finds %d pods, whose logs are too many to read (at most %d)"
            .formatted(query.labelSelector(), pods, Bounds.LOG_PODS));
  }

  /** A pod that has gone since it was listed has no log; one that is still listed should have. */
  private List<Failure> stillThere(Call list, Map<String, Failure> denied) {
    List<Failure> failures = new ArrayList<>();
    if (line.send(list) instanceof Reply.Answer now && now.good()) {
      for (JsonNode item : now.json().path("items")) {
        Failure failure = denied.get(item.path("metadata").path("name").asText());
        if (failure != null) {
          failures.add(failure);
        }
      }
    }
    return failures;
  }

  /** Whether the container has not started: the answer to that is a 400. */
  private static boolean waiting(Reply reply) {
    return reply instanceof Reply.Answer answer
        && answer.code() == 400
        && answer.status().path("message").asText().contains("is waiting to start");
  }

  private static String cut(String line) {
    return line.length() > Bounds.LOG_LINE ? line.substring(0, Bounds.LOG_LINE) + "..." : line;
  }

  private static List<LogLine> lines(String pod, String text, Instant from) {
    List<LogLine> lines = new ArrayList<>();
    for (String row : text.split("\n")) {
      int space = row.indexOf(' ');
      try {
        Instant time =
            OffsetDateTime.parse(space < 0 ? row.stripTrailing() : row.substring(0, space))
                .toInstant();
        if (!time.isBefore(from)) {
          String said = space < 0 ? "" : row.substring(space + 1);
          lines.add(new LogLine(time, pod, cut(said)));
        }
      } catch (DateTimeException e) {
        // The first or last line may be cut by the limit on bytes.
        continue;
      }
    }
    return lines;
  }
}
