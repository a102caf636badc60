package dev.muster.plan;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.muster.expression.Template;
import dev.muster.live.LogQuery;
import dev.muster.resource.DocumentPlace;
import dev.muster.resource.FieldPath;
import dev.muster.resource.FieldRules;
import dev.muster.resource.ObjectRef;
import dev.muster.yaml.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the objects of a plan file. */
final class ObjectsReader {
  private static final Pattern VERSION = Pattern.compile("v[0-9]+((alpha|beta)[0-9]+)?");
  private static final Pattern THROUGH = Pattern.compile("([^/]+)/(https?):([^/:]+):([^/:]+)");
  private static final Pattern SEGMENT = Pattern.compile("\\.?([A-Za-z0-9_-]+)|\\['([^']*)'\\]");

  private final Scribe scribe;

  /**
   * @param scribe whose expressions see the topology and the member
   */
  ObjectsReader(Scribe scribe) {
    this.scribe = scribe;
  }

  Map<String, ObjectSpec> read(Optional<YamlNode> section) {
    Map<String, ObjectSpec> objects = new LinkedHashMap<>();
    Scribe.entries(
        section,
        (key, node) ->
            objects.put(
                key.text(),
                new ObjectSpec(
                    key.text(),
                    on(node),
                    forEach(node, "member"),
                    forEach(node, "peer"),
                    source(node).orElseGet(() -> unreadable(node)),
                    rules(node),
                    keys(node),
                    key.where())));
    return objects;
  }

  private static boolean forEach(YamlNode node, String whom) {
    return Scribe.needed(node, "forEach").equals(whom);
  }

  static On on(YamlNode node) {
    return switch (Scribe.needed(node, "on")) {
      case "host" -> On.HOST;
      case "member" -> On.MEMBER;
      default -> On.EACH;
    };
  }

  /** Stands for a source that was reported, so that its name is known all the same. */
  private ObjectSource unreadable(YamlNode node) {
    return new ObjectSource.One(
        ObjectRef.of("v1", "Unknown", "", ""),
        scribe.broken(node),
        Optional.empty(),
        Optional.empty());
  }

  private Optional<ObjectSource> source(YamlNode node) {
    Optional<YamlNode> ref = node.child("ref");
    if (ref.isPresent()) {
      return reference(node, ref.get());
    }
    Optional<YamlNode> list = node.child("list");
    if (list.isPresent()) {
      List<String> parts = split(list.get().json().asText());
      int kindAt = kindPosition(parts);
      if (kindAt < 0 || parts.size() > kindAt + 2) {
        badReference(list.get(), "group/version/Kind[/namespace]");
        return Optional.empty();
      }
      String namespace = parts.size() > kindAt + 1 ? parts.get(kindAt + 1) : "";
      return Optional.of(new ObjectSource.All(pattern(node, parts, kindAt, namespace)));
    }
    return node.child("log")
        .map(
            log ->
                new ObjectSource.Log(
                    new LogQuery(
                        Scribe.needed(log, "namespace"),
                        Scribe.needed(log, "selector"),
                        Scribe.text(log, "container").orElse(""))));
  }

  private Optional<ObjectSource> reference(YamlNode node, YamlNode ref) {
    List<String> parts = split(ref.json().asText());
    int kindAt = kindPosition(parts);
    int names = parts.size() - kindAt - 1;
    if (kindAt < 0 || names < 1 || names > 2) {
      badReference(ref, "group/version/Kind/[namespace/]name");
      return Optional.empty();
    }
    String namespace = names == 2 ? parts.get(kindAt + 1) : "";
    Template name = scribe.template(part(ref, parts.get(parts.size() - 1)));
    return Optional.of(
        new ObjectSource.One(
            pattern(node, parts, kindAt, namespace),
            name,
            through(node),
            node.child("access").map(scribe::template)));
  }

  private Optional<ObjectSource.Through> through(YamlNode node) {
    return node.child("through")
        .flatMap(
            text -> {
              Matcher matcher = THROUGH.matcher(text.json().asText());
              if (!matcher.matches()) {
                return Optional.empty();
              }
              Template service = scribe.template(part(text, matcher.group(3)));
              return Optional.of(
                  new ObjectSource.Through(
                      matcher.group(1), matcher.group(2), service, matcher.group(4)));
            });
  }

