package dev.muster.diff;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.muster.resource.Declared;
import dev.muster.resource.FieldPath;
import dev.muster.resource.ObjectRef;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** What is between one object and its declared fields, and the patch that closes the gap. */
public final class ObjectDiff {
  private final Declaration declaration;
  private final Optional<JsonNode> live;
  private final Map<FieldPath, JsonNode> made;
  private final Map<FieldPath, Declared.Made> open;
  private final List<Edit> edits;

  ObjectDiff(Declaration declaration, Optional<JsonNode> live, Map<FieldPath, JsonNode> made) {
    this.declaration = declaration;
    this.live = live;
    this.made = Map.copyOf(made);
    Whole whole = new Whole(this.made);
    this.edits = List.copyOf(Comparison.of(declaration, base(), whole));
    this.open = whole.open();
  }

  public ObjectRef ref() {
    return declaration.ref();
  }

  /** Whether the object is not there yet. */
  public boolean creates() {
    return live.isEmpty();
  }

  /** The fields that are not as declared, in the order of the declaration. */
  public List<FieldChange> fields() {
    return edits.stream().flatMap(edit -> edit.changes().stream()).toList();
  }

  /** Whether every declared field is as declared already; never so for an absent object. */
  public boolean isEmpty() {
    return edits.isEmpty() && !creates();
  }

  /** Whether all new values are known; random ones that are still to be made count as known. */
  public boolean complete() {
    return knownAfter().isEmpty();
  }

  /** The steps after which all new values are known. */
  public List<String> knownAfter() {
    return fields().stream().flatMap(change -> change.knownAfter().stream()).distinct().toList();
  }

  /** Whether values are still to be made before the object can be written. */
  public boolean needsGenerated() {
    return !open.isEmpty();
  }

  /** The tokens that have to be issued before the object can be written. */
  public Set<Declared.Issued> toIssue() {
    Set<Declared.Issued> tokens = new LinkedHashSet<>();
    for (Declared.Made made : open.values()) {
      if (made instanceof Declared.Issued token) {
        tokens.add(token);
      }
    }
    return tokens;
  }

  /** The part of it that is about certain fields; of a new object all or nothing. */
  public ObjectDiff only(Predicate<FieldPath> fields) {
    List<FieldPath> others =
        fields().stream().map(FieldChange::path).filter(fields.negate()).toList();
    return others.isEmpty() ? this : new ObjectDiff(declaration.without(others), live, made);
  }

  /** The same difference with its random values made. */
  public ObjectDiff resolveGenerated(RandomGenerator random) {
    return resolve(random, Map.of());
  }

  /**
   * The same difference with its values made.
   *
   * @param tokens what was issued for {@link #toIssue()}
   */
  public ObjectDiff resolve(RandomGenerator random, Map<Declared.Issued, String> tokens) {
    Map<FieldPath, JsonNode> all = new LinkedHashMap<>(made);
    open.forEach(
        (path, wanted) -> {
          String value =
              wanted instanceof Declared.Generated generated
                  ? made(generated, random)
                  : tokens.get(wanted);
          if (value != null) {
            all.put(path, TextNode.valueOf(value));
          }
        });
    return new ObjectDiff(declaration, live, all);
  }

  /** Who will issue a token, for whom, how long, and why the live value does not do. */
  public static String making(Declared.Issued token, JsonNode live) {
    return Reissue.words(token, live);
  }

  /**
   * The JSON patch for the object, with the values in the clear: it is for the request only.
   *
   * @throws IllegalStateException when a value is not known, the object is not there, or the patch
   *     would not give exactly {@link #result()}
   */
  public JsonNode patch() {
    if (creates()) {
      throw new IllegalStateException(ref() + " is not there to be patched");
    }
    JsonNode wanted = result();
    if (base().at("/metadata/uid").asText().isEmpty()) {
      throw new IllegalStateException(ref() + " has no uid to guard its patch with");
    }
    JsonNode patch = Patches.of(edits, base());
    if (!Values.equal(Patches.apply(patch, base()), wanted)) {
      throw new IllegalStateException(
          "the patch for " + ref() + " would not give what is declared; it was not handed out");
    }
    return patch;
  }

  /**
   * The object as it should be: the live one, or a new one, with the declared fields laid over it.
   *
   * @throws IllegalStateException when a value is not known or not made yet
   */
  public JsonNode result() {
    if (!complete()) {
      throw new IllegalStateException(ref() + " has values known only after " + knownAfter());
    }
    if (needsGenerated()) {
      throw new IllegalStateException(ref() + " has values that are not made yet");
    }
    return new Overlaid(declaration, new Whole(made)).of(base());
  }

  /** The manifest of an object that is not there, with the values in the clear. */
  public JsonNode manifest() {
    if (!creates()) {
      throw new IllegalStateException(ref() + " is there already");
    }
    return result();
  }

  /** Names the object and the fields; never a sensitive value. */
  @Override
  public String toString() {
    return ref() + " " + fields();
  }

  List<Edit> edits() {
    return edits;
  }

  JsonNode base() {
    return live.orElseGet(() -> Overlay.skeleton(declaration.ref()));
  }

  boolean isSensitive(FieldPath path) {
    return declaration.isSensitive(path);
  }

  private static String made(Declared.Generated generated, RandomGenerator random) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < generated.length(); i++) {
      text.append(generated.alphabet().charAt(random.nextInt(generated.alphabet().length())));
    }
    return text.toString();
  }
}
