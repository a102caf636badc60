package dev.muster.drift;

import dev.muster.changes.FieldView;
import dev.muster.resource.ObjectRef;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A declared field that is not as declared.
 *
 * @param cluster the cluster it lives in
 * @param step the step that declares it
 * @param objectGone whether the whole object is missing
 * @param objectUnwanted whether the whole object should be gone
 * @param author who made it what it is, where that is known
 * @param outlook what will become of it by itself, in sentences
 */
public record DriftedField(
    String cluster,
    String step,
    ObjectRef ref,
    boolean objectGone,
    boolean objectUnwanted,
    FieldView field,
    Kind kind,
    Optional<Author> author,
    List<String> outlook) {
  public DriftedField {
    Objects.requireNonNull(cluster, "cluster");
    Objects.requireNonNull(step, "step");
    Objects.requireNonNull(ref, "ref");
    Objects.requireNonNull(field, "field");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(author, "author");
    outlook = List.copyOf(outlook);
  }

  /** Which side has moved. */
  public enum Kind {
    /** The live field, after it was as declared. */
    DRIFT,
    /** The declaration, since it was last applied. */
    PENDING
  }

  public boolean pending() {
    return kind == Kind.PENDING;
  }
}
