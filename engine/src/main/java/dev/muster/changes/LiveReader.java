package dev.muster.changes;

import dev.muster.desired.Expressions;
import dev.muster.desired.Need;
import dev.muster.expression.Template;
import dev.muster.live.Cluster;
import dev.muster.live.Failure;
import dev.muster.live.Listing;
import dev.muster.live.LiveObject;
import dev.muster.live.Reading;
import dev.muster.live.ServicePort;
import dev.muster.plan.ObjectSource;
import dev.muster.plan.ObjectSpec;
import dev.muster.plan.On;
import dev.muster.plan.Plan;
import dev.muster.problem.MusterException;
import dev.muster.resource.ObjectRef;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.Topology;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/**
 * Reads what expressions need: of all clusters at once, each object once, and nothing of a cluster
 * that does not answer.
 */
public final class LiveReader {
  /** Its UID tells one cluster from all others. */
  public static final ObjectRef IDENTITY = ObjectRef.of("v1", "Namespace", "", "kube-system");

  private final Plan plan;
  private final Topology topology;
  private final Clusters clusters;
  private final Executor executor;

  public LiveReader(Plan plan, Topology topology, Clusters clusters, Executor executor) {
    this.plan = plan;
    this.topology = topology;
    this.clusters = clusters;
    this.executor = executor;
  }

  /**
   * Asks each cluster who it is, the first contact of a run, and the host what is remembered of the
   * topology.
   *
   * @return why that cannot be read
   * @throws MusterException when what is remembered is broken
   */
  public Optional<Failure> contact(
      ClusterDeclaration host,
      String topology,
      Collection<ClusterDeclaration> declarations,
      Snapshot snapshot) {
    Queue<Failure> failures = new ConcurrentLinkedQueue<>();
    List<Runnable> requests = new ArrayList<>(identities(declarations, snapshot));
    if (!snapshot.hasInventory()) {
      requests.add(() -> readInventory(host, topology, snapshot).ifPresent(failures::add));
    }
    run(requests);
    return Optional.ofNullable(failures.poll());
  }

  /** Asks each cluster who it is, and nothing else. */
  public void readIdentities(Collection<ClusterDeclaration> declarations, Snapshot snapshot) {
    run(identities(declarations, snapshot));
  }

  private List<Runnable> identities(
      Collection<ClusterDeclaration> declarations, Snapshot snapshot) {
    return declarations.stream()
        .<Runnable>map(
            declaration ->
                () -> snapshot.putIdentity(declaration, clusters.own(declaration).read(IDENTITY)))
        .toList();
  }

  /** Reads what is remembered of a topology, whatever was read before. */
  public Optional<Failure> readInventory(
      ClusterDeclaration host, String topology, Snapshot snapshot) {
    Optional<Failure> failure = InventoryObjects.read(clusters.own(host), topology, snapshot);
    this.topology.members().forEach(snapshot::inherit);
    if (failure.isEmpty()) {
      for (ClusterDeclaration member : this.topology.members()) {
        clusters
            .carriedBack(member)
            .flatMap(CarriedBack::inventory)
            .flatMap(back -> snapshot.inventory().entry(member.name()).map(e -> e.withThose(back)))
            .ifPresent(
                entry -> snapshot.putInventory(entry, snapshot.inventoryObject(member.name())));
      }
    }
    return failure;
  }

  /** Reads all needs of objects and lists; those of unreachable clusters fail without a request. */
  public void read(Collection<Need> needs, Snapshot snapshot) {
    Map<Need, List<Need>> lists = new LinkedHashMap<>();
    Set<Need> single = new LinkedHashSet<>();
    for (Need need : needs) {
      if (need.object().source() instanceof ObjectSource.All) {
        lists.computeIfAbsent(need, n -> new ArrayList<>());
      }
    }
    for (Need need : needs) {
      if (need.object().source() instanceof ObjectSource.One) {
        covering(plan, need)
            .ifPresentOrElse(
                list -> lists.computeIfAbsent(list, n -> new ArrayList<>()).add(need),
                () -> single.add(need));
      }
    }
    List<Runnable> requests = new ArrayList<>();
    List<Runnable> later = new ArrayList<>();
    lists.forEach((list, covered) -> requests.add(() -> readList(list, covered, snapshot)));
    for (Need need : inTurns(single)) {
      // The kubeconfig of an access may itself be read from a cluster.
      (need.access().isPresent() ? later : requests)
          .add(() -> snapshot.put(need, readOne(need, snapshot)));
    }
    clocksOfIssuers(needs, snapshot).forEach(requests::add);
    run(requests);
    run(later);
  }

  /** Whether a token has to be renewed is told by the clock of the cluster that issues it. */
  private List<Runnable> clocksOfIssuers(Collection<Need> needs, Snapshot snapshot) {
    Set<String> accounts = new HashSet<>();
    plan.tokens().values().forEach(token -> accounts.add(token.account()));
    Map<String, ClusterDeclaration> issuers = new LinkedHashMap<>();
    for (Need need : accounts.isEmpty() ? List.<Need>of() : needs) {
      if (accounts.contains(need.object().name())
          && unreachable(need.cluster(), snapshot).isEmpty()) {
        issuers.put(need.cluster().name(), need.cluster());
      }
    }
    return issuers.values().stream()
        .<Runnable>map(cluster -> () -> readClock(cluster, snapshot))
        .toList();
  }

