package dev.muster.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.changes.ChangeSet;
import dev.muster.changes.ClusterState;
import dev.muster.desired.Expressions;
import dev.muster.desired.Lookup;
import dev.muster.desired.Need;
import dev.muster.expression.Outcome;
import dev.muster.live.LiveObject;
import dev.muster.live.Reading;
import dev.muster.plan.FactSpec;
import dev.muster.plan.ObjectSource;
import dev.muster.plan.ObjectSpec;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problems;
import dev.muster.problem.Where;
import dev.muster.rehearsal.Disguise;
import dev.muster.rehearsal.RecordingClusters;
import dev.muster.report.Clean;
import dev.muster.resource.FieldRules;
import dev.muster.resource.ObjectRef;
import dev.muster.resource.Redactor;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.SecretInput;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Records what a plan read, so that it can be played without the clusters. */
public final class SnapshotRecorder {
  private static final String IDENTITY = ObjectRef.of("v1", "Namespace", "", "kube-system").path();

  private final Path file;
  private final Redactor redactor;
  private final boolean prune;
  private final Map<JsonNode, List<JsonNode>> manifests = new LinkedHashMap<>();
  private final Map<JsonNode, String> secrets = new LinkedHashMap<>();
  private Optional<RecordingClusters> recording = Optional.empty();

  /**
   * @param prune whether members that vanished from the topology are taken out
   */
  public SnapshotRecorder(Path file, boolean prune, Redactor redactor) {
    this.file = file;
    this.prune = prune;
    this.redactor = redactor;
  }

  public Path file() {
    return file;
  }

  /** Loads a topology and notes what it named elsewhere. */
  public Loader.Loaded load(Path topology) {
    SecretSources sources = new SecretSources(SecretSources.Extent.ALL, redactor);
    return Loader.load(
        topology,
        Loader.read(topology, "topology"),
        Optional.empty(),
        (JsonNode source, Path folder, Where where, Problems problems) -> {
          List<JsonNode> objects = Manifests.USUAL.load(source, folder, where, problems);
          manifests.put(source, objects);
          return objects;
        },
        (source, folder, where, problems) -> {
          Optional<SecretInput> value = sources.load(source, folder, where, problems);
          if (value.orElse(null) instanceof SecretInput.Text text) {
            secrets.put(source, text.value());
          }
          return value;
        });
  }

  public Session open(Loader.Loaded loaded) {
    return Session.open(loaded, redactor)
        .through(
            clusters -> {
              RecordingClusters layer = new RecordingClusters(clusters);
              recording = Optional.of(layer);
              return layer;
            });
  }

