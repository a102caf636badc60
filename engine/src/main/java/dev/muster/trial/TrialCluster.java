package dev.muster.trial;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.credential.UnsignedToken;
import dev.muster.diff.Patches;
import dev.muster.live.Cluster;
import dev.muster.live.Failure;
import dev.muster.live.Follower;
import dev.muster.live.Issuance;
import dev.muster.live.Listing;
import dev.muster.live.LiveObject;
import dev.muster.live.LogLine;
import dev.muster.live.LogQuery;
import dev.muster.live.Logs;
import dev.muster.live.Reading;
import dev.muster.live.ServicePort;
import dev.muster.live.TokenRequest;
import dev.muster.live.Watching;
import dev.muster.live.Written;
import dev.muster.resource.ObjectRef;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A cluster of a case. Does with writes what an API server does with them (uid, resourceVersion,
 * generation, finalizers, who wrote when), and nothing that a controller does.
 */
final class TrialCluster implements Cluster {
  private final String name;
  private final TrialTime time;
  private final Function<String, Optional<Cluster>> others;
  private final Map<String, LiveObject> objects = new LinkedHashMap<>();
  private final Map<String, Failure> unreadable = new LinkedHashMap<>();
  private final Map<String, Way> services = new LinkedHashMap<>();
  private final Map<String, List<LogLine>> logs = new LinkedHashMap<>();
  private final Set<ObjectRef> written = new LinkedHashSet<>();
  private Optional<Failure> unreachable = Optional.empty();
  private Optional<Way> kubeconfig = Optional.empty();
  private int version;
  private int issued;

  /**
   * Where somebody gets who goes through a Service, or uses a kubeconfig.
   *
   * @param cluster the name of the cluster at the far end
   */
  record Way(String cluster, Optional<Failure> failure) {}

  /**
   * @param others the clusters of the case by name
   */
  TrialCluster(String name, TrialTime time, Function<String, Optional<Cluster>> others) {
    this.name = name;
    this.time = time;
    this.others = others;
  }

  @Override
  public String name() {
    return name;
  }

  synchronized void reachable(Optional<Failure> failure) {
    unreachable = failure;
  }

  synchronized void unreadable(ObjectRef ref, Failure failure) {
    unreadable.put(ref.path(), failure);
  }

  synchronized void service(String path, Way way) {
    services.put(path, way);
  }

  synchronized void kubeconfig(Way way) {
    kubeconfig = Optional.of(way);
  }

  synchronized void log(LogQuery query, List<LogLine> lines) {
    logs.computeIfAbsent(query.toString(), key -> new ArrayList<>()).addAll(lines);
  }

  synchronized void gone(ObjectRef ref) {
    objects.remove(ref.path());
  }

  /** The object as it is now; what nobody can read is there all the same. */
  synchronized Optional<LiveObject> live(ObjectRef ref) {
    return Optional.ofNullable(objects.get(ref.path()));
  }

  /** All objects in the order in which they came. */
  synchronized List<LiveObject> all() {
    return List.copyOf(objects.values());
  }

  /** What was written since this was asked last. */
  synchronized Set<ObjectRef> written() {
    Set<ObjectRef> since = new LinkedHashSet<>(written);
    written.clear();
    return since;
  }

  /** Makes the object be so, whoever did it. */
  synchronized void put(ObjectRef ref, ObjectNode tree) {
    unreadable.remove(ref.path());
    ObjectNode metadata = tree.withObjectProperty("metadata");
    if (!metadata.has("uid")) {
      metadata.put("uid", uid(ref.path()));
    }
    if (metadata.has("deletionTimestamp") && metadata.path("finalizers").isEmpty()) {
      objects.remove(ref.path());
      return;
    }
    metadata.put("resourceVersion", String.valueOf(++version));
    objects.put(ref.path(), new LiveObject(ref, tree));
  }

