package dev.muster.report;

import dev.muster.changes.FieldView;
import dev.muster.drift.Author;
import dev.muster.drift.DriftedField;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The words for one difference, the same in every rendering for people. */
final class DriftWords {
  private static final DateTimeFormatter TODAY =
      DateTimeFormatter.ofPattern("'at' HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter BEFORE =
      DateTimeFormatter.ofPattern("'on' yyyy-MM-dd", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter FULL =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Clean clean;
  private final Instant now;

  DriftWords(Clean clean, Instant now) {
    this.clean = clean;
    this.now = now;
  }

  String line(String text) {
    return clean.line(text);
  }

  /** {@code drift} or {@code pending}. */
  static String kind(DriftedField field) {
    return field.kind().name().toLowerCase(Locale.ROOT);
  }

  /** The kind of several fields: drift, as soon as one of them is. */
  static String kind(Collection<DriftedField> fields) {
    return fields.stream().allMatch(DriftedField::pending) ? "pending" : "drift";
  }

  /** What is the matter with the whole object; empty when it is about fields. */
  static Optional<String> whole(DriftedField field) {
    return field.objectGone()
        ? Optional.of("does not exist")
        : field.objectUnwanted() ? Optional.of("is still there") : Optional.empty();
  }

  String declared(DriftedField drifted) {
    FieldView field = drifted.field();
    if (field.released()) {
      return "no longer; muster apply "
          + (field.after().isEmpty() ? "removes it" : "gives back " + value(field.after(), field));
    }
    if (!field.knownAfter().isEmpty()) {
      return "known after " + clean.line(String.join(", ", field.knownAfter()));
    }
    if (field.generated()) {
      return field.making().isEmpty()
          ? "(generated, sensitive)"
          : "to be renewed: " + clean.line(field.making()) + " (sensitive)";
    }
    return value(field.after(), field);
  }

  String live(DriftedField drifted) {
    FieldView field = drifted.field();
    return field.action().equals("add") ? "absent" : value(field.before(), field);
  }

  /** Who made it so, and when that one wrote last: it was then or before. */
  Optional<String> by(DriftedField drifted) {
    return drifted.author().map(this::by);
  }

  private String by(Author author) {
    return (author.likely() ? "probably " : "")
        + clean.line(author.manager())
        + (author.subresource().isEmpty() ? "" : " (" + clean.line(author.subresource()) + ")")
        + author.time().map(time -> ", last wrote " + since(time)).orElse("");
  }

  List<String> outlook(DriftedField drifted) {
    return drifted.outlook().stream().map(clean::line).toList();
  }

  /** The hour for today, the date for all before. */
  String since(Instant time) {
    boolean today =
        LocalDate.ofInstant(time, ZoneOffset.UTC).equals(LocalDate.ofInstant(now, ZoneOffset.UTC));
    return (today ? TODAY : BEFORE).format(time);
  }

  static String full(Instant time) {
    return FULL.format(time);
  }

  static String count(long number, String one, String many) {
    return number + " " + (number == 1 ? one : many);
  }

  private String value(String json, FieldView field) {
    if (field.sensitive() && !json.equals(FieldView.EMPTY)) {
      return json.isEmpty() ? "(sensitive)" : "(sensitive, fingerprint " + json + ")";
    }
    return json.isEmpty() ? "absent" : clean.line(json);
  }
}