  /** Reads what the plan file names beyond what was needed, and writes all of it. */
  public void write(Session session, ChangeSet changeSet) {
    RecordingClusters read = recording.orElseThrow();
    RecordedNamespaces namespaces = new RecordedNamespaces(read);
    namespaces.add(changeSet);
    Map<String, FieldRules> rules = complete(session, changeSet, namespaces);
    Map<String, List<JsonNode>> unknown = namespaces.read();
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    Disguise disguise = new Disguise(key);
    Map<String, List<LiveObject>> objects = new LinkedHashMap<>();
    for (ClusterState state : changeSet.clusters()) {
      objects.put(state.cluster().name(), read.of(state.cluster().name()));
    }
    objects.forEach(
        (cluster, all) ->
            all.forEach(object -> disguise.learn(object.tree(), rulesOf(rules, cluster, object))));
    secrets.values().forEach(disguise::value);
    read.doors().keySet().forEach(disguise::value);
    manifests.values().forEach(all -> all.forEach(m -> disguise.learn(m, FieldRules.none())));

    ObjectNode root = FleetSnapshot.head(session.loaded(), prune);
    root.put("recorded", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    sources(root.putObject("sources"), disguise);
    ArrayNode clusters = root.putArray("clusters");
    for (ClusterState state : changeSet.clusters()) {
      ObjectNode node = clusters.addObject();
      describe(node, state, session);
      ArrayNode all = node.putArray("objects");
      for (LiveObject object : objects.getOrDefault(state.cluster().name(), List.of())) {
        all.add(disguise.object(object.tree(), rulesOf(rules, state.cluster().name(), object)));
      }
      all.addAll(unknown.getOrDefault(state.cluster().name(), List.of()));
    }
    root.set("doors", doors(read, disguise, session.clean()));
    root.set("planned", FleetSnapshot.steps(changeSet.steps()));
    String text = root.toPrettyString();
    if (disguise.holdsSecret(text)) {
      throw MusterException.of(
          "the snapshot would hold a secret at a place where none is expected; nothing was written",
          "report it as a fault of muster");
    }
    FleetSnapshot.save(file, text);
  }

  private static FieldRules rulesOf(
      Map<String, FieldRules> rules, String cluster, LiveObject object) {
    return rules.getOrDefault(
        cluster + " " + object.ref().path(),
        rules.getOrDefault(cluster + " " + object.ref().collectionPath(), FieldRules.none()));
  }

  private void sources(ObjectNode node, Disguise disguise) {
    ArrayNode files = node.putArray("manifests");
    manifests.forEach(
        (source, objects) -> {
          ObjectNode one = files.addObject();
          one.set("source", source);
          ArrayNode all = one.putArray("objects");
          objects.forEach(object -> all.add(disguise.object(object, FieldRules.none())));
        });
    ArrayNode values = node.putArray("secrets");
    secrets.forEach(
        (source, value) ->
            ((ObjectNode) values.addObject().set("source", source))
                .put("value", disguise.value(value)));
  }

  private static ArrayNode doors(RecordingClusters read, Disguise disguise, Clean clean) {
    Map<String, ObjectNode> doors = new TreeMap<>();
    read.doors()
        .forEach(
            (kubeconfig, answers) -> {
              ObjectNode door = JsonNodeFactory.instance.objectNode();
              door.put("kubeconfig", disguise.value(kubeconfig));
              Optional.ofNullable(answers.get(IDENTITY))
                  .flatMap(Reading::found)
                  .ifPresent(found -> door.put("uid", found.uid()));
              ArrayNode failures = door.putArray("failures");
              new TreeMap<>(answers)
                  .forEach(
                      (path, answer) ->
                          answer
                              .failed()
                              .ifPresent(
                                  failure ->
                                      failures
                                          .addObject()
                                          .put("path", path)
                                          .put("kind", failure.kind().name())
                                          .put("message", clean.line(failure.message()))));
              doors.put(door.toString(), door);
            });
    return JsonNodeFactory.instance.arrayNode().addAll(doors.values());
  }

  /** Every object that the plan names, so that who plays the clusters has all it may need. */
  private static Map<String, FieldRules> complete(
      Session session, ChangeSet changeSet, RecordedNamespaces namespaces) {
    Map<String, FieldRules> rules = new HashMap<>();
    Set<Need> needs = new LinkedHashSet<>();
    for (ClusterState state : changeSet.clusters()) {
      if (state.failure().isPresent()) {
        continue;
      }
      ClusterDeclaration cluster = state.cluster();
      Expressions at = expressions(session, cluster);
      for (ObjectSpec object : session.planFile().objects().values()) {
        boolean there = cluster.host() ? object.ofHost() : object.ofMember();
        if (there && object.source() instanceof ObjectSource.One one && one.through().isPresent()) {
          way(session, at.need(cluster, object));
        }
        boolean read =
            object.source() instanceof ObjectSource.All
                || object.source() instanceof ObjectSource.One one && !one.elsewhere();
        if (there && read) {
          Need need = at.need(cluster, object);
          needs.add(need);
          namespaces.add(need.cluster(), need.ref());
          String path =
              object.source() instanceof ObjectSource.All all
                  ? all.kind().collectionPath()
                  : need.ref().path();
          rules.put(need.cluster().name() + " " + path, need.rules());
        }
      }
      session.reader().readClock(cluster, session.snapshot());
    }
    needs.removeIf(need -> session.snapshot().has(need));
    session.reader().read(needs, session.snapshot());
    return rules;
  }

  /** Without its Service nothing can be read through it. */
  private static void way(Session session, Need need) {
    need.through()
        .ifPresent(
            through -> {
              var unused =
                  session
                      .clusters()
                      .open(need.cluster())
                      .read(ObjectRef.of("v1", "Service", through.namespace(), through.service()));
            });
  }

  private static Expressions expressions(Session session, ClusterDeclaration cluster) {
    return Expressions.ofCluster(session.planFile(), session.topology(), cluster);
  }

  private static void describe(ObjectNode node, ClusterState state, Session session) {
    ClusterDeclaration cluster = state.cluster();
    node.put("name", cluster.name()).put("role", cluster.host() ? "host" : "member");
    node.put("uid", state.uid());
    state.failure().ifPresent(f -> node.put("failure", session.clean().line(f.message())));
    if (session.snapshot().clock(cluster) instanceof Lookup.Present clock) {
      node.set("clock", clock.value());
    }
    ObjectNode facts = JsonNodeFactory.instance.objectNode();
    Expressions at = expressions(session, cluster);
    for (FactSpec fact : session.planFile().facts().values()) {
      if (fact.ofCluster() && fact.from().stream().noneMatch(at::sensitive)) {
        fact.from().stream()
            .map(from -> at.evaluate(from, session.snapshot(), Map.of()))
            .filter(Outcome.Value.class::isInstance)
            .map(outcome -> ((Outcome.Value) outcome).value())
            .findFirst()
            .ifPresent(value -> facts.set(fact.name(), value));
      }
    }
    node.set("facts", facts);
  }
}
