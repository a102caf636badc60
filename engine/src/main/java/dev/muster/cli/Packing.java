package dev.muster.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.muster.changes.ChangeSet;
import dev.muster.changes.RefusedException;
import dev.muster.changes.StepPlan;
import dev.muster.changes.StepPlan.Decision;
import dev.muster.courier.Bundle;
import dev.muster.courier.Receipt;
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
import java.io.IOException;
import java.nio.file.Files;
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
final class Packing {
  /** What apply would do or is kept from; what waits for the member itself is deferred. */
  private static final Set<Decision> WORK =
      Set.of(Decision.RUN, Decision.REFUSED, Decision.FAILED, Decision.SKIPPED);

  private final Session session;
  private final ChangeSet changeSet;
  private final Redactor redactor;
  private final Map<String, String> files = new LinkedHashMap<>();

  Packing(Session session, ChangeSet changeSet, Redactor redactor) {
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
  Instant write(String name, Path file, Duration valid) {
    ClusterDeclaration member = member(name);
    CourierAccess courier = member.access().courier().orElseThrow();
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
    Recording host = Recording.of(session.host(), session.planFile(), needs);
    Instant made = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    Instant expires = made.plus(valid);
    String uid =
        member.uid().isEmpty()
            ? Receipts.last(member, courier, redactor).map(r -> r.state().uid()).orElse("")
            : member.uid();
    Bundle bundle =
        new Bundle(
            UUID.randomUUID().toString(),
            session.topology().name(),
            name,
            made,
            expires,
            topology(name, uid, host.uid()),
            session.loaded().planText(),
            files,
            host);
    try {
      Files.writeString(file, bundle.sealed(SealKeys.of(courier, redactor)));
    } catch (IOException e) {
      throw MusterException.of("cannot write " + file + ": " + e.getMessage());
    }
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
  private String topology(String name, String uid, String hostUid) {
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
    spec.put("plan", "./plan.yaml");
    if (spec.path("defaults") instanceof ObjectNode defaults) {
      defaults.remove("access");
    }
    if (spec.path("host") instanceof ObjectNode host) {
      part(host, hostUid);
    }
    ArrayNode kept = spec.arrayNode();
    for (JsonNode one : spec.path("members")) {
      if (one.path("name").asText().equals(name)) {
        part((ObjectNode) one, uid);
        kept.add(one);
      }
    }
    spec.set("members", kept);
    return root.toPrettyString();
  }

  private void part(ObjectNode cluster, String uid) {
    cluster.remove("access");
    List<String> secrets = new java.util.ArrayList<>();
    cluster
        .fieldNames()
        .forEachRemaining(
            key -> {
              if (session.planFile().namesSecret(key)) {
                secrets.add(key);
              }
            });
    cluster.remove(secrets);
    if (!uid.isEmpty()) {
      cluster.put("uid", uid);
    }
    carryFiles(cluster);
  }

  /** Files that the topology names come along, under names of their own. */
  private void carryFiles(JsonNode node) {
    if (node instanceof ObjectNode object
        && object.size() == 1
        && object.path("file").isTextual()) {
      Path file = session.loaded().file().resolveSibling(object.path("file").asText());
      String carried = "file-" + (files.size() + 1) + ".yaml";
      files.put(carried, Loader.read(file, "manifest"));
      object.set("file", TextNode.valueOf(carried));
      return;
    }
    node.forEach(this::carryFiles);
  }

  /** For the text of commands: what the member's last receipt said. */
  static String told(Receipt receipt) {
    return "receipt of "
        + receipt.member()
        + " of "
        + receipt.made()
        + ": "
        + String.join(
            ", ",
            receipt.steps().entrySet().stream()
                .map(step -> step.getKey() + " " + step.getValue())
                .toList());
  }
}
