package dev.muster.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problem;
import java.util.List;
import java.util.Optional;

/**
 * YAML or JSON text that belongs to somebody else, such as a file in a ConfigMap. It is read as
 * leniently as Go programs read it, and edited without touching a byte that need not change:
 * comments, order, quoting, indentation, blank lines and line endings survive. Immutable.
 */
public final class YamlDocument {
  private static final int MAX_EDITS = 10_000;

  private final SourceText source;
  private final Optional<Part> root;
  private final JsonNode tree;
  private final List<String> duplicates;
  private final boolean json;

  private YamlDocument(
      SourceText source, Optional<Part> root, JsonNode tree, List<String> dups, boolean json) {
    this.source = source;
    this.root = root;
    this.tree = tree;
    this.duplicates = dups;
    this.json = json;
  }

  /**
   * Reads one mapping; an empty text counts as an empty mapping.
   *
   * @throws MusterException when the text is broken, or is not a mapping
   */
  public static YamlDocument parse(String text) {
    SourceText source = new SourceText("", text);
    try {
      return read(source);
    } catch (Refused e) {
      throw failure(source, e);
    }
  }

  public String text() {
    return source.text();
  }

  /** The values as the program that reads the text sees them. */
  public JsonNode json() {
    return tree.deepCopy();
  }

  /** Dotted paths of keys that stand more than once in their mapping, where the last one wins. */
  public List<String> duplicates() {
    return duplicates;
  }

  /**
   * Sets one field; missing parents are made.
   *
   * @param path keys; {@code [3]} or {@code [key=value]} for an element of a list
   * @throws MusterException when the path leads through a scalar or a missing element, or when the
   *     text cannot be edited without changing something else
   */
  public YamlDocument set(List<String> path, JsonNode value) {
    return become(TreePath.with(tree, path, value));
  }

  /** Removes one field, all its duplicates too; nothing happens when it is not there. */
  public YamlDocument remove(List<String> path) {
    return become(TreePath.without(tree, path));
  }

  /** The text with just the edits that make it hold this tree. */
  public YamlDocument become(JsonNode wanted) {
    if (!wanted.isObject()) {
      throw MusterException.of("an embedded document is a mapping");
    }
    YamlDocument current = this;
    try {
      for (int i = 0; i < MAX_EDITS; i++) {
        Optional<YamlDocument> next = current.closer(wanted);
        if (next.isEmpty()) {
          return current;
        }
        current = next.get();
      }
    } catch (Refused e) {
      throw failure(current.source, e);
    }
    throw MusterException.of("more than " + MAX_EDITS + " edits of one embedded document");
  }

  private Optional<YamlDocument> closer(JsonNode wanted) throws Refused {
    if (root.isEmpty()) {
      return Scalars.same(tree, wanted) ? Optional.empty() : Optional.of(withFirstLines(wanted));
    }
    Part part = root.get();
    Splice layout = new Splice(text());
    String tried = "the document";
    // A comment below could become text of a literal block, so do without if need be.
    for (YamlWriter style : Layout.writers(part, layout)) {
      TreeEdit edits = new TreeEdit(layout, style, json);
      Optional<TreeEdit.Step> step = edits.first(Place.root(part), tree, wanted);
      if (step.isEmpty()) {
        return Optional.empty();
      }
      while (step.isPresent()) {
        tried = step.get().path();
        Optional<YamlDocument> edited = attempt(step.get());
        if (edited.isPresent()) {
          return edited;
        }
        step = step.get().otherwise();
      }
    }
    throw inTheWay(tried);
  }

  /** Nothing is handed out that does not read back as exactly what was asked for. */
  private Optional<YamlDocument> attempt(TreeEdit.Step step) {
    Splice splice = new Splice(text());
    step.text().accept(splice);
    try {
      YamlDocument edited = read(new SourceText("", splice.apply()));
      return Scalars.same(edited.tree, step.tree().apply(tree))
          ? Optional.of(edited)
          : Optional.empty();
    } catch (Refused e) {
      return Optional.empty();
    }
  }

  private static Refused inTheWay(String path) {
    return new Refused(
        0,
        path + " cannot be edited in this text without changing something else",
        "an anchor, a merge key or an unusual layout is in the way; edit it by hand");
  }

  private YamlDocument withFirstLines(JsonNode wanted) throws Refused {
    Splice splice = new Splice(text());
    boolean needsBreak = splice.length() > 0 && !splice.endsWithBreak() && !text().equals("\uFEFF");
    List<String> lines = new YamlWriter(2, 0, true).lines(wanted);
    String block = String.join(splice.newline(), lines) + splice.newline();
    splice.insert(splice.length(), (needsBreak ? splice.newline() : "") + block);
    YamlDocument edited;
    try {
      edited = read(new SourceText("", splice.apply()));
    } catch (Refused e) {
      throw inTheWay("the document");
    }
    if (!Scalars.same(edited.tree, wanted)) {
      throw inTheWay("the document");
    }
    return edited;
  }

  private static YamlDocument read(SourceText source) throws Refused {
    List<Part> parts = JsonText.parse(source);
    if (parts.size() > 1) {
      throw new Refused(parts.get(1).start(), "more than one document", "");
    }
    ObjectNode nothing = JsonNodeFactory.instance.objectNode();
    if (parts.isEmpty() || isEmptyText(parts.get(0))) {
      return new YamlDocument(source, Optional.empty(), nothing, List.of(), false);
    }
    Part part = parts.get(0);
    LenientTree values = new LenientTree();
    JsonNode tree = values.value(part, "");
    if (tree.isNull()) {
      return new YamlDocument(source, Optional.of(part), nothing, List.of(), false);
    }
    if (!(part instanceof Part.Mapping)) {
      throw new Refused(part.start(), "not a mapping", "");
    }
    boolean json = JsonText.isJson(source.text());
    return new YamlDocument(source, Optional.of(part), tree, values.duplicates(), json);
  }

  private static boolean isEmptyText(Part part) {
    return part instanceof Part.Scalar && part.start() == part.end();
  }

  private static MusterException failure(SourceText source, Refused e) {
    String[] hints = e.hint().isEmpty() ? new String[0] : new String[] {e.hint()};
    String message = "embedded document: " + e.message();
    // No excerpt: the text may hold secrets.
    var where = source.where(e.offset());
    var place = new dev.muster.problem.Where("", where.line(), where.column(), "");
    return new MusterException(Problem.error(place, message, hints));
  }
}
