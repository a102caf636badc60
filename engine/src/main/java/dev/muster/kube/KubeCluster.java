package dev.muster.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.bound.Bounds;
import dev.muster.live.Cluster;
import dev.muster.live.Failure;
import dev.muster.live.Follower;
import dev.muster.live.Issuance;
import dev.muster.live.Listing;
import dev.muster.live.LiveObject;
import dev.muster.live.LogQuery;
import dev.muster.live.Logs;
import dev.muster.live.Permit;
import dev.muster.live.Reading;
import dev.muster.live.ServicePort;
import dev.muster.live.TokenRequest;
import dev.muster.live.Watching;
import dev.muster.live.Written;
import dev.muster.resource.ObjectRef;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The port over an API server's REST paths: one request for each method, no discovery. */
final class KubeCluster implements Cluster {
  static final String PAGE = "500";

  private final String name;
  private final Line line;
  private final KubeClusters.Writes writes;
  private final Rounds.Machinery machinery;
  private final Permit permit;
  private final Set<Rounds> watches;

  KubeCluster(String name, Line line, KubeClusters.Writes writes, Rounds.Machinery machinery) {
    this(name, line, writes, machinery, Permit.always(), ConcurrentHashMap.newKeySet());
  }

  private KubeCluster(
      String name,
      Line line,
      KubeClusters.Writes writes,
      Rounds.Machinery machinery,
      Permit permit,
      Set<Rounds> watches) {
    this.name = name;
    this.line = line;
    this.writes = writes;
    this.machinery = machinery;
    this.permit = permit;
    this.watches = watches;
  }

