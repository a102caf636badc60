package dev.muster.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The SBOM of the distribution (CycloneDX), as the build has written it. */
final class Sbom {
  private static final Pattern PURL = Pattern.compile("pkg:maven/([^/]+)/([^@]+)@([^?]+)\\?(.*)");
  private static final Pattern CLASSIFIER = Pattern.compile("[?&]classifier=([^&]+)");

  private final JsonNode tree;
  private final TreeMap<String, Component> components = new TreeMap<>();

  /**
   * One component.
   *
   * @param ref what the graph calls it
   * @param jar the file's name
   * @param name {@code group:artifact}
   * @param sha256 empty for the application itself, whose jar is made after it is described
   */
  record Component(String ref, String name, String jar, String sha256, Set<String> licences) {
    boolean compiledIn() {
      return ref.contains("classifier=sources");
    }
  }

  private Sbom(JsonNode tree) {
    this.tree = tree;
    List<JsonNode> all = new ArrayList<>();
    tree.path("components").forEach(all::add);
    all.add(tree.path("metadata").path("component"));
    for (JsonNode node : all) {
      Component component = component(node);
      components.put(component.ref(), component);
    }
  }

  static Sbom read(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new IllegalStateException(
          file + " is not there: the plugin makes none where Maven is offline (-o)");
    }
    return new Sbom(new ObjectMapper().readTree(file.toFile()));
  }

  private static Component component(JsonNode node) {
    Matcher purl = PURL.matcher(node.path("purl").asText());
    if (!purl.matches()) {
      throw new IllegalStateException("no package of Maven: " + node.path("purl"));
    }
    Set<String> licences = new TreeSet<>();
    for (JsonNode licence : node.path("licenses")) {
      JsonNode id = licence.path("license").path("id");
      licences.add(id.isTextual() ? id.asText() : licence.path("license").path("name").asText());
    }
    String sha256 = "";
    for (JsonNode hash : node.path("hashes")) {
      if (hash.path("alg").asText().equals("SHA-256")) {
        sha256 = hash.path("content").asText();
      }
    }
    Matcher qualified = CLASSIFIER.matcher(node.path("purl").asText());
    String classifier = qualified.find() ? "-" + qualified.group(1) : "";
    String jar = purl.group(2) + "-" + purl.group(3) + classifier + ".jar";
    String name = purl.group(1) + ":" + purl.group(2);
    return new Component(node.path("bom-ref").asText(), name, jar, sha256, licences);
  }

  List<Component> components() {
    return List.copyOf(components.values());
  }

  Component named(String name) {
    return components().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
  }

  /** What a component needs, and what that needs. */
  Set<String> below(Component component) {
    Set<String> found = new TreeSet<>();
    List<String> open = new ArrayList<>(List.of(component.ref()));
    while (!open.isEmpty()) {
      for (String ref : direct(open.remove(open.size() - 1))) {
        if (found.add(ref)) {
          open.add(ref);
        }
      }
    }
    return found;
  }

  private List<String> direct(String ref) {
    List<String> refs = new ArrayList<>();
    for (JsonNode entry : tree.path("dependencies")) {
      if (entry.path("ref").asText().equals(ref)) {
        entry.path("dependsOn").forEach(on -> refs.add(on.asText()));
      }
    }
    return refs;
  }

  /** The libraries that a component names itself. */
  List<Component> needs(Component component) {
    return direct(component.ref()).stream().map(ref -> components.get(ref)).toList();
  }
}
