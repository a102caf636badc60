package dev.muster.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.changes.ChangeSet;
import dev.muster.changes.Changes;
import dev.muster.changes.FieldView;
import dev.muster.changes.RefusedException;
import dev.muster.changes.Selection;
import dev.muster.changes.StepPlan;
import dev.muster.diff.Change;
import dev.muster.diff.FieldChange;
import dev.muster.diff.Fingerprint;
import dev.muster.drift.DriftCheck;
import dev.muster.drift.DriftedField;
import dev.muster.drift.FieldName;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problem;
import dev.muster.problem.Where;
import dev.muster.report.UnifiedDiff;
import dev.muster.resource.FieldPath;
import dev.muster.resource.Redactor;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.yaml.YamlDocument;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Takes a live value into the topology: finds the one edit of the file after which the field is as
 * declared and nothing else has changed, by planning with each edit that may be it on the state
 * that was read once.
 */
public final class Acceptance {
  private final Loader.Loaded loaded;
  private final SecretSources secrets;
  private final Redactor redactor;
  private final Fingerprint fingerprint = Fingerprint.withNewKey(new SecureRandom());

  /**
   * @param secrets where the topology's secrets come from; asked again for each edit
   */
  public Acceptance(Loader.Loaded loaded, SecretSources secrets, Redactor redactor) {
    this.loaded = loaded;
    this.secrets = secrets;
    this.redactor = redactor;
  }

  /**
   * An edit of the topology.
   *
   * @param field the whole name of the field
   * @param diff as {@code diff -u} shows it
   */
  public record Edit(String field, String before, String after, String diff) {}

  /**
   * Finds the edit for a field.
   *
   * @param name as drift shows it, or less of it
   * @throws MusterException when no field is called so, or several are
   * @throws RefusedException when there is no such edit, or it must not be made
   */
  public Edit find(String name, Selection selection) {
    try (Session first = Session.open(loaded, redactor).through(RememberedClusters::new)) {
      ChangeSet changeSet = first.plan(selection);
      DriftedField field = field(first, changeSet, name);
      refuse(field);
      List<LiveKeys.Key> keys = new ArrayList<>(keys(first, changeSet, field));
      keys.removeIf(key -> !redactor.mask(key.value().toString()).equals(key.value().toString()));
      Set<String> wanted = fields(changeSet);
      wanted.removeIf(each -> each.startsWith(id(field.step(), field)));
      List<String> tried = new ArrayList<>();
      for (LiveKeys.Key key : keys) {
        Optional<String> text = edited(key);
        if (text.isPresent() && !text.get().equals(loaded.topologyText())) {
          tried.add(words(key));
          if (gives(first, text.get(), selection, wanted)) {
            String label = String.valueOf(loaded.file().getFileName());
            return new Edit(
                FieldName.of(field),
                loaded.topologyText(),
                text.get(),
                UnifiedDiff.of(label, loaded.topologyText(), text.get()));
          }
        }
      }
      throw refused(field, tried);
    }
  }

  private static String words(LiveKeys.Key key) {
    return String.join(".", key.path()) + " of " + key.cluster().name();
  }

  private DriftedField field(Session session, ChangeSet changeSet, String name) {
    List<DriftedField> all =
        new DriftCheck(
                session.planFile(),
                session.snapshot(),
                session.inspector(Instant.now()),
                fingerprint)
            .fields(changeSet);
    List<DriftedField> found = FieldName.find(all, name);
    if (found.size() == 1) {
      return found.get(0);
    }
    List<String> names =
        (found.isEmpty() ? all : found).stream().map(FieldName::of).limit(20).toList();
    String list = names.isEmpty() ? "nothing has drifted" : String.join("\n    ", names);
    throw MusterException.of(
        redactor.mask(
            found.isEmpty()
                ? "no drifted field is called " + name
                : name + " may be any of " + found.size() + " drifted fields"),
        redactor.mask((found.isEmpty() ? "there are:\n    " : "name one of them:\n    ") + list));
  }

  private static void refuse(DriftedField field) {
    String name = FieldName.of(field);
    if (field.field().sensitive()) {
      throw refused(
          name + " is a secret, and secrets are never written into the file",
          "put the new secret where the topology says that it comes from, or heal the field:"
              + " muster drift --heal");
    }
    if (field.pending()) {
      throw refused(
          name + " has not drifted: the file has changed since it was last applied",
          "take the change back in the file, or apply it");
    }
    if (field.objectGone() || field.objectUnwanted()) {
      throw refused(
          "all of " + field.ref() + " has drifted, not just a field of it",
          "say in the file what is to become of its cluster (state: absent), or heal it:"
              + " muster drift --heal");
    }
  }

