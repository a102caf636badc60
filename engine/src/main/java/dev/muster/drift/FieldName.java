package dev.muster.drift;

import dev.muster.resource.ObjectRef;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * How people name a drifted field: {@code CLUSTER:KIND/NAMESPACE/NAME:FIELD}, or less of it as long
 * as it is clear which one is meant.
 */
public final class FieldName {
  private FieldName() {}

  /** The whole name. */
  public static String of(DriftedField field) {
    return field.cluster() + ":" + field.ref() + ":" + field.field().path();
  }

  /**
   * Those that a name may mean: those of which it is the whole name, else those it is a part of.
   */
  public static List<DriftedField> find(List<DriftedField> fields, String name) {
    List<DriftedField> exact = fields.stream().filter(field -> of(field).equals(name)).toList();
    if (!exact.isEmpty()) {
      return exact;
    }
    List<DriftedField> named =
        fields.stream().filter(field -> names(field).contains(name)).toList();
    return named.isEmpty()
        ? fields.stream().filter(field -> endsWith(field.field().path(), name)).toList()
        : named;
  }

  private static Set<String> names(DriftedField field) {
    ObjectRef ref = field.ref();
    String path = field.field().path();
    Set<String> names = new LinkedHashSet<>();
    for (String object : List.of(ref.toString(), ref.kind() + "/" + ref.name(), ref.name())) {
      names.add(field.cluster() + ":" + object + ":" + path);
      names.add(object + ":" + path);
    }
    names.add(field.cluster() + ":" + path);
    names.add(path);
    return names;
  }

  /** Whether a path ends in these keys, whole ones. */
  private static boolean endsWith(String path, String end) {
    return !end.isEmpty() && (path.endsWith("." + end) || path.endsWith("['" + end + "']"));
  }
}
