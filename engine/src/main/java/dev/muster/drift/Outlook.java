package dev.muster.drift;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.changes.Snapshot;
import dev.muster.diff.FieldChange;
import dev.muster.live.LiveObject;
import dev.muster.plan.Plan;
import dev.muster.plan.WriterSpec;
import dev.muster.resource.FieldPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What becomes of a drifted field by itself: the plan knows which controllers write an object, and
 * from what. A field is looked for there under the same keys; where the source has the section and
 * not the field, the next writing loses it.
 */
final class Outlook {
  /** Of a restart that is due; which workload it is of stands above it. */
  static final String OWED =
      "it has to be restarted for what an earlier run has changed; that run ended before, and the"
          + " next apply makes up for it, or drift --heal";

  private final Plan plan;
  private final Snapshot snapshot;

  Outlook(Plan plan, Snapshot snapshot) {
    this.plan = plan;
    this.snapshot = snapshot;
  }

  /** Sentences, one for each controller that has a say; none for an object that is gone. */
  List<String> of(Sight sight, FieldChange change, Optional<Author> author) {
    List<String> sentences = new ArrayList<>();
    if (sight.live().isEmpty()) {
      return sentences;
    }
    for (WriterSpec writer : plan.writers()) {
      if (Authors.renders(writer, sight.names())) {
        source(writer, sight)
            .flatMap(source -> sentence(writer, source, sight, change, author))
            .ifPresent(sentences::add);
      }
    }
    return sentences;
  }

  /** What the controller reads, on the same cluster. */
  private Optional<LiveObject> source(WriterSpec writer, Sight sight) {
    return snapshot
        .live(sight.step().step().cluster(), writer.reads())
        .filter(live -> !live.ref().path().equals(sight.change().ref().path()));
  }

  private Optional<String> sentence(
      WriterSpec writer,
      LiveObject source,
      Sight sight,
      FieldChange change,
      Optional<Author> author) {
    List<String> keys = keys(change.path());
    if (keys.size() < 2 || keys.stream().anyMatch(key -> key.startsWith("["))) {
      return Optional.empty();
    }
    for (Map.Entry<String, JsonNode> top : source.tree().properties()) {
      JsonNode section = top.getValue().path(keys.get(0));
      if (top.getKey().equals("metadata") || top.getKey().equals("status") || !section.isObject()) {
        continue;
      }
      JsonNode said = section;
      for (String key : keys.subList(1, keys.size())) {
        said = said.path(key);
      }
      return Optional.of(words(writer, source, sight, change, author, said));
    }
    return Optional.empty();
  }

  private static String words(
      WriterSpec writer,
      LiveObject source,
      Sight sight,
      FieldChange change,
      Optional<Author> author,
      JsonNode said) {
    String from = source.ref().kind() + "/" + source.ref().name();
    String here = sight.change().ref().kind();
    Optional<JsonNode> live = change.before();
    if (said.isMissingNode() ? live.isEmpty() : live.filter(said::equals).isPresent()) {
      return from + " says the same, so " + writer.who() + " keeps it";
    }
    String set =
        author
            .filter(who -> !who.manager().equals(writer.who()))
            .map(who -> (live.isEmpty() ? "removed by " : "set by ") + who.manager() + " in ")
            .orElse(live.isEmpty() ? "removed in " : "set in ");
    return set
        + here
        + "/"
        + sight.change().ref().name()
        + ", "
        + (said.isMissingNode() ? "absent in " + from : "another value in " + from)
        + ": lost at the next run of "
        + writer.who();
  }

  /** The keys below {@code spec}, or below the root of an embedded document. */
  private static List<String> keys(FieldPath field) {
    return field.segments().isEmpty()
        ? List.of()
        : field.segments().subList(1, field.segments().size());
  }
}