  private static RefusedException refused(String message, String hint) {
    return new RefusedException(List.of(Problem.error(Where.nowhere(), message, hint)));
  }

  private static RefusedException refused(DriftedField field, List<String> tried) {
    return refused(
        "no key of the topology makes "
            + FieldName.of(field)
            + " what it is now"
            + (tried.isEmpty()
                ? ": its value follows from the plan alone"
                : "; tried " + String.join(", ", tried)),
        "heal it (muster drift --heal), or change in the file what it follows from");
  }

  private List<LiveKeys.Key> keys(Session session, ChangeSet changeSet, DriftedField field) {
    StepPlan step = changeSet.step(field.step()).orElseThrow();
    for (Change change : step.effective()) {
      if (change.ref().equals(field.ref())) {
        for (FieldChange each : step.fields(change)) {
          if (each.path().toString().equals(field.field().path())) {
            return new LiveKeys(session).of(changeSet, field.step(), change, each);
          }
        }
      }
    }
    return List.of();
  }

  /** The file with one key changed; nothing when it cannot be without changing something else. */
  private Optional<String> edited(LiveKeys.Key key) {
    try {
      YamlDocument document = YamlDocument.parse(loaded.topologyText());
      List<String> path = new ArrayList<>(List.of("spec"));
      if (key.cluster().host()) {
        path.add("host");
      } else {
        int index = index(document.json().at("/spec/members"), key.cluster());
        if (index < 0) {
          return Optional.empty();
        }
        path.add("members");
        path.add("[" + index + "]");
      }
      int entry = path.size();
      path.addAll(key.path());
      if (!key.value().isMissingNode()) {
        return Optional.of(document.set(path, key.value()).text());
      }
      YamlDocument without = document.remove(path);
      // A map that holds nothing any more says nothing.
      for (int end = path.size() - 1; end > entry; end--) {
        JsonNode parent = at(without.json(), path.subList(0, end));
        if (!parent.isObject() || !parent.isEmpty()) {
          break;
        }
        without = without.remove(path.subList(0, end));
      }
      return Optional.of(without.text());
    } catch (MusterException notWithoutAnythingElse) {
      return Optional.empty();
    }
  }

  private static JsonNode at(JsonNode tree, List<String> path) {
    JsonNode node = tree;
    for (String segment : path) {
      node =
          segment.startsWith("[")
              ? node.path(Integer.parseInt(segment.substring(1, segment.length() - 1)))
              : node.path(segment);
    }
    return node;
  }

  private static int index(JsonNode members, ClusterDeclaration member) {
    for (int i = 0; i < members.size(); i++) {
      if (members.get(i).path("name").asText().equals(member.name())) {
        return i;
      }
    }
    return -1;
  }

  /** Whether planning with the edited file finds just these fields to differ. */
  private boolean gives(Session first, String text, Selection selection, Set<String> wanted) {
    try {
      Loader.Loaded edited = Loader.load(loaded.file(), text, loaded.planText(), secrets);
      try (Session again = first.over(edited)) {
        return fields(again.plan(selection)).equals(wanted);
      }
    } catch (MusterException | RefusedException invalid) {
      return false;
    }
  }

  /** Everything that differs, and everything that stands against comparing. */
  private Set<String> fields(ChangeSet changeSet) {
    Set<String> fields = new LinkedHashSet<>();
    for (StepPlan step : changeSet.steps()) {
      for (Change change : step.effective()) {
        for (FieldView view : FieldView.of(step, change, fingerprint)) {
          if (!Changes.isRestart(FieldPath.parse(view.path()))) {
            String id =
                id(
                    step.step().id(),
                    step.step().cluster().name(),
                    change.ref().toString(),
                    view.path());
            fields.add(id + view);
          }
        }
      }
    }
    changeSet.refusals().forEach(problem -> fields.add("refused " + problem.message()));
    changeSet.failures().forEach(problem -> fields.add("failed " + problem.message()));
    return fields;
  }

  private static String id(String step, DriftedField field) {
    return id(step, field.cluster(), field.ref().toString(), field.field().path());
  }

  private static String id(String step, String cluster, String ref, String path) {
    return String.join("\n", step, cluster, ref, path) + "\n";
  }
}
