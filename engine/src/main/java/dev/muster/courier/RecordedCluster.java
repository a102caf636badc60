package dev.muster.courier;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A cluster as it was when it was recorded: what was not recorded cannot be read, and nothing can
 * be written but what is remembered of the member to which it was carried. Without a recording it
 * is one that cannot be reached.
 */
public final class RecordedCluster implements Cluster {
  private final String name;
  private final Optional<Recording> recording;
  private final String why;
  private final Optional<Carried> carried;

  /**
   * @param why it is only a recording, and what to do about it
   */
  public RecordedCluster(String name, Optional<Recording> recording, String why) {
    this(name, recording, why, Optional.empty());
  }

  /** A host of which the inventory of one member was taken along. */
  public RecordedCluster(String name, Recording recording, String why, Carried carried) {
    this(name, Optional.of(recording), why, Optional.of(carried));
  }

  private RecordedCluster(
      String name, Optional<Recording> recording, String why, Optional<Carried> carried) {
    this.name = name;
    this.recording = recording;
    this.why = why;
    this.carried = carried;
  }

  private Optional<Carried> carried(ObjectRef ref) {
    return carried.filter(c -> c.is(ref));
  }

  private Failure failure() {
    return new Failure(recording.isPresent() ? Failure.Kind.NO_ACCESS : Failure.Kind.REFUSED, why);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Reading read(ObjectRef ref) {
    if (carried(ref).isPresent()) {
      return carried.get().read();
    }
    Optional<Optional<JsonNode>> known =
        recording.flatMap(r -> Optional.ofNullable(r.objects().get(ref)));
    if (known.isEmpty()) {
      return new Reading.Failed(failure());
    }
    return known
        .get()
        .<Reading>map(tree -> new Reading.Found(new LiveObject(ref, tree)))
        .orElseGet(Reading.Absent::new);
  }

  @Override
  public Reading readThrough(ServicePort service, ObjectRef ref) {
    return new Reading.Failed(failure());
  }

  @Override
  public Listing list(ObjectRef kind, String labelSelector) {
    if (carried.filter(c -> c.selects(labelSelector)).isPresent()) {
      return carried.get().list();
    }
    if (!labelSelector.isEmpty()) {
      return new Listing.Failed(failure());
    }
    for (var list : recording.map(r -> r.lists().entrySet()).orElse(Set.of())) {
      if (list.getKey().withName("").collectionPath().equals(kind.withName("").collectionPath())) {
        List<LiveObject> objects =
            list.getValue().stream()
                .map(
                    item ->
                        new LiveObject(
                            list.getKey().withName(item.at("/metadata/name").asText()), item))
                .toList();
        return new Listing.Listed(objects, "0");
      }
    }
    return new Listing.Failed(failure());
  }

  @Override
  public Written create(ObjectRef ref, JsonNode manifest) {
    return carried(ref).map(c -> c.create(manifest)).orElseGet(() -> new Written.Failed(failure()));
  }

  @Override
  public Issuance issue(TokenRequest request) {
    return new Issuance.Failed(failure());
  }

  @Override
  public Written patch(ObjectRef ref, JsonNode patch) {
    return new Written.Failed(failure());
  }

  @Override
  public Written replace(ObjectRef ref, JsonNode manifest) {
    return carried(ref)
        .map(c -> c.replace(manifest))
        .orElseGet(() -> new Written.Failed(failure()));
  }

  @Override
  public Written delete(ObjectRef ref, String uid) {
    return new Written.Failed(failure());
  }

  /** Nothing changes any more. */
  @Override
  public Watching watch(ObjectRef ref, Consumer<Reading> onChange) {
    onChange.accept(read(ref));
    return () -> {};
  }

  @Override
  public Watching watchAll(ObjectRef kind, String labelSelector, Follower follower) {
    Listing listing = list(kind, labelSelector);
    if (listing instanceof Listing.Listed listed) {
      follower.all(listed.objects());
    } else {
      follower.failed(failure());
    }
    return () -> {};
  }

  @Override
  public Logs logs(LogQuery query, Instant since) {
    return new Logs.Lines(List.of());
  }

  @Override
  public Optional<Instant> clock() {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
