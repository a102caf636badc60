package dev.muster.changes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.muster.desired.Lookup;
import dev.muster.desired.Need;
import dev.muster.desired.World;
import dev.muster.live.Listing;
import dev.muster.live.LiveObject;
import dev.muster.live.Logs;
import dev.muster.live.Reading;
import dev.muster.plan.ObjectSource;
import dev.muster.plan.ObjectSpec;
import dev.muster.problem.MusterException;
import dev.muster.resource.DocumentPlace;
import dev.muster.resource.FieldRules;
import dev.muster.resource.ObjectRef;
import dev.muster.resource.Redactor;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.Topology;
import dev.muster.yaml.YamlDocument;
import java.time.Instant;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What was read of the clusters, and when it was read last. Something that nobody has read counts
 * as absent, so readers have to ask for all that an expression needs. Safe for use by several
 * threads.
 */
public final class Snapshot implements World {
  private final Map<Need, Reading> objects = new ConcurrentHashMap<>();
  private final Map<Need, Listing> listings = new ConcurrentHashMap<>();
  private final Map<Need, Lookup> views = new ConcurrentHashMap<>();
  private final Map<String, Reading> manifests = new ConcurrentHashMap<>();
  private final Map<String, Reading> identities = new ConcurrentHashMap<>();
  private final Map<String, JsonNode> carried = new ConcurrentHashMap<>();
  private final Map<String, Instant> clocks = new ConcurrentHashMap<>();
  private volatile Optional<Inventory> inventory = Optional.empty();
  private final Map<String, LiveObject> inventoryObjects = new ConcurrentHashMap<>();
  private final Map<Topology, ObjectNode> topologies =
      Collections.synchronizedMap(new IdentityHashMap<>());
  private final Redactor redactor;
  private final SecretsRead secrets;
  private volatile ObjectNode rotation = JsonNodeFactory.instance.objectNode();

  /**
   * @param redactor learns every sensitive value that is read
   */
  public Snapshot(Redactor redactor) {
    this.redactor = redactor;
    this.secrets = new SecretsRead(redactor);
  }

  public Redactor redactor() {
    return redactor;
  }

  /**
   * An earlier state than what is known already, from a server whose cache lags, changes nothing.
   */
  public void put(Need need, Reading read) {
    Reading reading =
        Objects.requireNonNull(
            objects.merge(need, read, (known, later) -> isOlder(later, known) ? known : later));
    Lookup view = view(need, reading);
    if (view instanceof Lookup.Present present) {
      secrets.learn(present.value(), need.rules());
    }
    views.put(need, view);
  }

  private static boolean isOlder(Reading later, Reading known) {
    return later.found().flatMap(read -> known.found().map(read::isOlderThan)).orElse(false);
  }

  public void put(Need need, Listing listing) {
    listings.put(need, listing);
    if (listing instanceof Listing.Failed failed) {
      views.put(need, new Lookup.Unreadable(failed.failure()));
      return;
    }
    ObjectNode view = JsonNodeFactory.instance.objectNode();
    ArrayNode items = view.putArray("items");
    for (LiveObject object : ((Listing.Listed) listing).objects()) {
      secrets.learn(object.tree(), need.rules());
      items.add(slim(object.tree()));
    }
    views.put(need, new Lookup.Present(view));
  }

  /**
   * Without the bookkeeping of field managers: an expression over a list walks every part of every
   * object in it, once for each member, and this is the largest part of most objects.
   */
  private static JsonNode slim(JsonNode object) {
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    copy.setAll((ObjectNode) object);
    if (object.get("metadata") instanceof ObjectNode metadata) {
      ObjectNode slimmed = JsonNodeFactory.instance.objectNode();
      slimmed.setAll(metadata);
      slimmed.remove("managedFields");
      copy.set("metadata", slimmed);
    }
    return copy;
  }

  public void put(Need need, Logs logs) {
    if (logs instanceof Logs.Failed failed) {
      views.put(need, new Lookup.Unreadable(failed.failure()));
      return;
    }
    ArrayNode lines = JsonNodeFactory.instance.arrayNode();
    ((Logs.Lines) logs)
        .lines()
        .forEach(
            line ->
                lines
                    .addObject()
                    .put("time", line.time().toString())
                    .put("pod", line.pod())
                    .put("text", line.text()));
    views.put(need, new Lookup.Present(lines));
  }

