package dev.muster.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.changes.Roster;
import dev.muster.changes.Snapshot;
import dev.muster.desired.Expressions;
import dev.muster.desired.Need;
import dev.muster.expression.Template;
import dev.muster.intake.FieldsReader;
import dev.muster.intake.Found;
import dev.muster.intake.Identity;
import dev.muster.kube.Access;
import dev.muster.kube.KubeClusters;
import dev.muster.kube.Timeouts;
import dev.muster.live.Failure;
import dev.muster.live.Reading;
import dev.muster.plan.RosterSpec;
import dev.muster.problem.MusterException;
import dev.muster.resource.ObjectRef;
import dev.muster.resource.Redactor;
import dev.muster.topology.ClusterDeclaration;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/** Asks a fleet that exists what a topology of it would say. Only reads. */
public final class LiveFleet implements AutoCloseable {
  private static final ObjectRef IDENTITY = ObjectRef.of("v1", "Namespace", "", "kube-system");

  private final List<Path> kubeconfigs;
  private final KubeClusters brief;

  /**
   * @param redactor learns every login that is used
   */
  public LiveFleet(Optional<Path> kubeconfig, Redactor redactor) {
    this.kubeconfigs = kubeconfig.stream().toList();
    this.brief =
        new KubeClusters(Data.version(), new Timeouts(3, 6), KubeClusters.Writes.REAL, redactor);
  }

  public List<String> contexts() {
    return brief.contexts(kubeconfigs);
  }

  /** Asks these contexts at once, a few at a time and not for long. */
  public Map<String, Identity> identities(Collection<String> contexts) {
    Map<String, Identity> identities = new ConcurrentHashMap<>();
    ExecutorService threads = new Readers();
    try {
      for (String context : contexts) {
        threads.execute(() -> identities.put(context, identity(context)));
      }
      threads.shutdown();
      if (!threads.awaitTermination(10, TimeUnit.MINUTES)) {
        throw new IllegalStateException("requests that are bounded did not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      threads.shutdownNow();
    }
    Map<String, Identity> ordered = new LinkedHashMap<>();
    contexts.forEach(
        context ->
            ordered.put(
                context,
                identities.getOrDefault(context, new Identity("", "the question was cut short"))));
    return ordered;
  }

  private Identity identity(String context) {
    Reading reading = brief.cluster(context, new Access(kubeconfigs, context)).read(IDENTITY);
    return new Identity(
        reading.found().map(found -> found.uid()).orElse(""),
        reading.failed().map(Failure::message).orElse(""));
  }

  /**
   * @throws MusterException when the host cannot be worked with
   */
  public String hostUid(Session session) {
    ClusterDeclaration host = session.topology().host();
    session.reader().readIdentities(List.of(host), session.snapshot());
    Reading reading = session.snapshot().identity(host).orElseGet(Reading.Absent::new);
    return reading
        .found()
        .map(found -> found.uid())
        .orElseThrow(
            () ->
                MusterException.of(
                    "the host cannot be asked: "
                        + reading
                            .failed()
                            .map(Failure::message)
                            .orElse("it has no namespace kube-system"),
                    "check with: kubectl --context "
                        + host.access().context()
                        + " get namespace kube-system"));
  }

  public List<Roster.Registered> registered(Session session) {
    Roster roster =
        Roster.of(session.planFile(), session.topology())
            .orElseThrow(
                () ->
                    MusterException.of(
                        "the plan "
                            + session.planFile().name()
                            + " does not say how the members of a host are found",
                        "give it a `roster`, or write the topology by hand"));
    session.reader().read(roster.needs(), session.snapshot());
    Optional<Failure> failure = roster.failure(session.snapshot());
    if (failure.isPresent()) {
      throw MusterException.of(
          "the members registered on the host cannot be listed: " + failure.get().message(),
          "give the account the right to list them");
    }
    return roster.registered(session.snapshot());
  }

  private static RosterSpec roster(Session session) {
    return session.planFile().roster().orElseThrow();
  }

  private static Expressions expressions(Session session, ClusterDeclaration cluster) {
    return Expressions.ofCluster(session.planFile(), session.topology(), cluster);
  }

  /** Member to the UID that the host shows, empty for none; ways that cost a request come last. */
  public Map<String, String> shownUids(Session session, List<Roster.Registered> registered) {
    Map<String, String> uids = new LinkedHashMap<>();
    registered.forEach(each -> uids.put(each.name(), ""));
    Snapshot snapshot = session.snapshot();
    hostUid(session);
    for (Template template : roster(session).uid()) {
      List<Roster.Registered> open =
          registered.stream().filter(each -> "".equals(uids.get(each.name()))).toList();
      Set<Need> needs = new LinkedHashSet<>();
      for (Roster.Registered each : open) {
        needs.addAll(expressions(session, member(session, each)).needs(template));
      }
      session.reader().read(needs, snapshot);
      for (Roster.Registered each : open) {
        FieldsReader.text(
                expressions(session, member(session, each)), template, snapshot, each.item())
            .ifPresent(uid -> uids.put(each.name(), uid));
      }
    }
    return uids;
  }

  private static ClusterDeclaration member(Session session, Roster.Registered registered) {
    return session.topology().cluster(registered.name()).orElseThrow();
  }

  public Found host(Session session) {
    ClusterDeclaration host = session.topology().host();
    session.reader().readIdentities(session.topology().clusters(), session.snapshot());
    FieldsReader reader =
        new FieldsReader(
            session.planFile(), session.topology(), host, intake(session).host(), Optional.empty());
    session.reader().read(reader.needs(), session.snapshot());
    return reader.read(session.snapshot(), false);
  }

  /** After {@link #host}; members that cannot be reached say less. */
  public Map<String, Found> members(
      Session session, List<Roster.Registered> registered, boolean secrets) {
    Map<String, FieldsReader> readers = new LinkedHashMap<>();
    Set<Need> needs = new LinkedHashSet<>();
    for (Roster.Registered each : registered) {
      FieldsReader reader =
          new FieldsReader(
              session.planFile(),
              session.topology(),
              member(session, each),
              intake(session).member(),
              Optional.<JsonNode>of(each.item()));
      readers.put(each.name(), reader);
      needs.addAll(reader.needs());
    }
    session.reader().read(needs, session.snapshot());
    Map<String, Found> found = new LinkedHashMap<>();
    readers.forEach((name, reader) -> found.put(name, reader.read(session.snapshot(), secrets)));
    return found;
  }

  private static RosterSpec.Intake intake(Session session) {
    return roster(session)
        .intake()
        .orElseThrow(
            () ->
                MusterException.of(
                    "the plan " + session.planFile().name() + " has no `import` in its roster",
                    "give it one, or write the topology by hand"));
  }

  @Override
  public void close() {
    brief.close();
  }
}
