package dev.muster.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The audit log of one API server: the requests of the audited users, as the server saw them. */
public final class Audit {
  static final String POLICY =
      """
      apiVersion: audit.k8s.io/v1
      kind: Policy
      omitStages: [RequestReceived, ResponseStarted]
      rules:
      - {level: Request, users: [audited, powerless, "system:serviceaccount:kube-system:muster"]}
      - {level: None}
      """;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;

  Audit(Path file) {
    this.file = file;
  }

  /**
   * One request that has been answered; a watch is one when it has ended.
   *
   * @param verb as Kubernetes names them: get, list, watch, create, update, patch, delete
   * @param body what was sent with it, missing when nothing was
   */
  public record Request(String verb, String path, String query, int status, JsonNode body) {
    public boolean writes() {
      return !verb.equals("get") && !verb.equals("list") && !verb.equals("watch");
    }

    public boolean dryRun() {
      return List.of(query.split("&")).contains("dryRun=All");
    }

    /** For messages of failed assertions. */
    @Override
    public String toString() {
      return verb + " " + path + (query.isEmpty() ? "" : "?" + query) + " -> " + status;
    }
  }

  /** All requests so far, in the order of their answers. */
  public List<Request> requests() {
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      List<Request> requests = new ArrayList<>();
      String text = Files.readString(file, StandardCharsets.UTF_8);
      // The last line may be being written.
      for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
        requests.add(request(JSON.readTree(line)));
      }
      return requests;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path file() {
    return file;
  }

  private static Request request(JsonNode event) {
    URI uri = URI.create(event.path("requestURI").asText());
    String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
    JsonNode body = event.path("requestObject");
    return new Request(
        event.path("verb").asText(),
        uri.getPath(),
        query,
        event.at("/responseStatus/code").asInt(),
        body.isMissingNode() ? MissingNode.getInstance() : body);
  }
}
