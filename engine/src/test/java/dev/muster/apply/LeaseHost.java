package dev.muster.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.live.Cluster;
import dev.muster.live.Failure;
import dev.muster.live.Follower;
import dev.muster.live.Issuance;
import dev.muster.live.Listing;
import dev.muster.live.LiveObject;
import dev.muster.live.LogQuery;
import dev.muster.live.Logs;
import dev.muster.live.Reading;
import dev.muster.live.ServicePort;
import dev.muster.live.TokenRequest;
import dev.muster.live.Watching;
import dev.muster.live.Written;
import dev.muster.resource.ObjectRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A host that has one Lease or none, and keeps what was written to it. */
final class LeaseHost implements Cluster {
  private Optional<LiveObject> lease = Optional.empty();
  private Optional<Failure> failing = Optional.empty();
  private int version;
  private int answersToLose;
  private int requestsToLose;
  private int writesToDeny;

  /** The holders of all writes that were taken in, in order. */
  final List<String> landed = new ArrayList<>();

  synchronized void failWith(Failure.Kind kind, String message) {
    failing = Optional.of(new Failure(kind, message));
  }

  synchronized void answerAgain() {
    failing = Optional.empty();
  }

  /** Somebody edits the Lease by hand. */
  synchronized void edit(Consumer<ObjectNode> edit) {
    ObjectNode tree = lease.orElseThrow().tree().deepCopy();
    edit.accept((ObjectNode) tree.path("spec"));
    store(tree);
  }

  synchronized void remove() {
    lease = Optional.empty();
  }

  synchronized JsonNode spec() {
    return lease.orElseThrow().tree().path("spec");
  }

  private Written store(JsonNode manifest) {
    ObjectNode tree = manifest.deepCopy();
    tree.withObjectProperty("metadata").put("resourceVersion", "" + ++version);
    tree.withObjectProperty("metadata").put("uid", "lease");
    LiveObject object = new LiveObject(LeaseLock.refOf("acme"), tree);
    lease = Optional.of(object);
    return new Written.Done(object);
  }

  private Written accept(JsonNode manifest) {
    landed.add(manifest.at("/spec/holderIdentity").asText());
    Written written = store(manifest);
    if (answersToLose > 0) {
      answersToLose--;
      return no(Failure.Kind.BROKEN);
    }
    return written;
  }

  /** So many writes are taken in, and nobody hears of it. */
  synchronized void loseAnswers(int number) {
    answersToLose = number;
  }

  /** So many requests never come. */
  synchronized void loseRequests(int number) {
    requestsToLose = number;
  }

  /** So many writes of a Lease that is there are told that it is not. */
  synchronized void denyWrites(int number) {
    writesToDeny = number;
  }

  private boolean lost() {
    return requestsToLose-- > 0;
  }

  private static Written no(Failure.Kind kind) {
    return new Written.Failed(new Failure(kind, kind.toString()));
  }

  @Override
  public String name() {
    return "host";
  }

  @Override
  public synchronized Reading read(ObjectRef ref) {
    if (failing.isPresent()) {
      return new Reading.Failed(failing.get());
    }
    return lease.<Reading>map(Reading.Found::new).orElseGet(Reading.Absent::new);
  }

  @Override
  public synchronized Written create(ObjectRef ref, JsonNode manifest) {
    if (failing.isPresent()) {
      return new Written.Failed(failing.get());
    }
    if (lost()) {
      return no(Failure.Kind.BROKEN);
    }
    return lease.isPresent() ? no(Failure.Kind.ALREADY_EXISTS) : accept(manifest);
  }

  @Override
  public synchronized Written replace(ObjectRef ref, JsonNode manifest) {
    if (failing.isPresent()) {
      return new Written.Failed(failing.get());
    }
    if (lost()) {
      return no(Failure.Kind.BROKEN);
    }
    if (lease.isEmpty() || writesToDeny-- > 0) {
      return no(Failure.Kind.NOT_FOUND);
    }
    String expected = manifest.at("/metadata/resourceVersion").asText();
    return lease.get().resourceVersion().equals(expected)
        ? accept(manifest)
        : no(Failure.Kind.STALE);
  }

  @Override
  public Reading readThrough(ServicePort service, ObjectRef ref) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Listing list(ObjectRef kind, String labelSelector) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Issuance issue(TokenRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Written patch(ObjectRef ref, JsonNode patch) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Written delete(ObjectRef ref, String uid) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Watching watch(ObjectRef ref, Consumer<Reading> onChange) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Watching watchAll(ObjectRef kind, String labelSelector, Follower follower) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Logs logs(LogQuery query, Instant since) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<Instant> clock() {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
