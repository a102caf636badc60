package dev.muster.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.muster.changes.ChangeSet;
import dev.muster.changes.Roster;
import dev.muster.changes.StepPlan;
import dev.muster.diff.Change;
import dev.muster.diff.FieldChange;
import dev.muster.expression.Reference;
import dev.muster.expression.Template;
import dev.muster.intake.FieldsReader;
import dev.muster.plan.DeclaredTemplate;
import dev.muster.plan.ObjectSpec;
import dev.muster.plan.RosterSpec;
import dev.muster.plan.Step;
import dev.muster.topology.ClusterDeclaration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which keys of a topology a live field may follow from, and what they would have to be: what the
 * plan's roster makes of the live objects, and keys that the field's own expression names. Guesses,
 * each of which is to be tested.
 */
final class LiveKeys {
  private final Session session;

  LiveKeys(Session session) {
    this.session = session;
  }

  /**
   * One guess.
   *
   * @param path of the key, from the cluster's entry
   * @param value missing when the key is to be taken out
   */
  record Key(ClusterDeclaration cluster, List<String> path, JsonNode value) {}

  /** All guesses for one field, the likeliest first. */
  List<Key> of(ChangeSet changeSet, String stepId, Change change, FieldChange field) {
    Set<Key> keys = new LinkedHashSet<>();
    Step step = changeSet.step(stepId).map(StepPlan::step).orElseThrow();
    named(step, change, field, keys);
    ClusterDeclaration subject = step.subject();
    session
        .planFile()
        .roster()
        .flatMap(RosterSpec::intake)
        .ifPresent(i -> roster(i, subject, keys));
    return List.copyOf(keys);
  }

  // --- what the roster makes of the live objects

  private void roster(RosterSpec.Intake intake, ClusterDeclaration subject, Set<Key> keys) {
    RosterSpec.Part part = subject.host() ? intake.host() : intake.member();
    Optional<JsonNode> item = subject.host() ? Optional.empty() : item(subject);
    if (!subject.host() && item.isEmpty()) {
      return;
    }
    FieldsReader reader =
        new FieldsReader(session.planFile(), session.topology(), subject, part, item);
    session.reader().read(reader.needs(), session.snapshot());
    JsonNode live = reader.read(session.snapshot(), false).fields();
    for (String key : part.fields().entries().keySet()) {
      if (!key.equals("name")) {
        differences(subject, List.of(key), subject.fields().path(key), live.path(key), keys);
      }
    }
  }

  private Optional<JsonNode> item(ClusterDeclaration member) {
    return Roster.of(session.planFile(), session.topology()).stream()
        .flatMap(roster -> roster.registered(session.snapshot()).stream())
        .filter(registered -> registered.name().equals(member.name()))
        .map(Roster.Registered::item)
        .findFirst();
  }

  private static void differences(
      ClusterDeclaration subject,
      List<String> path,
      JsonNode declared,
      JsonNode live,
      Set<Key> keys) {
    if (declared.equals(live)) {
      return;
    }
    if (!declared.isObject() && !live.isObject()) {
      keys.add(new Key(subject, path, live.isNull() ? MissingNode.getInstance() : live));
      return;
    }
    Set<String> names = new LinkedHashSet<>();
    declared.fieldNames().forEachRemaining(names::add);
    live.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      List<String> child = new ArrayList<>(path);
      child.add(name);
      differences(subject, child, declared.path(name), live.path(name), keys);
    }
  }

  // --- keys that the field's expression names

  private void named(Step step, Change change, FieldChange field, Set<Key> keys) {
    JsonNode live = field.before().orElseGet(MissingNode::getInstance);
    List<Map<String, DeclaredTemplate.Fields>> declared =
        List.of(step.spec().ensure(), step.spec().create());
    for (ObjectSpec name : session.snapshot().namesOf(step.cluster(), change.ref())) {
      for (Map<String, DeclaredTemplate.Fields> objects : declared) {
        Optional.ofNullable(objects.get(name.name()))
            .ifPresent(fields -> walk(step, fields, field.path().segments(), live, keys));
      }
    }
  }

  private void walk(
      Step step, DeclaredTemplate template, List<String> path, JsonNode live, Set<Key> keys) {
    if (template instanceof DeclaredTemplate.Leaf leaf) {
      name(step, leaf.template(), path, live, keys);
    } else if (template instanceof DeclaredTemplate.Fields fields && !path.isEmpty()) {
      DeclaredTemplate child = fields.entries().get(path.get(0));
      if (child != null) {
        walk(step, child, path.subList(1, path.size()), live, keys);
      } else {
        fields.spreads().forEach(spread -> name(step, spread, path, live, keys));
      }
    }
  }

  /** A key that the expression, or a fact in it, names; what is left of the path lies below it. */
  private void name(Step step, Template template, List<String> rest, JsonNode live, Set<Key> keys) {
    for (Reference reference : template.references()) {
      Optional<ClusterDeclaration> of = cluster(step, reference);
      List<String> path = new ArrayList<>(reference.path());
      if (reference.root().equals("topology") && !path.isEmpty()) {
        path.remove(0);
      }
      if (of.isPresent() && !path.isEmpty() && isKey(of.get(), path.get(0))) {
        path.addAll(rest);
        keys.add(new Key(of.get(), path, live));
      }
      Optional.ofNullable(session.planFile().facts().get(fact(reference)))
          .ifPresent(fact -> fact.from().forEach(from -> name(step, from, List.of(), live, keys)));
    }
  }

  private static String fact(Reference reference) {
    return Set.of("host", "member", "self", "peer").contains(reference.root())
            && !reference.path().isEmpty()
        ? reference.path().get(0)
        : reference.root();
  }

  private Optional<ClusterDeclaration> cluster(Step step, Reference reference) {
    return switch (reference.root()) {
      case "member" -> step.member();
      case "peer" -> step.peer();
      case "self" -> Optional.of(step.subject());
      case "host" -> Optional.of(session.topology().host());
      case "topology" ->
          reference.path().stream().findFirst().filter("host"::equals).isPresent()
              ? Optional.of(session.topology().host())
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** Whether a topology may have the key: one of the plan's, or one that each cluster has. */
  private boolean isKey(ClusterDeclaration cluster, String key) {
    JsonNode inputs = session.planFile().inputs();
    return key.equals("labels")
        || key.equals("connection")
        || inputs.path(cluster.host() ? "host" : "member").path("properties").has(key);
  }
}
