package dev.muster.changes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.muster.diff.FieldChange;
import dev.muster.diff.ObjectDiff;
import dev.muster.resource.Declared;
import dev.muster.resource.FieldPath;
import dev.muster.resource.FieldRules;
import dev.muster.resource.Redactor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The fields of a new object one by one, lists opened, so that what is known of them is seen. */
final class Flat {
  private final FieldRules rules;
  private final List<FieldChange> changes = new ArrayList<>();

  private Flat(FieldRules rules) {
    this.rules = rules;
  }

  static List<FieldChange> creation(Declared.Fields declared, FieldRules rules) {
    Flat flat = new Flat(rules);
    flat.open(FieldPath.root(), declared);
    return List.copyOf(flat.changes);
  }

  /**
   * The fields of a change, a list of plain values that keeps its length told element by element:
   * of a command line one argument may be secret, and the others are what people want to see.
   */
  static List<FieldChange> opened(List<FieldChange> fields, Declared.Fields declared) {
    List<FieldChange> opened = new ArrayList<>();
    for (FieldChange field : fields) {
      Optional<Declared.Items> items = itemsAt(declared, field.path().segments());
      if (items.isPresent() && alike(field, items.get())) {
        elements(field, items.get(), opened);
      } else {
        opened.add(field);
      }
    }
    return List.copyOf(opened);
  }

  private static boolean alike(FieldChange field, Declared.Items items) {
    int size = items.elements().size();
    return field.before().filter(before -> before.isArray() && before.size() == size).isPresent()
        && items.elements().stream()
            .allMatch(each -> each instanceof Declared.Known || each instanceof Declared.Unknown);
  }

  /** The live list may have its secret where the declared one has something else. */
  private static void elements(FieldChange field, Declared.Items items, List<FieldChange> opened) {
    JsonNode before = field.before().orElseThrow();
    for (int i = 0; i < items.elements().size(); i++) {
      Declared element = items.elements().get(i);
      JsonNode after = element instanceof Declared.Known known ? known.value() : missing();
      if (!before.get(i).equals(after)) {
        opened.add(
            new FieldChange(
                field.path().child("[" + i + "]"),
                FieldChange.Kind.REPLACE,
                before.get(i),
                after,
                element.sensitive() || Redactor.looksLikeKey(before.get(i).asText()),
                element.knownAfter(),
                false));
      }
    }
  }

  private static Optional<Declared.Items> itemsAt(Declared declared, List<String> path) {
    if (path.isEmpty()) {
      return declared instanceof Declared.Items items ? Optional.of(items) : Optional.empty();
    }
    List<String> rest = path.subList(1, path.size());
    if (declared instanceof Declared.Fields fields) {
      return Optional.ofNullable(fields.entries().get(path.get(0)))
          .flatMap(child -> itemsAt(child, rest));
    }
    if (declared instanceof Declared.Items items) {
      for (int i = 0; i < items.elements().size(); i++) {
        if (path.get(0).equals("[" + name(items.elements().get(i), i) + "]")) {
          return itemsAt(items.elements().get(i), rest);
        }
      }
    }
    return Optional.empty();
  }

  private void open(FieldPath path, Declared declared) {
    if (declared instanceof Declared.Fields fields) {
      fields.entries().forEach((key, value) -> open(path.child(key), value));
    } else if (declared instanceof Declared.Items items && nested(items)) {
      for (int i = 0; i < items.elements().size(); i++) {
        open(path.child("[" + name(items.elements().get(i), i) + "]"), items.elements().get(i));
      }
    } else if (declared instanceof Declared.Items items) {
      add(path, whole(items), items);
    } else {
      add(path, declared instanceof Declared.Known known ? known.value() : missing(), declared);
    }
  }

  /** A list of plain known values is shown as one. */
  private static boolean nested(Declared.Items items) {
    return items.elements().stream()
        .anyMatch(element -> !(element instanceof Declared.Known known) || known.sensitive());
  }

  private static JsonNode whole(Declared.Items items) {
    var array = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.arrayNode();
    items.elements().forEach(element -> array.add(((Declared.Known) element).value()));
    return array;
  }

  private static String name(Declared element, int position) {
    return element instanceof Declared.Fields fields
            && fields.entries().get("name") instanceof Declared.Known known
            && known.value().isTextual()
        ? "name=" + known.value().asText()
        : String.valueOf(position);
  }

  private void add(FieldPath path, JsonNode after, Declared declared) {
    boolean generated = declared instanceof Declared.Made;
    String making =
        declared instanceof Declared.Issued token ? ObjectDiff.making(token, missing()) : "";
    boolean secret = declared.sensitive() || !below(path) && underSensitive(path);
    changes.add(
        new FieldChange(
                path,
                FieldChange.Kind.ADD,
                missing(),
                after,
                secret,
                declared.knownAfter(),
                generated)
            .making(making));
  }

  /** Whether the path ends in a list element, whose own origin says whether it is sensitive. */
  private static boolean below(FieldPath path) {
    return !path.segments().isEmpty()
        && path.segments().get(path.segments().size() - 1).startsWith("[");
  }

  private boolean underSensitive(FieldPath path) {
    String plain =
        String.join(".", path.segments().stream().filter(s -> !s.startsWith("[")).toList());
    return rules.sensitive().stream().anyMatch(s -> plain.equals(s) || plain.startsWith(s + "."));
  }

  private static JsonNode missing() {
    return MissingNode.getInstance();
  }
}
