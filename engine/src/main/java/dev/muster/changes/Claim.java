package dev.muster.changes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.diff.Fingerprint;
import dev.muster.diff.Leaves;
import dev.muster.plan.Step;
import dev.muster.resource.Declared;
import dev.muster.resource.FieldPath;
import dev.muster.resource.FieldRules;
import dev.muster.resource.ObjectRef;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a step of one topology takes charge of in one object.
 *
 * @param cluster name of the cluster it lives in
 * @param step id of the plan's step
 * @param makes whether the step makes the object, which is not there
 * @param liveUid of the object that is there; empty when there is none
 * @param fields all that the step declares of it
 * @param replaces ids of steps that have no part in it any more, and whose fields it takes back
 * @param before live values that the step replaces, of fields that are to be restored one day
 * @param declared what the step declares of its fields
 */
public record Claim(
    String cluster,
    ObjectRef ref,
    FieldRules rules,
    String step,
    boolean makes,
    String liveUid,
    List<FieldPath> fields,
    Set<String> replaces,
    Map<FieldPath, JsonNode> before,
    Map<FieldPath, Declared> declared) {
  public Claim {
    Objects.requireNonNull(cluster, "cluster");
    Objects.requireNonNull(ref, "ref");
    fields = List.copyOf(fields);
    replaces = Set.copyOf(replaces);
    before = Collections.unmodifiableMap(new LinkedHashMap<>(before));
    declared = Collections.unmodifiableMap(new LinkedHashMap<>(declared));
  }

  /** A claim of which the values are not told. */
  Claim(
      String cluster,
      ObjectRef ref,
      FieldRules rules,
      String step,
      boolean makes,
      String liveUid,
      List<FieldPath> fields,
      Set<String> replaces,
      Map<FieldPath, JsonNode> before) {
    this(cluster, ref, rules, step, makes, liveUid, fields, replaces, before, Map.of());
  }

  /**
   * What a step takes charge of by declaring fields.
   *
   * @param live the object that is there, its embedded documents opened
   * @param makes whether the step makes the object when it is not there; it is then the plan's own,
   *     with all list elements that the plan declares
   * @param owned the fields that are owned already
   */
  static Claim of(
      Step step,
      ObjectRef ref,
      FieldRules rules,
      Declared.Fields declared,
      Optional<JsonNode> live,
      boolean makes,
      Set<FieldPath> owned,
      Set<String> replaces) {
    Map<FieldPath, Declared> values = Leaves.values(ref, declared, rules);
    List<FieldPath> fields = new ArrayList<>(values.keySet());
    // A list element that is there already is somebody else's: only what is declared in it is ours.
    fields.removeIf(
        field ->
            !makes
                && Leaves.isKey(field)
                && !owned.contains(field)
                && live.filter(tree -> Leaves.has(ref, tree, rules, field)).isPresent());
    Map<FieldPath, JsonNode> before = new LinkedHashMap<>();
    for (FieldPath field : fields) {
      if (rules.restores(field)
          && live.isPresent()
          && !Leaves.sensitive(ref, declared, rules, field)) {
        JsonNode value = at(live.get(), field);
        // What is as declared already is adopted: there is nothing that muster has overwritten.
        if (!value.isMissingNode() && !value.isNull() && !isDeclared(declared, field, value)) {
          before.put(field, value);
        }
      }
    }
    return new Claim(
        step.cluster().name(),
        ref,
        rules,
        step.spec().id(),
        makes && live.isEmpty(),
        live.map(tree -> tree.at("/metadata/uid").asText()).orElse(""),
        fields,
        replaces,
        before,
        marked(ref, declared, rules, values));
  }

  /** The values, with those marked sensitive that are so for where they stand. */
  private static Map<FieldPath, Declared> marked(
      ObjectRef ref, Declared.Fields declared, FieldRules rules, Map<FieldPath, Declared> values) {
    Map<FieldPath, Declared> marked = new LinkedHashMap<>();
    values.forEach(
        (path, value) -> {
          boolean sensitive = Leaves.sensitive(ref, declared, rules, path);
          marked.put(path, sensitive ? secret(value) : value);
        });
    return marked;
  }

  private static Declared secret(Declared value) {
    if (value instanceof Declared.Known known) {
      return new Declared.Known(known.value(), true);
    }
    if (value instanceof Declared.Items items) {
      return new Declared.Items(items.elements().stream().map(Claim::secret).toList());
    }
    if (value instanceof Declared.Fields fields) {
      Map<String, Declared> entries = new LinkedHashMap<>();
      fields.entries().forEach((key, each) -> entries.put(key, secret(each)));
      return new Declared.Fields(entries);
    }
    return value;
  }

  /**
   * What tells the declared value of a field from another one later on.
   *
   * @return empty when it is not known, made up, or secret and too easy to guess
   */
  public Optional<String> mark(FieldPath field, Fingerprint fingerprint) {
    return Optional.ofNullable(declared.get(field)).flatMap(value -> mark(value, fingerprint));
  }

  /** Whether a field is to have a token that its cluster issues. */
  public boolean issues(FieldPath field) {
    return declared.get(field) instanceof Declared.Issued;
  }

  private static Optional<String> mark(Declared value, Fingerprint fingerprint) {
    if (value instanceof Declared.Known known) {
      String text = known.value().isTextual() ? known.value().asText() : known.value().toString();
      return known.sensitive()
          ? fingerprint.of(text)
          : Optional.of(fingerprint.ofPlain(known.value().toString()));
    }
    if (value instanceof Declared.Items items) {
      List<Optional<String>> marks =
          items.elements().stream().map(element -> mark(element, fingerprint)).toList();
      return marks.stream().allMatch(Optional::isPresent)
          ? Optional.of(
              fingerprint.ofPlain(String.join(",", marks.stream().map(Optional::get).toList())))
          : Optional.empty();
    }
    return value instanceof Declared.Fields fields
        ? ofFields(fields, fingerprint)
        : Optional.empty();
  }

  private static Optional<String> ofFields(Declared.Fields fields, Fingerprint fingerprint) {
    List<String> marks = new ArrayList<>();
    for (Map.Entry<String, Declared> entry : new TreeMap<>(fields.entries()).entrySet()) {
      Optional<String> mark = mark(entry.getValue(), fingerprint);
      if (mark.isEmpty()) {
        return mark;
      }
      marks.add(entry.getKey() + "=" + mark.get());
    }
    return Optional.of(fingerprint.ofPlain(String.join(",", marks)));
  }

  private static boolean isDeclared(Declared.Fields declared, FieldPath path, JsonNode value) {
    Declared at = declared;
    for (String segment : path.segments()) {
      if (!(at instanceof Declared.Fields fields) || !fields.entries().containsKey(segment)) {
        return false;
      }
      at = Objects.requireNonNull(fields.entries().get(segment));
    }
    return at instanceof Declared.Known known && known.value().equals(value);
  }

  private static JsonNode at(JsonNode tree, FieldPath path) {
    JsonNode node = tree;
    for (String segment : path.segments()) {
      node = node.path(segment);
    }
    return node;
  }

  /** The object as owned before anything is written: all that was owned, and all that will be. */
  OwnedObject intended(OwnedObject remembered) {
    OwnedObject owned = ofThisOne(remembered);
    Map<String, List<FieldPath>> fieldsNow = new LinkedHashMap<>(owned.fields());
    Set<FieldPath> union =
        new java.util.LinkedHashSet<>(owned.fields().getOrDefault(step, List.of()));
    union.addAll(fields);
    fieldsNow.put(step, List.copyOf(union));
    OwnedObject.Made made = makes ? new OwnedObject.Made(true, "") : owned.made();
    return owned.with(made, fieldsNow, this, owned.declared());
  }

  /** The same where nobody keeps what was declared. */
  OwnedObject settled(OwnedObject remembered, String uid, boolean made) {
    return settled(remembered, uid, made, Optional.empty());
  }

  /**
   * The object as owned when it is as declared.
   *
   * @param uid of the object as it is now
   * @param made whether it was made just now
   * @param fingerprint of the entry; empty when the entry has no key yet
   */
  OwnedObject settled(
      OwnedObject remembered, String uid, boolean made, Optional<Fingerprint> fingerprint) {
    OwnedObject owned = ofThisOne(remembered);
    Map<String, List<FieldPath>> fieldsNow = new LinkedHashMap<>(owned.fields());
    fieldsNow.keySet().removeAll(replaces);
    fieldsNow.put(step, fields);
    boolean ours =
        made || owned.made().is(uid) || owned.made().intended() && owned.made().uid().isEmpty();
    OwnedObject.Made now = ours ? new OwnedObject.Made(true, uid) : OwnedObject.Made.NOT;
    Map<FieldPath, String> values = new LinkedHashMap<>(owned.declared());
    for (FieldPath field : fields) {
      fingerprint
          .flatMap(with -> mark(field, with))
          .ifPresentOrElse(mark -> values.put(field, mark), () -> values.remove(field));
    }
    return owned.with(now, fieldsNow, this, values);
  }

  /**
   * What was owned of an object that is no more is nobody's in the one that is made in its place: a
   * run may have ended between taking one out and forgetting it.
   */
  private OwnedObject ofThisOne(OwnedObject remembered) {
    return makes ? OwnedObject.of(remembered.cluster(), remembered.ref(), rules) : remembered;
  }
}
