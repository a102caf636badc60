package dev.muster.session;

import dev.muster.changes.AllowedClusters;
import dev.muster.changes.CarriedBack;
import dev.muster.changes.ChangeSet;
import dev.muster.changes.Clusters;
import dev.muster.changes.Expiries;
import dev.muster.changes.Expiring;
import dev.muster.changes.Inspector;
import dev.muster.changes.Lens;
import dev.muster.changes.LiveReader;
import dev.muster.changes.Planner;
import dev.muster.changes.RemovalGuard;
import dev.muster.changes.Selection;
import dev.muster.changes.Snapshot;
import dev.muster.courier.Receipt;
import dev.muster.credential.Expiry;
import dev.muster.diff.Fingerprint;
import dev.muster.drift.DriftCheck;
import dev.muster.drift.DriftReport;
import dev.muster.drift.Healing;
import dev.muster.held.Attention;
import dev.muster.held.HeldClusters;
import dev.muster.kube.Access;
import dev.muster.kube.KubeClusters;
import dev.muster.kube.Timeouts;
import dev.muster.live.Cluster;
import dev.muster.plan.Plan;
import dev.muster.report.Clean;
import dev.muster.resource.Redactor;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.CourierAccess;
import dev.muster.topology.Topology;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;

/** The parts of the engine wired together for one topology; ends with all connections closed. */
public final class Session implements AutoCloseable {
  /** How far back what controllers said is looked at. */
  private static final Duration LOGS = Duration.ofMinutes(10);

  private final Loader.Loaded loaded;
  private final Redactor redactor;
  private final Clusters all;
  private final Clusters clusters;
  private final ExecutorService executor;
  private final LiveReader reader;
  private final Planner planner;
  private final Snapshot snapshot;
  private final Lens lens;

  private Session(Loader.Loaded loaded, Redactor redactor, Clusters clusters, Lens lens) {
    this.lens = lens;
    this.loaded = loaded;
    this.redactor = redactor;
    this.all = clusters;
    this.clusters = AllowedClusters.of(loaded.plan().allows(), clusters);
    this.executor = new Readers();
    this.reader = new LiveReader(loaded.plan(), loaded.topology(), this.clusters, executor);
    this.planner = new Planner(loaded.plan(), loaded.topology(), reader, lens);
    this.snapshot = new Snapshot(redactor);
  }

  private Session(Session other) {
    this.lens = other.lens;
    this.loaded = other.loaded;
    this.redactor = other.redactor;
    this.all = other.all;
    this.clusters = other.clusters;
    this.executor = other.executor;
    this.reader = other.reader;
    this.planner = other.planner;
    this.snapshot = new Snapshot(redactor);
  }

  public static Session open(Loader.Loaded loaded, Redactor redactor) {
    return open(loaded, redactor, KubeClusters.Writes.REAL);
  }

  public static Session open(Loader.Loaded loaded, Redactor redactor, KubeClusters.Writes writes) {
    return open(loaded, redactor, writes, Lens.CLEAR);
  }

  /**
   * One whose clusters are asked for each object once, and watched from then on. What was read
   * before is looked at anew by {@link #again}.
   */
  static Session held(Loader.Loaded loaded, Redactor redactor, Attention attention) {
    KubeClusters clusters =
        KubeClusters.watched(Data.version(), Timeouts.standard(), redactor)
            .expecting(loaded.topology().clusters().size());
    HeldClusters held = new HeldClusters(new KubeAccess(clusters, redactor), attention);
    return new Session(loaded, redactor, held, Lens.CLEAR);
  }

  /** The same, which has not read anything yet; it ends with this one. */
  Session again() {
    return new Session(this);
  }

  /** What cannot be watched is asked for anew when it is needed next. */
  void forget() {
    if (all instanceof HeldClusters held) {
      held.forget();
    }
  }

  /** One over clusters that are no real ones; closes them in the end. */
  public static Session on(Loader.Loaded loaded, Redactor redactor, Clusters clusters) {
    return new Session(loaded, redactor, clusters, Lens.CLEAR);
  }

  /** One that sees each step through a lens, and so plans and does no more than it lets through. */
  public static Session open(
      Loader.Loaded loaded, Redactor redactor, KubeClusters.Writes writes, Lens lens) {
    KubeClusters clusters =
        new KubeClusters(Data.version(), Timeouts.standard(), writes, redactor)
            .expecting(loaded.topology().clusters().size());
    return new Session(loaded, redactor, new KubeAccess(clusters, redactor), lens);
  }

  /** The same session with its clusters seen through another layer. */
  public Session through(java.util.function.UnaryOperator<Clusters> layer) {
    executor.shutdown();
    return new Session(loaded, redactor, layer.apply(all), lens);
  }

  /** One for another topology on the same clusters, which it leaves open. */
  Session over(Loader.Loaded other) {
    Clusters shared = all instanceof RememberedClusters remembered ? remembered.shared() : all;
    return new Session(other, redactor, shared, lens);
  }