  /**
   * One of each cluster, then the next one of each: reads of one cluster wait for each other, and
   * threads that wait are missing elsewhere.
   */
  private static List<Need> inTurns(Collection<Need> needs) {
    Map<String, Integer> before = new HashMap<>();
    Map<Integer, List<Need>> turns = new TreeMap<>();
    for (Need need : needs) {
      int turn = before.merge(need.cluster().name(), 1, Integer::sum);
      turns.computeIfAbsent(turn, t -> new ArrayList<>()).add(need);
    }
    return turns.values().stream().flatMap(List::stream).toList();
  }

  /**
   * Asks the host and a cluster what time it is, once, where one of the templates names a clock.
   */
  public void readClocks(
      Collection<Template> templates, ClusterDeclaration cluster, Snapshot snapshot) {
    boolean named =
        templates.stream()
            .flatMap(template -> template.references().stream())
            .anyMatch(reference -> reference.path().equals(List.of("clock")));
    if (named) {
      readClock(topology.host(), snapshot);
      readClock(cluster, snapshot);
    }
  }

  /** Asks a cluster what time it is, once. */
  public void readClock(ClusterDeclaration cluster, Snapshot snapshot) {
    if (snapshot.clock(cluster) instanceof dev.muster.desired.Lookup.Absent) {
      clusters.open(cluster).clock().ifPresent(now -> snapshot.putClock(cluster, now));
    }
  }

  /** Reads objects that a topology's manifests name. */
  public void readManifests(
      ClusterDeclaration cluster, Collection<ObjectRef> refs, Snapshot snapshot) {
    List<Runnable> requests = new ArrayList<>();
    for (ObjectRef ref : refs) {
      requests.add(() -> snapshot.putManifest(cluster, ref, clusters.open(cluster).read(ref)));
    }
    run(requests);
  }

  /** The list whose one request answers this need of a single object too, if there is one. */
  public static Optional<Need> covering(Plan plan, Need need) {
    boolean many = need.object().perMember() || need.object().perPeer();
    if (!many || !(need.object().source() instanceof ObjectSource.One one)) {
      return Optional.empty();
    }
    for (ObjectSpec object : plan.objects().values()) {
      if (object.source() instanceof ObjectSource.All all
          && (object.ofHost() == need.cluster().host()
              || need.object().perPeer() && object.on() == On.EACH)
          && Snapshot.covers(all, one)) {
        return Optional.of(new Need(need.cluster(), object, Optional.empty()));
      }
    }
    return Optional.empty();
  }

  private void readList(Need list, List<Need> covered, Snapshot snapshot) {
    Optional<Failure> unreachable = unreachable(list.cluster(), snapshot);
    Listing listing =
        unreachable.isPresent()
            ? new Listing.Failed(unreachable.get())
            : clusters
                .open(list.cluster())
                .list(((ObjectSource.All) list.object().source()).kind(), "");
    snapshot.put(list, listing);
    Map<String, LiveObject> byName = new HashMap<>();
    if (listing instanceof Listing.Listed listed && !covered.isEmpty()) {
      listed.objects().forEach(object -> byName.putIfAbsent(object.ref().name(), object));
    }
    for (Need need : covered) {
      if (listing instanceof Listing.Failed failed) {
        snapshot.put(need, new Reading.Failed(failed.failure()));
        continue;
      }
      Optional<LiveObject> found = Optional.ofNullable(byName.get(need.ref().name()));
      snapshot.put(need, found.<Reading>map(Reading.Found::new).orElseGet(Reading.Absent::new));
    }
  }

  /** Reads one object now, whatever was read before. */
  public Reading readOne(Need need, Snapshot snapshot) {
    Optional<Failure> unreachable = unreachable(need.cluster(), snapshot);
    if (unreachable.isPresent()) {
      return new Reading.Failed(unreachable.get());
    }
    if (need.access().isPresent()) {
      return readBehind(need, snapshot);
    }
    Cluster cluster = clusters.open(need.cluster());
    Optional<ServicePort> through = need.through();
    return through.isPresent()
        ? cluster.readThrough(through.get(), need.ref())
        : cluster.read(need.ref());
  }

  private Reading readBehind(Need need, Snapshot snapshot) {
    Expressions expressions = Expressions.of(plan, topology, need);
    Optional<String> kubeconfig = expressions.kubeconfig(need, snapshot);
    return kubeconfig.isEmpty()
        ? new Reading.Failed(new Failure(Failure.Kind.NO_ACCESS, "there is no kubeconfig for it"))
        : clusters.behind(need.cluster().name(), kubeconfig.get()).read(need.ref());
  }

  private static Optional<Failure> unreachable(ClusterDeclaration cluster, Snapshot snapshot) {
    if (cluster.lost()) {
      String why = "the topology says that it is lost, so nothing is asked of it";
      return Optional.of(new Failure(Failure.Kind.NO_ACCESS, why));
    }
    return snapshot
        .identity(cluster)
        .flatMap(Reading::failed)
        .filter(failure -> failure.kind() != Failure.Kind.FORBIDDEN);
  }

  private void run(List<Runnable> requests) {
    try {
      CompletableFuture.allOf(
              requests.stream()
                  .map(request -> CompletableFuture.runAsync(request, executor))
                  .toArray(CompletableFuture[]::new))
          .join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof MusterException told) {
        throw told;
      }
      throw e;
    }
  }
}