  /** An object that a topology's manifests name, as opposed to the plan. */
  public void putManifest(ClusterDeclaration cluster, ObjectRef ref, Reading reading) {
    manifests.put(cluster.name() + " " + ref.path(), reading);
  }

  /** What an object has become, where it is one that the manifests name. */
  public void updateManifest(ClusterDeclaration cluster, ObjectRef ref, Reading reading) {
    manifests.computeIfPresent(cluster.name() + " " + ref.path(), (key, before) -> reading);
  }

  public Optional<Reading> manifest(ClusterDeclaration cluster, ObjectRef ref) {
    return Optional.ofNullable(manifests.get(cluster.name() + " " + ref.path()));
  }

  /** What is remembered of the topology; nothing when nobody has read it. */
  public Inventory inventory() {
    return inventory.orElseGet(Inventory::empty);
  }

  public boolean hasInventory() {
    return inventory.isPresent();
  }

  public synchronized void putInventory(Inventory read, Map<String, LiveObject> objects) {
    inventoryObjects.clear();
    inventoryObjects.putAll(objects);
    inventory = Optional.of(read);
  }

  /** Another state of one cluster's entry, and the object that holds it when it was written. */
  public synchronized void putInventory(InventoryEntry entry, Optional<LiveObject> object) {
    inventory = Optional.of(inventory().with(entry));
    object.ifPresent(written -> inventoryObjects.put(entry.name(), written));
  }

  /** A member that is renamed keeps what is remembered of it. */
  synchronized void inherit(ClusterDeclaration member) {
    inventory = inventory.map(read -> read.inherited(member));
  }

  public synchronized void removeFromInventory(String cluster) {
    inventory = Optional.of(inventory().without(cluster));
    inventoryObjects.remove(cluster);
  }

  /** The object that holds a cluster's entry. */
  public Optional<LiveObject> inventoryObject(String cluster) {
    return Optional.ofNullable(inventoryObjects.get(cluster));
  }

  /** The cluster's namespace kube-system, whose UID is the cluster's identity. */
  public void putIdentity(ClusterDeclaration cluster, Reading reading) {
    identities.put(cluster.name(), reading);
    topologies.clear();
  }

  public Optional<Reading> identity(ClusterDeclaration cluster) {
    return Optional.ofNullable(identities.get(cluster.name()));
  }

  /** What a fact said before anything was changed. */
  public void carry(ClusterDeclaration cluster, String fact, JsonNode value) {
    carried.put(cluster.name() + " " + fact, value);
  }

  /** All that is carried along for a cluster, by fact. */
  Map<String, JsonNode> carriedFor(ClusterDeclaration cluster) {
    Map<String, JsonNode> values = new TreeMap<>();
    String prefix = cluster.name() + " ";
    carried.forEach(
        (key, value) -> {
          if (key.startsWith(prefix)) {
            values.put(key.substring(prefix.length()), value);
          }
        });
    return values;
  }

  @Override
  public Lookup carried(ClusterDeclaration cluster, String fact) {
    JsonNode value = carried.get(cluster.name() + " " + fact);
    return value == null ? new Lookup.Absent() : new Lookup.Present(value);
  }

  @Override
  public Lookup recordedUid(ClusterDeclaration cluster) {
    return inventory()
        .entry(cluster.name())
        .map(InventoryEntry::uid)
        .filter(uid -> !uid.isEmpty())
        .<Lookup>map(uid -> new Lookup.Present(TextNode.valueOf(uid)))
        .orElseGet(Lookup.Absent::new);
  }

  public void putClock(ClusterDeclaration cluster, Instant now) {
    clocks.put(cluster.name(), now);
  }

  /** The raw reading of an object, when there was one. */
  public Optional<Reading> reading(Need need) {
    return Optional.ofNullable(objects.get(need));
  }

  /** What the plan calls an object of a cluster, under all names under which it was read. */
  public List<ObjectSpec> namesOf(ClusterDeclaration cluster, ObjectRef ref) {
    return objects.keySet().stream()
        .filter(need -> is(need, cluster, ref))
        .map(Need::object)
        .distinct()
        .toList();
  }

  /** An object as it was read, on whatever occasion. */
  public Optional<LiveObject> live(ClusterDeclaration cluster, ObjectRef ref) {
    return objects.entrySet().stream()
        .filter(entry -> is(entry.getKey(), cluster, ref))
        .flatMap(entry -> entry.getValue().found().stream())
        .findFirst()
        .or(() -> manifest(cluster, ref).flatMap(Reading::found))
        .or(() -> listed(cluster, ref));
  }