  /** On the same line, so that it waits its turn with the others, and closed with this one. */
  @Override
  public Cluster under(Permit newPermit) {
    return new KubeCluster(name, line, writes, machinery, newPermit, watches);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Reading read(ObjectRef ref) {
    if (unusable(ref)) {
      return new Reading.Failed(noPath(ref));
    }
    Reply reply = line.send(Call.get(ref.path()));
    if (!(reply instanceof Reply.Answer answer)) {
      return new Reading.Failed(failure(reply));
    }
    return answer.absent() ? new Reading.Absent() : reading(ref, answer);
  }

  @Override
  public Reading readThrough(ServicePort service, ObjectRef ref) {
    if (unusable(ref)) {
      return new Reading.Failed(noPath(ref));
    }
    Reply reply = line.send(Call.get(service.path() + ref.path()));
    if (!(reply instanceof Reply.Answer answer)) {
      return new Reading.Failed(failure(reply));
    }
    if (answer.code() != 404) {
      return reading(ref, answer);
    }
    // Either server may have said it; only the far one's word about this very object counts.
    JsonNode details = answer.status().path("details");
    boolean object =
        details.path("name").asText().equals(ref.name())
            && details.path("kind").asText().equals(ref.plural());
    return object ? new Reading.Absent() : new Reading.Failed(Failures.of(answer));
  }

  private static Reading reading(ObjectRef ref, Reply.Answer answer) {
    if (!answer.good()) {
      return new Reading.Failed(Failures.of(answer));
    }
    JsonNode tree = answer.json();
    if (!tree.path("kind").asText().equals(ref.kind())) {
      return new Reading.Failed(Failures.stranger(answer));
    }
    return is(ref, tree)
        ? new Reading.Found(new LiveObject(ref, tree))
        : new Reading.Failed(Failures.another(answer));
  }

  /** Whether a tree says of itself that it is this object. */
  static boolean is(ObjectRef ref, JsonNode tree) {
    JsonNode metadata = tree.path("metadata");
    return metadata.path("name").asText().equals(ref.name())
        && metadata.path("namespace").asText().equals(ref.namespace());
  }

  @Override
  public Listing list(ObjectRef kind, String labelSelector) {
    List<LiveObject> objects = new ArrayList<>();
    String from = "";
    long bytes = 0;
    for (int page = 0; page < Bounds.PAGES && bytes <= Bounds.LIST; page++) {
      Call call = Call.get(kind.collectionPath()).with("limit", PAGE);
      call = labelSelector.isEmpty() ? call : call.with("labelSelector", labelSelector);
      call = from.isEmpty() ? call : call.with("continue", from);
      Reply reply = line.send(call);
      if (!(reply instanceof Reply.Answer answer)) {
        return new Listing.Failed(failure(reply));
      }
      if (answer.unserved(kind)) {
        return new Listing.Listed(List.of(), "");
      }
      JsonNode tree = answer.json();
      if (!answer.good() || !tree.path("items").isArray()) {
        return new Listing.Failed(answer.good() ? Failures.stranger(answer) : Failures.of(answer));
      }
      for (JsonNode item : tree.path("items")) {
        if (!belongs(kind, item)) {
          return new Listing.Failed(Failures.another(answer));
        }
        objects.add(item(kind, item));
      }
      bytes += answer.body().length;
      from = tree.path("metadata").path("continue").asText();
      if (from.isEmpty()) {
        return new Listing.Listed(objects, tree.path("metadata").path("resourceVersion").asText());
      }
    }
    return new Listing.Failed(
        new Failure(
            Failure.Kind.SERVER_ERROR,
            "the list of %s does not end: more than %d pages, or %d MiB"
                .formatted(kind.plural(), Bounds.PAGES, Bounds.LIST >> 20)));
  }

  /** Whether an item of a list can be one of the kind that was asked for. */
  static boolean belongs(ObjectRef kind, JsonNode item) {
    JsonNode metadata = item.path("metadata");
    String own = item.path("kind").asText();
    String namespace = metadata.path("namespace").asText();
    return item.isObject()
        && (own.isEmpty() || own.equals(kind.kind()))
        && (kind.namespace().isEmpty() || kind.namespace().equals(namespace))
        && plain(metadata.path("name").asText())
        && (namespace.isEmpty() || plain(namespace));
  }

  /** An object out of a list, whose items carry no kind where the server knows it by heart. */
  static LiveObject item(ObjectRef kind, JsonNode item) {
    ObjectNode tree = Reply.JSON.createObjectNode();
    tree.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
    tree.setAll((ObjectNode) item);
    JsonNode metadata = item.path("metadata");
    ObjectRef ref =
        new ObjectRef(
            kind.group(),
            kind.version(),
            kind.kind(),
            kind.plural(),
            metadata.path("namespace").asText(),
            metadata.path("name").asText());
    return new LiveObject(ref, tree);
  }

  /** From the Date header, which every HTTP server sends; of whole seconds. */
  @Override
  public Optional<Instant> clock() {
    if (!(line.send(Call.get("/version")) instanceof Reply.Answer answer)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          ZonedDateTime.parse(answer.date(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  @Override
  public Written create(ObjectRef ref, JsonNode manifest) {
    return written(
        ref, write("POST", ref.collectionPath(), "application/json", manifest.toString()));
  }

  @Override
  public Written patch(ObjectRef ref, JsonNode patch) {
    if (unusable(ref)) {
      return new Written.Failed(noPath(ref));
    }
    Reply reply = write("PATCH", ref.path(), "application/json-patch+json", patch.toString());
    return reply instanceof Reply.Answer answer && !answer.good()
        ? new Written.Failed(Failures.ofPatch(answer))
        : written(ref, reply);
  }

  @Override
  public Written replace(ObjectRef ref, JsonNode manifest) {
    return unusable(ref)
        ? new Written.Failed(noPath(ref))
        : written(ref, write("PUT", ref.path(), "application/json", manifest.toString()));
  }

  @Override
  public Written delete(ObjectRef ref, String uid) {
    if (unusable(ref) || uid.isEmpty()) {
      return new Written.Failed(noPath(ref));
    }
    ObjectNode options = Reply.JSON.createObjectNode();
    options.put("apiVersion", "v1").put("kind", "DeleteOptions");
    options.putObject("preconditions").put("uid", uid);
    if (writes == KubeClusters.Writes.SERVER_DRY_RUN) {
      // With a body, the server does not look at the query.
      options.putArray("dryRun").add("All");
    }
    Reply reply = write("DELETE", ref.path(), "application/json", options.toString());
    if (!(reply instanceof Reply.Answer answer) || !answer.good() && !answer.absent()) {
      return written(ref, reply);
    }
    if (answer.absent()) {
      return new Written.Gone();
    }
    JsonNode tree = answer.json();
    return new Written.Done(
        tree.path("kind").asText().equals(ref.kind()) && is(ref, tree)
            ? new LiveObject(ref, tree)
            : LiveObject.remains(ref, uid));
  }

  @Override
  public Issuance issue(TokenRequest request) {
    if (unusable(request.account()) || writes == KubeClusters.Writes.SERVER_DRY_RUN) {
      return new Issuance.Failed(noPath(request.account()));
    }
    ObjectNode body = Reply.JSON.createObjectNode();
    body.put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenRequest");
    ObjectNode spec = body.putObject("spec");
    spec.put("expirationSeconds", request.duration().toSeconds());
    if (!request.audiences().isEmpty()) {
      request.audiences().forEach(spec.putArray("audiences")::add);
    }
    String path = request.account().path() + "/token";
    Reply reply = write("POST", path, "application/json", body.toString());
    if (!(reply instanceof Reply.Answer answer)) {
      return new Issuance.Failed(failure(reply));
    }
    String token = answer.good() ? answer.json().at("/status/token").asText() : "";
    return token.isEmpty()
        ? new Issuance.Failed(answer.good() ? Failures.stranger(answer) : Failures.of(answer))
        : new Issuance.Token(token);
  }

  private Reply write(String method, String path, String type, String body) {
    Call call = Call.write(method, path, type, body).with("fieldManager", "muster").under(permit);
    return line.send(
        writes == KubeClusters.Writes.SERVER_DRY_RUN ? call.with("dryRun", "All") : call);
  }

  private static Written written(ObjectRef ref, Reply reply) {
    if (!(reply instanceof Reply.Answer answer)) {
      return new Written.Failed(failure(reply));
    }
    Reading reading = reading(ref, answer);
    return reading instanceof Reading.Found found
        ? new Written.Done(found.object())
        : new Written.Failed(reading.failed().orElseThrow());
  }

  @Override
  public Watching watch(ObjectRef ref, Consumer<Reading> onChange) {
    ObjectWatch watch = new ObjectWatch(line, ref, onChange, machinery, watches::remove);
    watches.add(watch);
    watch.start();
    return watch;
  }

  @Override
  public Watching watchAll(ObjectRef kind, String labelSelector, Follower follower) {
    ListWatch watch =
        new ListWatch(line, kind, labelSelector, follower, machinery, watches::remove);
    watches.add(watch);
    watch.start();
    return watch;
  }

  @Override
  public Logs logs(LogQuery query, Instant since) {
    return new PodLogs(line).read(query, since);
  }

  @Override
  public void close() {
    watches.forEach(Rounds::close);
    line.close();
  }

  static Failure failure(Reply reply) {
    return reply instanceof Reply.Broken broken
        ? broken.failure()
        : Failures.of((Reply.Answer) reply);
  }

  /** A name that would change the path it stands in. */
  private static boolean unusable(ObjectRef ref) {
    return !plain(ref.name());
  }

  static boolean plain(String name) {
    return !name.isEmpty() && !name.equals(".") && !name.equals("..") && !name.contains("/");
  }

  private static Failure noPath(ObjectRef ref) {
    return new Failure(Failure.Kind.INVALID, ref + " does not name one object");
  }
}