  private String uid(String path) {
    String seed = name + path + (version == 0 ? "" : " " + version);
    return UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8)).toString();
  }

  @Override
  public synchronized Reading read(ObjectRef ref) {
    Optional<Failure> failure =
        unreachable.or(() -> Optional.ofNullable(unreadable.get(ref.path())));
    if (failure.isPresent()) {
      return new Reading.Failed(failure.get());
    }
    return live(ref).<Reading>map(Reading.Found::new).orElseGet(Reading.Absent::new);
  }

  @Override
  public Reading readThrough(ServicePort service, ObjectRef ref) {
    Optional<Way> way;
    synchronized (this) {
      if (unreachable.isPresent()) {
        return new Reading.Failed(unreachable.get());
      }
      way = Optional.ofNullable(services.get(service.path()));
    }
    return way.map(w -> follow(w, ref))
        .orElseGet(
            () ->
                new Reading.Failed(
                    new Failure(
                        Failure.Kind.SERVER_ERROR,
                        "no endpoints available for service \"" + service.service() + "\"")));
  }

  /** Reads with the kubeconfig that the host has of this cluster; it leads here unless said. */
  Reading readBehind(ObjectRef ref) {
    Optional<Way> way;
    synchronized (this) {
      way = kubeconfig;
    }
    return way.map(w -> follow(w, ref)).orElseGet(() -> read(ref));
  }

  private Reading follow(Way way, ObjectRef ref) {
    if (way.failure().isPresent()) {
      return new Reading.Failed(way.failure().get());
    }
    return others
        .apply(way.cluster())
        .map(cluster -> cluster.read(ref))
        .orElseGet(
            () ->
                new Reading.Failed(
                    new Failure(Failure.Kind.UNKNOWN_HOST, "no cluster " + way.cluster())));
  }

  @Override
  public synchronized Listing list(ObjectRef kind, String labelSelector) {
    Optional<Failure> failure =
        unreachable.or(() -> Optional.ofNullable(unreadable.get(kind.withName("").path())));
    if (failure.isPresent()) {
      return new Listing.Failed(failure.get());
    }
    List<LiveObject> found =
        objects.values().stream()
            .filter(object -> isOf(object.ref(), kind))
            .filter(object -> selected(object, labelSelector))
            .toList();
    return new Listing.Listed(found, String.valueOf(version));
  }

  private static boolean isOf(ObjectRef ref, ObjectRef kind) {
    return ref.group().equals(kind.group())
        && ref.version().equals(kind.version())
        && ref.plural().equals(kind.plural())
        && (kind.namespace().isEmpty() || kind.namespace().equals(ref.namespace()));
  }

  private static boolean selected(LiveObject object, String selector) {
    JsonNode labels = object.tree().path("metadata").path("labels");
    for (String term : selector.isEmpty() ? new String[0] : selector.split(",")) {
      String[] pair = term.split("=+", 2);
      if (pair.length != 2 || !labels.path(pair[0].strip()).asText().equals(pair[1].strip())) {
        return false;
      }
    }
    return true;
  }

  @Override
  public synchronized Written create(ObjectRef ref, JsonNode manifest) {
    if (unreachable.isPresent()) {
      return new Written.Failed(unreachable.get());
    }
    if (objects.containsKey(ref.path())) {
      return new Written.Failed(new Failure(Failure.Kind.ALREADY_EXISTS, ref + " exists already"));
    }
    ObjectNode tree = manifest.deepCopy();
    ObjectNode metadata = tree.withObjectProperty("metadata");
    metadata.remove("uid");
    metadata.put("creationTimestamp", time.now().toString());
    if (tree.has("spec")) {
      metadata.put("generation", 1);
    }
    return keep(ref, tree);
  }

  @Override
  public synchronized Written patch(ObjectRef ref, JsonNode patch) {
    if (unreachable.isPresent()) {
      return new Written.Failed(unreachable.get());
    }
    Optional<LiveObject> before = live(ref);
    if (before.isEmpty()) {
      return new Written.Failed(new Failure(Failure.Kind.NOT_FOUND, ref + " does not exist"));
    }
    try {
      return keep(ref, next(before.get(), Patches.apply(patch, before.get().tree())));
    } catch (IllegalArgumentException e) {
      return new Written.Failed(new Failure(Failure.Kind.STALE, String.valueOf(e.getMessage())));
    }
  }

  @Override
  public synchronized Written replace(ObjectRef ref, JsonNode manifest) {
    if (unreachable.isPresent()) {
      return new Written.Failed(unreachable.get());
    }
    Optional<LiveObject> before = live(ref);
    if (before.isEmpty()) {
      return new Written.Failed(new Failure(Failure.Kind.NOT_FOUND, ref + " does not exist"));
    }
    String expected = manifest.path("metadata").path("resourceVersion").asText();
    if (!expected.isEmpty() && !expected.equals(before.get().resourceVersion())) {
      return new Written.Failed(new Failure(Failure.Kind.STALE, ref + " has changed"));
    }
    return keep(ref, next(before.get(), manifest));
  }

  /** An API server counts the changes of what is wanted. */
  private static ObjectNode next(LiveObject before, JsonNode after) {
    ObjectNode tree = after.deepCopy();
    boolean counted = before.tree().path("metadata").has("generation");
    if (counted && !before.tree().path("spec").equals(tree.path("spec"))) {
      tree.withObjectProperty("metadata")
          .put("generation", before.tree().path("metadata").path("generation").asLong() + 1);
    }
    return tree;
  }

  private Written keep(ObjectRef ref, ObjectNode tree) {
    ObjectNode metadata = tree.withObjectProperty("metadata");
    metadata
        .putArray("managedFields")
        .addObject()
        .put("manager", "muster")
        .put("operation", "Update")
        .put("time", time.now().toString());
    written.add(ref);
    put(ref, tree);
    return new Written.Done(
        Optional.ofNullable(objects.get(ref.path())).orElseGet(() -> new LiveObject(ref, tree)));
  }

  @Override
  public synchronized Written delete(ObjectRef ref, String uid) {
    if (unreachable.isPresent()) {
      return new Written.Failed(unreachable.get());
    }
    Optional<LiveObject> before = live(ref);
    if (before.isEmpty()) {
      return new Written.Gone();
    }
    if (!before.get().uid().equals(uid)) {
      return new Written.Failed(new Failure(Failure.Kind.STALE, ref + " is another object"));
    }
    written.add(ref);
    if (before.get().tree().path("metadata").path("finalizers").isEmpty()) {
      objects.remove(ref.path());
      return new Written.Done(before.get());
    }
    ObjectNode tree = before.get().tree().deepCopy();
    tree.withObjectProperty("metadata").put("deletionTimestamp", time.now().toString());
    put(ref, tree);
    return new Written.Done(Objects.requireNonNull(objects.get(ref.path())));
  }

  /** The same for the same cluster, account and moment, so that a case is the same each time. */
  @Override
  public synchronized Issuance issue(TokenRequest request) {
    if (unreachable.isPresent()) {
      return new Issuance.Failed(unreachable.get());
    }
    Optional<LiveObject> account = live(request.account());
    if (account.isEmpty()) {
      return new Issuance.Failed(
          new Failure(Failure.Kind.NOT_FOUND, request.account() + " does not exist"));
    }
    return new Issuance.Token(
        new UnsignedToken(
                "https://" + name + ".example",
                request.account().namespace(),
                request.account().name(),
                account.get().uid(),
                request.audiences(),
                time.now(),
                request.duration(),
                String.valueOf(++issued))
            .text());
  }

  /** Nothing happens by itself. */
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
      follower.failed(((Listing.Failed) listing).failure());
    }
    return () -> {};
  }

  @Override
  public synchronized Logs logs(LogQuery query, Instant since) {
    if (unreachable.isPresent()) {
      return new Logs.Failed(unreachable.get());
    }
    return new Logs.Lines(
        logs.getOrDefault(query.toString(), List.of()).stream()
            .filter(line -> !line.time().isBefore(since))
            .toList());
  }

  @Override
  public Optional<Instant> clock() {
    return Optional.of(time.now());
  }

  @Override
  public void close() {}
}