  /** Refuses when members have vanished from the topology. */
  public ChangeSet plan(Selection selection) {
    ChangeSet changeSet = planner.plan(snapshot, selection);
    if (snapshot.hasInventory()) {
      Selectors.check(
          selection.leftOut(),
          topology(),
          planFile(),
          RemovalGuard.vanished(topology(), snapshot.inventory()));
    }
    return changeSet
        .withGuards(
            RemovalGuard.vanishedProblems(topology(), snapshot.inventory(), selection.leftOut()))
        .withGuards(AllowedClusters.beyond(planFile().allows(), changeSet));
  }

  /** Refuses as well when too many members would be taken out. */
  public ChangeSet plan(Selection selection, Optional<Integer> maxRemove) {
    ChangeSet changeSet = plan(selection);
    return changeSet.withGuards(
        RemovalGuard.tooMany(topology(), snapshot.inventory(), changeSet, maxRemove).stream()
            .toList());
  }

  /** What runs out in the clusters of a change set, counted from now. */
  public List<Expiring> expiries(ChangeSet changeSet, Inspector inspector) {
    return new Expiries(loaded.plan(), clusters, inspector, Instant.now()).of(changeSet.clusters());
  }

  /**
   * What of a change set is drift.
   *
   * @param within what runs out within this time is told too
   */
  public DriftReport drift(ChangeSet changeSet, Duration within) {
    return drift(changeSet, within, Fingerprint.withNewKey(new SecureRandom()));
  }

  /**
   * The same.
   *
   * @param fingerprint by which sensitive values are shown
   */
  DriftReport drift(ChangeSet changeSet, Duration within, Fingerprint fingerprint) {
    Instant now = Instant.now();
    Inspector inspector = inspector(now.minus(LOGS));
    return new DriftCheck(planFile(), snapshot, inspector, fingerprint)
        .report(
            changeSet,
            now,
            expiries(changeSet, inspector).stream()
                .filter(each -> each.left().compareTo(within) < 0)
                .toList());
  }

  /** Evaluates the plan's expressions over what this session has read. */
  public Inspector inspector(Instant logsSince) {
    return new Inspector(loaded.plan(), loaded.topology(), clusters, reader, snapshot, logsSince);
  }

  /** Whether it sees only what has drifted. */
  public boolean heals() {
    return lens instanceof Healing;
  }

  public Topology topology() {
    return loaded.topology();
  }

  public Plan planFile() {
    return loaded.plan();
  }

  public Loader.Loaded loaded() {
    return loaded;
  }

  public Clusters clusters() {
    return clusters;
  }

  public LiveReader reader() {
    return reader;
  }

  public Planner planner() {
    return planner;
  }

  public Snapshot snapshot() {
    return snapshot;
  }

  public Clean clean() {
    return new Clean(redactor);
  }

  public Cluster host() {
    return clusters.own(loaded.topology().host());
  }

  @Override
  public void close() {
    executor.shutdownNow();
    clusters.close();
  }

  /** Clusters over their kubeconfigs. */
  private static final class KubeAccess implements Clusters {
    private final KubeClusters clusters;
    private final Redactor redactor;
    private final Map<String, Cluster> opened = new ConcurrentHashMap<>();
    private final Map<String, Optional<Receipt>> receipts = new ConcurrentHashMap<>();
    private final Map<String, Cluster> behind = new ConcurrentHashMap<>();

    KubeAccess(KubeClusters clusters, Redactor redactor) {
      this.redactor = redactor;
      this.clusters = clusters;
    }

    @Override
    public Cluster open(ClusterDeclaration declaration) {
      return opened.computeIfAbsent(
          declaration.name(),
          name ->
              declaration
                  .access()
                  .courier()
                  .<Cluster>map(
                      courier -> Receipts.cluster(declaration, receipt(declaration, courier)))
                  .orElseGet(
                      () ->
                          clusters.cluster(
                              name,
                              new Access(
                                  declaration.access().kubeconfigs(),
                                  declaration.access().context()))));
    }

    /** Once a session: to open one takes a second of a slow machine. */
    private Optional<Receipt> receipt(ClusterDeclaration member, CourierAccess courier) {
      return receipts.computeIfAbsent(
          member.name(), name -> Receipts.last(member, courier, new SealKeys(redactor)));
    }

    @Override
    public Optional<CarriedBack> carriedBack(ClusterDeclaration declaration) {
      return declaration
          .access()
          .courier()
          .filter(courier -> !declaration.lost())
          .flatMap(courier -> receipt(declaration, courier))
          .map(
              receipt ->
                  new CarriedBack(
                      receipt.made(),
                      receipt.member().equals(declaration.name())
                          ? receipt.inventory()
                          : Optional.empty()));
    }

    @Override
    public Optional<Expiry> expiry(ClusterDeclaration declaration) {
      return clusters.expiry(
          new Access(declaration.access().kubeconfigs(), declaration.access().context()));
    }

    @Override
    public Cluster behind(String name, String kubeconfig) {
      return behind.computeIfAbsent(kubeconfig, text -> clusters.cluster(name, text));
    }

    @Override
    public void close() {
      clusters.close();
    }
  }
}