  private static ObjectRef pattern(
      YamlNode node, List<String> parts, int kindAt, String namespace) {
    String apiVersion = String.join("/", parts.subList(0, kindAt));
    ObjectRef ref = ObjectRef.of(apiVersion, parts.get(kindAt), namespace, "");
    return Scribe.text(node, "plural").map(ref::withPlural).orElse(ref);
  }

  private void badReference(YamlNode written, String form) {
    scribe
        .problems()
        .error(
            written.where(),
            "\""
                + written.json().asText()
                + "\" is no reference to "
                + (form.endsWith("name") ? "an object" : "objects of one kind"),
            "write " + form + "; without the group for v1 kinds such as ConfigMap");
  }

  /** Slashes inside {@code ${...}} do not separate. */
  private static List<String> split(String reference) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    StringBuilder part = new StringBuilder();
    for (char c : reference.toCharArray()) {
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (c == '/' && depth == 0) {
        parts.add(part.toString());
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    parts.add(part.toString());
    return parts;
  }

  static int kindPosition(List<String> parts) {
    if (parts.size() > 1 && VERSION.matcher(parts.get(0)).matches()) {
      return 1;
    }
    return parts.size() > 2 && VERSION.matcher(parts.get(1)).matches() ? 2 : -1;
  }

  private static FieldRules rules(YamlNode node) {
    Map<String, DocumentPlace> documents = new LinkedHashMap<>();
    Scribe.entries(
        node.child("documents"), (key, place) -> documents.put(key.text(), place(place)));
    Map<String, String> mergeKeys = new LinkedHashMap<>();
    Scribe.entries(
        node.child("mergeKeys"), (key, by) -> mergeKeys.put(key.text(), by.json().asText()));
    return new FieldRules(
        mergeKeys,
        sensitive(Scribe.texts(node, "sensitive"), documents),
        documents,
        Scribe.texts(node, "restore"),
        Scribe.texts(node, "open"));
  }

  /** The keys in paths of documents that are expressions. */
  private Map<String, Template> keys(YamlNode node) {
    Map<String, Template> keys = new LinkedHashMap<>();
    Scribe.entries(
        node.child("documents"),
        (name, written) -> {
          YamlNode path =
              written.json().isTextual() ? written : written.child("in").orElse(written);
          for (String key : place(written).field().segments()) {
            if (key.contains("${")) {
              keys.put(key, scribe.template(part(path, key)));
            }
          }
        });
    return keys;
  }

  private static YamlNode part(YamlNode whole, String text) {
    return new YamlNode.Scalar(whole.where(), text, false, TextNode.valueOf(text));
  }

  /** The short form is the path of a text; the long one says how the text stands there. */
  private static DocumentPlace place(YamlNode node) {
    if (node.json().isTextual()) {
      return DocumentPlace.plain(fieldPath(node.json().asText()));
    }
    boolean base64 = Scribe.text(node, "encoding").filter("base64"::equals).isPresent();
    return new DocumentPlace(
        fieldPath(Scribe.needed(node, "in")),
        base64 ? DocumentPlace.Encoding.BASE64 : DocumentPlace.Encoding.PLAIN,
        Scribe.text(node, "format").filter("json"::equals).isPresent());
  }

  /** What a sensitive field holds is sensitive under the name of the document as well. */
  private static List<String> sensitive(List<String> said, Map<String, DocumentPlace> documents) {
    Set<String> all = new LinkedHashSet<>(said);
    documents.forEach(
        (name, place) -> {
          String dotted = String.join(".", place.field().segments()) + ".";
          if (said.stream().anyMatch(path -> dotted.startsWith(path + "."))) {
            all.add(name);
          }
        });
    return List.copyOf(all);
  }

  /** {@code data['settings.yaml']} as a path. */
  private static FieldPath fieldPath(String text) {
    List<String> segments = new ArrayList<>();
    Matcher matcher = SEGMENT.matcher(text);
    while (matcher.find()) {
      segments.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
    }
    return new FieldPath(segments);
  }
}
