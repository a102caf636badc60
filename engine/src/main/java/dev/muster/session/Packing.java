package dev.muster.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.changes.ChangeSet;
import dev.muster.changes.RefusedException;
import dev.muster.changes.StepPlan;
import dev.muster.changes.StepPlan.Decision;
import dev.muster.courier.Bundle;
import dev.muster.courier.Recording;
import dev.muster.desired.Need;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problem;
import dev.muster.problem.Problems;
import dev.muster.problem.Suggestion;
import dev.muster.problem.Where;
import dev.muster.resource.Redactor;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.CourierAccess;
import dev.muster.yaml.YamlReader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Makes the bundle of one member, from a change set that has just been planned. */
public final class Packing {
  /** What apply would do or is kept from; what waits for the member itself is deferred. */
  private static final Set<Decision> WORK =
      Set.of(Decision.RUN, Decision.REFUSED, Decision.FAILED, Decision.SKIPPED);

  private final Session session;
  private final ChangeSet changeSet;
  private final Redactor redactor;

  public Packing(Session session, ChangeSet changeSet, Redactor redactor) {
    this.session = session;
    this.changeSet = changeSet;
    this.redactor = redactor;
  }

  /**
   * Writes the bundle.
   *
   * @return until when it may be used
   * @throws RefusedException when something on the host has to be done first
   */
  public Instant write(String name, Path file, Duration valid) {
    ClusterDeclaration member = member(name);
    CourierAccess courier = member.access().courier().orElseThrow();
    SealKeys keys = new SealKeys(redactor);
    List<StepPlan> steps =
        changeSet.steps().stream()
            .filter(step -> step.step().cluster().name().equals(name))
            .toList();
    refuseEarly(file, name, steps);
    Set<Need> needs = new LinkedHashSet<>();
    for (StepPlan step : steps) {
      session.planner().needs(step.step()).stream()
          .filter(need -> need.cluster().host())
          .forEach(needs::add);
    }
    Recording host = Recording.of(session.host(), session.planFile(), needs, List.of(), List.of());
    Instant made = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    Instant expires = made.plus(valid);
    String uid =
        member.uid().isEmpty()
            ? Receipts.last(member, courier, keys).map(r -> r.state().uid()).orElse("")
            : member.uid();
    String topology = topology(member, uid, host.uid());
    Map<JsonNode, List<JsonNode>> manifests = manifests(topology);
    Bundle bundle =
        new Bundle(
            UUID.randomUUID().toString(),
            session.topology().name(),
            name,
            made,
            expires,
            topology,
            session.loaded().planText(),
            manifests,
            host,
            session.snapshot().inventory().entry(name));
    WholeFile.secret(file, bundle.sealed(keys.of(courier)));
    return expires;
  }

  private ClusterDeclaration member(String name) {
    List<ClusterDeclaration> members = session.topology().members();
    Optional<ClusterDeclaration> found =
        members.stream().filter(m -> m.name().equals(name)).findFirst();
    if (found.isEmpty()) {
      List<String> names = members.stream().map(ClusterDeclaration::name).toList();
      throw MusterException.of(
          "the topology has no member " + name,
          Suggestion.closest(name, names)
              .map(close -> "did you mean " + close + "?")
              .orElse("the members are: " + String.join(", ", names)));
    }
    if (!found.get().courier()) {
      throw MusterException.of(
          "member " + name + " is reached by its kubeconfig, so nothing has to be carried there",
          "if it is not, say so in the topology: access: {courier: {sealWith: {file: PATH}}}");
    }
    if (found.get().lost()) {
      throw MusterException.of(
          "the topology says that " + name + " is lost, so nothing is carried there",
          "take `lost: true` out if it is there after all");
    }
    return found.get();
  }

  /** What the host is still to bring forth would be missing on the way. */
  private void refuseEarly(Path file, String name, List<StepPlan> steps) {
    Set<String> before = new LinkedHashSet<>();
    steps.forEach(step -> collect(step.step().dependsOn(), before));
    List<String> open =
        before.stream()
            .map(changeSet::step)
            .flatMap(Optional::stream)
            .filter(step -> step.step().cluster().host())
            .filter(step -> WORK.contains(step.decision()))
            .map(step -> step.step().id())
            .toList();
    if (!open.isEmpty()) {
      throw new RefusedException(
          List.of(
              Problem.error(
                  Where.file(file.toString()),
                  "nothing is packed for "
                      + name
                      + " yet: to be done first: "
                      + String.join(", ", open),
                  "run muster apply, then pack again")));
    }
  }

  private void collect(List<String> ids, Set<String> into) {
    for (String id : ids) {
      if (into.add(id)) {
        changeSet.step(id).ifPresent(step -> collect(step.step().dependsOn(), into));
      }
    }
  }

  /** The topology with the host and this member, and nothing that only home has. */
  private String topology(ClusterDeclaration member, String uid, String hostUid) {
    Problems problems = new Problems();
    Loader.Loaded loaded = session.loaded();
    ObjectNode root =
        (ObjectNode)
            YamlReader.read(loaded.file().toString(), loaded.topologyText(), problems)
                .orElseThrow(() -> new MusterException(problems.all()))
                .json()
                .deepCopy();
    ObjectNode spec = (ObjectNode) root.path("spec");
    spec.remove("rollout");
    if (spec.path("defaults") instanceof ObjectNode defaults) {
      defaults.remove("access");
    }
    if (spec.path("host") instanceof ObjectNode host) {
      part(host, hostUid);
    }
    ObjectNode kept = null;
    for (JsonNode one : spec.path("members")) {
      if (one.path("name").asText().equals(member.name())) {
        kept = (ObjectNode) one;
      }
    }
    if (kept == null) {
      // One that vanished from the file, and is taken out as if it said so.
      kept = spec.objectNode().put("name", member.name()).put("state", "absent");
      kept.set("connection", member.fields().path("connection"));
    }
    part(kept, uid);
    spec.putArray("members").add(kept);
    return root.toPrettyString();
  }

  private static void part(ObjectNode cluster, String uid) {
    cluster.remove("access");
    if (!uid.isEmpty()) {
      cluster.put("uid", uid);
    }
  }

  /** What the topology names by file or address comes along: there, neither may be reached. */
  private Map<JsonNode, List<JsonNode>> manifests(String topology) {
    Map<JsonNode, List<JsonNode>> manifests = new LinkedHashMap<>();
    Loader.load(
        session.loaded().file(),
        topology,
        Optional.of(session.loaded().planText()),
        (source, folder, where, problems) -> {
          List<JsonNode> objects = Manifests.USUAL.load(source, folder, where, problems);
          manifests.put(source, objects);
          return objects;
        },
        new SecretSources(SecretSources.Extent.NONE, redactor));
    return manifests;
  }

  /** What to do with a bundle. */
  public List<String> next(String name, Path file) {
    CourierAccess courier = member(name).access().courier().orElseThrow();
    String key =
        courier.keyIsVariable()
            ? "env:" + courier.key()
            : "file:" + Path.of(courier.key()).getFileName();
    return List.of(
        "carry it to a machine that reaches " + name + ", which needs the key as well, and there:",
        "  muster apply %s --seal-with %s --context CONTEXT".formatted(file.getFileName(), key),
        "then bring the receipt home: muster apply --receipt " + file.getFileName() + ".receipt");
  }
}
