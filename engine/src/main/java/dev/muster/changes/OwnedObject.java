package dev.muster.changes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.resource.FieldPath;
import dev.muster.resource.FieldRules;
import dev.muster.resource.ObjectRef;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The part of one live object that muster has taken charge of.
 *
 * @param cluster name of the cluster it lives in
 * @param made whether muster made it
 * @param rules by which its fields are found and shown, also when no plan names it any more
 * @param fields by the id of the plan's step that declares them
 * @param before what muster replaced, of fields that are to be restored
 * @param declared fingerprints of the values that were declared when the fields were settled, made
 *     with the entry's key; none for values that are not known, made up or too easy to guess
 */
public record OwnedObject(
    String cluster,
    ObjectRef ref,
    Made made,
    FieldRules rules,
    Map<String, List<FieldPath>> fields,
    Map<FieldPath, JsonNode> before,
    Map<FieldPath, String> declared) {
  public OwnedObject {
    Objects.requireNonNull(cluster, "cluster");
    Objects.requireNonNull(ref, "ref");
    Objects.requireNonNull(made, "made");
    Map<String, List<FieldPath>> copy = new LinkedHashMap<>();
    fields.forEach((step, paths) -> copy.put(step, List.copyOf(paths)));
    fields = Collections.unmodifiableMap(copy);
    before = Collections.unmodifiableMap(new LinkedHashMap<>(before));
    declared = Collections.unmodifiableMap(new LinkedHashMap<>(declared));
  }

  /** One of which it is not known what was declared. */
  public OwnedObject(
      String cluster,
      ObjectRef ref,
      Made made,
      FieldRules rules,
      Map<String, List<FieldPath>> fields,
      Map<FieldPath, JsonNode> before) {
    this(cluster, ref, made, rules, fields, before, Map.of());
  }

  /** An object of which nothing is owned yet. */
  static OwnedObject of(String cluster, ObjectRef ref, FieldRules rules) {
    return new OwnedObject(cluster, ref, Made.NOT, rules, Map.of(), Map.of());
  }

  /**
   * Whether muster made an object.
   *
   * @param intended a run was about to make it
   * @param uid of the object that was made; empty when it is not known
   */
  public record Made(boolean intended, String uid) {
    /** Somebody else made it. */
    public static final Made NOT = new Made(false, "");

    /** Whether it is the very object that lives under its name now. */
    boolean is(String liveUid) {
      return !uid.isEmpty() && uid.equals(liveUid);
    }
  }

  /** All owned fields, each once. */
  public Set<FieldPath> all() {
    Set<FieldPath> all = new LinkedHashSet<>();
    fields.values().forEach(all::addAll);
    return all;
  }

  /** The same object, of a cluster that has another name now. */
  OwnedObject on(String renamed) {
    return new OwnedObject(renamed, ref, made, rules, fields, before, declared);
  }

  boolean is(String otherCluster, ObjectRef otherRef) {
    return cluster.equals(otherCluster) && ref.path().equals(otherRef.path());
  }

  /** The same without what was declared, when that was told with a key that is lost. */
  OwnedObject undeclared() {
    return new OwnedObject(cluster, ref, made, rules, fields, before);
  }

  /**
   * The same object owned under another step's fields, with what was there before them.
   *
   * @param values what is known of the declared values by now
   */
  OwnedObject with(
      Made nowMade,
      Map<String, List<FieldPath>> nowFields,
      Claim claim,
      Map<FieldPath, String> values) {
    Map<String, List<FieldPath>> kept = new LinkedHashMap<>(nowFields);
    kept.values().removeIf(List::isEmpty);
    Set<FieldPath> owned = new LinkedHashSet<>();
    kept.values().forEach(owned::addAll);
    Map<FieldPath, JsonNode> restorable = new LinkedHashMap<>(before);
    Set<FieldPath> known = all();
    // What stood there when muster first took charge counts, not what muster itself wrote.
    claim
        .before()
        .forEach(
            (path, value) -> {
              if (!known.contains(path)) {
                restorable.put(path, value);
              }
            });
    restorable.keySet().retainAll(owned);
    Map<FieldPath, String> nowDeclared = new LinkedHashMap<>(values);
    nowDeclared.keySet().retainAll(owned);
    // Whether a field is restored is for the plan to say, when it takes charge of it.
    FieldRules nowRules =
        new FieldRules(
            claim.rules().mergeKeys(), claim.rules().sensitive(), claim.rules().documents());
    return new OwnedObject(cluster, ref, nowMade, nowRules, kept, restorable, nowDeclared);
  }
}