  /** An object as it was read under the name that the plan has for it, of which there is one. */
  public Optional<LiveObject> live(ClusterDeclaration cluster, String name) {
    return objects.entrySet().stream()
        .filter(entry -> entry.getKey().object().name().equals(name))
        .filter(entry -> entry.getKey().cluster().name().equals(cluster.name()))
        .filter(entry -> entry.getKey().about().isEmpty() && !entry.getKey().elsewhere())
        .flatMap(entry -> entry.getValue().found().stream())
        .findFirst();
  }

  private static boolean is(Need need, ClusterDeclaration cluster, ObjectRef ref) {
    return need.object().source() instanceof ObjectSource.One
        && !need.elsewhere()
        && need.cluster().name().equals(cluster.name())
        && need.ref().path().equals(ref.path());
  }

  private Optional<LiveObject> listed(ClusterDeclaration cluster, ObjectRef ref) {
    return listings.entrySet().stream()
        .filter(entry -> entry.getKey().cluster().name().equals(cluster.name()))
        .filter(entry -> entry.getValue() instanceof Listing.Listed)
        .flatMap(entry -> ((Listing.Listed) entry.getValue()).objects().stream())
        .filter(object -> object.ref().path().equals(ref.path()))
        .findFirst();
  }

  /** The raw reading of a list, when there was one. */
  public Optional<Listing> listing(Need need) {
    return Optional.ofNullable(listings.get(need));
  }

  public boolean has(Need need) {
    return views.containsKey(need);
  }

  @Override
  public Lookup object(Need need) {
    return views.getOrDefault(need, new Lookup.Absent());
  }

  @Override
  public Lookup uid(ClusterDeclaration cluster) {
    return identity(cluster)
        .<Lookup>map(
            reading ->
                reading
                    .found()
                    .<Lookup>map(found -> new Lookup.Present(TextNode.valueOf(found.uid())))
                    .or(() -> reading.failed().map(Lookup.Unreadable::new))
                    .orElse(new Lookup.Absent()))
        .orElse(new Lookup.Absent());
  }

  @Override
  public Lookup clock(ClusterDeclaration cluster) {
    Instant now = clocks.get(cluster.name());
    return now == null ? new Lookup.Absent() : new Lookup.Present(TextNode.valueOf(now.toString()));
  }

  @Override
  public ObjectNode topology(Topology topology, Supplier<ObjectNode> made) {
    return topologies.computeIfAbsent(topology, one -> made.get());
  }

  /** From now on expressions see this as the new value of a rotation. */
  public void rotate(String name, String value) {
    redactor.learn(value);
    ObjectNode with = rotation.deepCopy();
    with.put(name, value);
    rotation = with;
  }

  @Override
  public ObjectNode rotation() {
    return rotation;
  }

  private static Lookup view(Need need, Reading reading) {
    if (reading instanceof Reading.Failed failed) {
      return new Lookup.Unreadable(failed.failure());
    }
    return reading
        .found()
        .<Lookup>map(found -> new Lookup.Present(withDocuments(need.rules(), found)))
        .orElse(new Lookup.Absent());
  }

  /** Opens embedded documents beside the object's own fields. */
  private static JsonNode withDocuments(FieldRules rules, LiveObject object) {
    if (rules.documents().isEmpty()) {
      return object.tree();
    }
    ObjectNode view = ((ObjectNode) object.tree()).deepCopy();
    for (Map.Entry<String, DocumentPlace> entry : rules.documents().entrySet()) {
      DocumentPlace place = entry.getValue();
      Optional<String> text = place.text(place.in(object.tree()));
      if (text.isPresent()) {
        try {
          view.set(entry.getKey(), YamlDocument.parse(text.get()).json());
        } catch (MusterException broken) {
          // Expressions see a document that cannot be read as one that is not there; a step that
          // has to edit it reports the error itself.
          continue;
        }
      }
    }
    return view;
  }

  /** Whether the need is one of a kind that a list on the same cluster covers. */
  static boolean covers(ObjectSource.All all, ObjectSource.One one) {
    return !one.elsewhere() && all.kind().collectionPath().equals(one.pattern().collectionPath());
  }
}
