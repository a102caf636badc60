package dev.muster.drift;

import dev.muster.diff.Change;
import dev.muster.diff.FieldChange;
import dev.muster.live.FieldManagers;
import dev.muster.plan.ObjectSpec;
import dev.muster.plan.Plan;
import dev.muster.plan.WriterSpec;
import dev.muster.resource.FieldPath;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Finds who made a field what it is. */
final class Authors {
  private final Plan plan;

  Authors(Plan plan) {
    this.plan = plan;
  }

  /** The author of one field; none for an object that is gone, since it took its traces along. */
  Optional<Author> of(Sight sight, FieldChange change) {
    if (sight.managers().isEmpty()) {
      return Optional.empty();
    }
    FieldManagers managers = sight.managers().get();
    FieldPath place = sight.place(change.path());
    boolean absent = change.kind() == FieldChange.Kind.ADD;
    if (absent && !sight.inDocument(change.path())) {
      return remover(sight, managers, place).or(() -> writer(sight));
    }
    List<FieldManagers.Entry> owners = managers.owners(place);
    // Of a text, only who wrote it last is known, not who changed this field in it.
    return owners.stream()
        .filter(entry -> !entry.muster())
        .findFirst()
        .or(() -> owners.stream().findFirst())
        .filter(entry -> !entry.muster() || !sight.inDocument(change.path()))
        .map(entry -> author(entry, sight.inDocument(change.path()) && othersWrote(owners)))
        .or(() -> writer(sight));
  }

  private static boolean othersWrote(List<FieldManagers.Entry> owners) {
    return owners.size() > 1;
  }

  /** The author of an object that should not be there: who wrote it first. */
  Optional<Author> ofUnwanted(Sight sight) {
    return sight
        .managers()
        .flatMap(m -> m.oldestFirst().stream().findFirst())
        .map(e -> author(e, true));
  }

  /** Who removes a field leaves no trace of it, but often wrote something beside it. */
  private static Optional<Author> remover(Sight sight, FieldManagers managers, FieldPath place) {
    Optional<Instant> since =
        managers.oldestFirst().stream()
            .filter(FieldManagers.Entry::muster)
            .flatMap(entry -> entry.time().stream())
            .max(Instant::compareTo)
            .or(() -> sight.entry().flatMap(entry -> entry.settled().at()));
    for (int length = place.segments().size() - 1; length > 0; length--) {
      FieldPath parent = new FieldPath(place.segments().subList(0, length));
      Optional<FieldManagers.Entry> last =
          managers.owners(parent).stream()
              .filter(entry -> !entry.muster() && !entry.subresource().equals("status"))
              .filter(entry -> since.isEmpty() || !isBefore(entry, since.get()))
              .findFirst();
      if (last.isPresent()) {
        return Optional.of(author(last.get(), true));
      }
    }
    return Optional.empty();
  }

  private static boolean isBefore(FieldManagers.Entry entry, Instant since) {
    return entry.time().isEmpty() || entry.time().get().isBefore(since);
  }

  /** The controller that the plan knows to write the object, when there is only one. */
  private Optional<Author> writer(Sight sight) {
    List<String> who =
        plan.writers().stream()
            .filter(writer -> renders(writer, sight.names()))
            .map(WriterSpec::who)
            .distinct()
            .toList();
    return who.size() == 1 && !(sight.change() instanceof Change.Delete)
        ? Optional.of(new Author(who.get(0), "", "", Optional.empty(), true))
        : Optional.empty();
  }

  static boolean renders(WriterSpec writer, List<ObjectSpec> names) {
    return names.stream().anyMatch(name -> writer.renders().contains(name.name()));
  }

  private static Author author(FieldManagers.Entry entry, boolean likely) {
    return new Author(
        entry.manager(), entry.operation(), entry.subresource(), entry.time(), likely);
  }
}
