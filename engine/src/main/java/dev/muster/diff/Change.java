package dev.muster.diff;

import dev.muster.resource.ObjectRef;
import java.util.List;

/** What has to happen to one object so that it matches its desired state. */
public sealed interface Change {
  ObjectRef ref();

  /** Why this action was chosen; for people, never for decisions. */
  String reason();

  /** The fields that change, in the order of the declaration. */
  List<FieldChange> fields();

  /** The object is not there and all its declared values are known. */
  record Create(ObjectRef ref, String reason, ObjectDiff diff) implements Change {
    @Override
    public List<FieldChange> fields() {
      return diff.fields();
    }
  }

  /** The object is there and differs. */
  record Patch(ObjectRef ref, String reason, ObjectDiff diff) implements Change {
    @Override
    public List<FieldChange> fields() {
      return diff.fields();
    }
  }

  /**
   * @param uid of the object that is meant, so that no later one of the same name is deleted
   */
  record Delete(ObjectRef ref, String reason, String uid) implements Change {
    @Override
    public List<FieldChange> fields() {
      return List.of();
    }
  }

  record Unchanged(ObjectRef ref, String reason) implements Change {
    @Override
    public List<FieldChange> fields() {
      return List.of();
    }
  }

  /**
   * A change whose values are not all known.
   *
   * @param waitsFor the steps after which they are; not empty
   */
  record Pending(
      ObjectRef ref,
      String reason,
      Intended intended,
      List<FieldChange> fields,
      List<String> waitsFor)
      implements Change {
    public Pending {
      fields = List.copyOf(fields);
      waitsFor = List.copyOf(waitsFor);
      if (waitsFor.isEmpty()) {
        throw new IllegalArgumentException("a pending change waits for at least one step");
      }
    }
  }

  /** What a pending change turns into, as far as it can be said now. */
  enum Intended {
    CREATE,
    PATCH
  }

  /** The change that a difference asks for. */
  static Change of(ObjectDiff diff, String reason) {
    if (!diff.complete()) {
      Intended intended = diff.creates() ? Intended.CREATE : Intended.PATCH;
      return new Pending(diff.ref(), reason, intended, diff.fields(), diff.knownAfter());
    }
    if (diff.creates()) {
      return new Create(diff.ref(), reason, diff);
    }
    return diff.isEmpty() ? new Unchanged(diff.ref(), reason) : new Patch(diff.ref(), reason, diff);
  }
}
