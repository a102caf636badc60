package dev.muster.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.bound.BoundedFile;
import dev.muster.bound.Bounds;
import dev.muster.credential.Expiry;
import dev.muster.credential.KubeconfigFacts;
import dev.muster.problem.Suggestion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One kubeconfig file. Read here and not by fabric8, which parses the whole file again for each
 * context (and again whenever it refreshes a token): with a thousand contexts in one file that is a
 * thousand times a second.
 */
record Kubeconfig(
    Map<String, Entry> contexts,
    Map<String, Entry> clusters,
    Map<String, Entry> users,
    String currentContext) {

  /**
   * One named part.
   *
   * @param folder what relative paths in it are relative to
   */
  record Entry(JsonNode node, Path folder) {
    String text(String field) {
      return node.path(field).asText();
    }

    /** Kubectl reads YAML 1.1, in which these words are true; we read 1.2. */
    boolean flag(String field) {
      return text(field).matches("true|True|TRUE|yes|Yes|YES|on|On|ON|y|Y");
    }

    /** A path in a field, or empty. */
    Optional<Path> path(String field) {
      return text(field).isEmpty() ? Optional.empty() : Optional.of(folder.resolve(text(field)));
    }

    /** Base64 of a PEM file given inline or by path, or empty. */
    String data(String field, String what) {
      String inline = text(field + "-data");
      if (!inline.isEmpty()) {
        return inline;
      }
      return path(field)
          .map(file -> Base64.getEncoder().encodeToString(bytes(file, what)))
          .orElse("");
    }

    static byte[] bytes(Path file, String what) {
      try {
        return BoundedFile.bytes(file, Bounds.CREDENTIAL);
      } catch (IOException e) {
        // Behind a quote that is not closed, a path can have swallowed the lines after it.
        boolean swallowed = file.toString().contains(": ");
        throw new NoAccess(
            "the "
                + what
                + " file "
                + (swallowed ? "(is a quote not closed?)" : file)
                + " cannot be read");
      }
    }

    /** See {@link KubeClusters#expiry}. */
    Optional<Expiry> expiry() {
      if (node.has("exec") || node.has("auth-provider")) {
        return Optional.empty();
      }
      ObjectNode known = Reply.JSON.createObjectNode();
      known.put("client-certificate-data", data("client-certificate", "client certificate"));
      if (!node.has("tokenFile")) {
        known.put("token", text("token"));
      }
      return KubeconfigFacts.expiry(known);
    }

    /** Keeps keys and tokens out of messages. */
    @Override
    public String toString() {
      return "entry of a kubeconfig in " + folder;
    }
  }

  /** What one context stands for. */
  record Chosen(Entry cluster, Entry user) {}

  /** Finds a context as kubectl does: for each name, the first file that has it counts. */
  static Chosen choose(List<Path> files, String wanted, Function<Path, Kubeconfig> reader) {
    List<Kubeconfig> read = files.stream().map(reader).toList();
    String places = files.stream().map(Path::toString).collect(Collectors.joining(", "));
    String context =
        wanted.isEmpty()
            ? read.stream()
                .map(Kubeconfig::currentContext)
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElseThrow(() -> new NoAccess("there is no current context in " + places))
            : wanted;
    Entry pair =
        find(read, Kubeconfig::contexts, context)
            .orElseThrow(() -> new NoAccess(unknownContext(context, read, places)));
    String cluster = pair.text("cluster");
    String user = pair.text("user");
    Entry nobody = new Entry(MissingNode.getInstance(), pair.folder());
    return new Chosen(
        find(read, Kubeconfig::clusters, cluster)
            .orElseThrow(() -> new NoAccess(dangling(context, "cluster", cluster, places))),
        user.isEmpty()
            ? nobody
            : find(read, Kubeconfig::users, user)
                .orElseThrow(() -> new NoAccess(dangling(context, "user", user, places))));
  }

  private static Optional<Entry> find(
      List<Kubeconfig> files, Function<Kubeconfig, Map<String, Entry>> part, String name) {
    return files.stream()
        .map(part)
        .filter(map -> map.containsKey(name))
        .findFirst()
        .map(map -> map.get(name));
  }

  private static String unknownContext(String context, List<Kubeconfig> files, String places) {
    List<String> known = files.stream().flatMap(file -> file.contexts().keySet().stream()).toList();
    String message = "context \"" + context + "\" is not in " + places;
    if (known.isEmpty()) {
      return message + ", which has no contexts at all";
    }
    String guess =
        Suggestion.closest(context, known)
            .map(close -> "; did you mean \"" + close + "\"?")
            .orElse("");
    String more = known.size() > 10 ? " and " + (known.size() - 10) + " more" : "";
    return message
        + guess
        + "; there are: "
        + known.stream().limit(10).collect(Collectors.joining(", "))
        + more;
  }

  private static String dangling(String context, String part, String name, String places) {
    return "context \"%s\" names %s \"%s\", which is not in %s"
        .formatted(context, part, name, places);
  }

  /** Kubectl's default: what $KUBECONFIG lists and exists, or the file in the home folder. */
  static List<Path> defaults(Map<String, String> environment, Path home) {
    String listed = environment.getOrDefault("KUBECONFIG", "");
    List<Path> files = new ArrayList<>();
    for (String file : listed.split(java.io.File.pathSeparator, -1)) {
      if (!file.isEmpty() && !files.contains(Path.of(file))) {
        files.add(Path.of(file));
      }
    }
    if (files.isEmpty()) {
      Path usual = home.resolve(".kube").resolve("config");
      if (!Files.exists(usual)) {
        throw new NoAccess("there is no kubeconfig: $KUBECONFIG is not set and no file " + usual);
      }
      return List.of(usual);
    }
    List<Path> existing = files.stream().filter(Files::exists).toList();
    if (existing.isEmpty()) {
      throw new NoAccess("none of the files in $KUBECONFIG exists: " + listed);
    }
    return existing;
  }

  /** Parsed files; each is read again only when it has changed. */
  static final class Cache {
    private final Map<Path, Parsed> files = new ConcurrentHashMap<>();

    private record Parsed(FileTime changed, long size, Kubeconfig content) {}

    Kubeconfig read(Path file) {
      if (Files.isDirectory(file)) {
        throw new NoAccess(unreadable(file));
      }
      try {
        FileTime changed = Files.getLastModifiedTime(file);
        long size = Files.size(file);
        return files
            .compute(
                file,
                (path, old) ->
                    old != null && old.changed().equals(changed) && old.size() == size
                        ? old
                        : new Parsed(changed, size, parse(path)))
            .content();
      } catch (IOException e) {
        throw new NoAccess(unreadable(file));
      }
    }
  }

  private static String unreadable(Path file) {
    return Files.exists(file)
        ? "the kubeconfig " + file + " cannot be read"
        : "the kubeconfig " + file + " does not exist";
  }

  /** The current context of a kubeconfig's text, which may name nothing outside of it. */
  static Chosen selfContained(String text) {
    JsonNode root = KubeconfigText.parse("the kubeconfig", text);
    KubeconfigFacts facts = KubeconfigFacts.of(root);
    if (!facts.faults().isEmpty()) {
      throw new NoAccess("the kubeconfig " + facts.faults().get(0));
    }
    Path nowhere = Path.of("");
    Kubeconfig read = of(root, nowhere);
    return choose(List.of(nowhere), "", file -> read);
  }

  private static Kubeconfig parse(Path file) {
    try {
      byte[] bytes = BoundedFile.bytes(file, Bounds.KUBECONFIG);
      return parse(file, new String(bytes, StandardCharsets.UTF_8));
    } catch (BoundedFile.TooLarge e) {
      throw new NoAccess("the kubeconfig " + file + " " + e.getMessage());
    } catch (IOException e) {
      throw new NoAccess(unreadable(file));
    }
  }

  static Kubeconfig parse(Path file, String text) {
    JsonNode root = KubeconfigText.parse("the kubeconfig " + file, text);
    if (!root.isObject()) {
      throw new NoAccess("the kubeconfig " + file + " is empty or no mapping");
    }
    Path parent = file.toAbsolutePath().getParent();
    Path folder = parent == null ? file.toAbsolutePath() : parent;
    return of(root, folder);
  }

  private static Kubeconfig of(JsonNode root, Path folder) {
    return new Kubeconfig(
        named(root, "contexts", "context", folder),
        named(root, "clusters", "cluster", folder),
        named(root, "users", "user", folder),
        root.path("current-context").asText());
  }

  private static Map<String, Entry> named(JsonNode root, String list, String part, Path folder) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (JsonNode item : root.path(list)) {
      entries.putIfAbsent(item.path("name").asText(), new Entry(item.path(part), folder));
    }
    return entries;
  }
}
