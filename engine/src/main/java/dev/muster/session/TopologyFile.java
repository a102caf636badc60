package dev.muster.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.history.GitCheckout;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problems;
import dev.muster.yaml.YamlNode;
import dev.muster.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The topology that a person names by a path, or in a commit. With a commit come the files that the
 * topology names and the commit has; kubeconfigs and secrets that it does not have are those of
 * this machine.
 */
public final class TopologyFile {
  private static final int LONGEST_NAME = 300;

  private final GitCheckout checkout;
  private final Set<String> seen = new HashSet<>();
  private final Set<String> missing = new TreeSet<>();

  private TopologyFile(GitCheckout checkout) {
    this.checkout = checkout;
  }

  /**
   * Makes a topology of a commit readable as a file.
   *
   * @return to be closed when nobody reads it any more
   */
  public static GitCheckout checkout(GitCheckout opened) {
    TopologyFile file = new TopologyFile(opened);
    file.scan(opened.file(), opened.start());
    if (!file.missing.isEmpty()) {
      opened.close();
      throw MusterException.of(
          opened.label()
              + " names kubeconfigs that are neither in its commit nor in "
              + opened.otherFiles()
              + ": "
              + String.join(", ", file.missing),
          "put them there, name them by an absolute path or with ~, or leave them to $KUBECONFIG");
    }
    return opened;
  }

  /** Whatever a text names that is a file there comes along, and what that names as well. */
  private void scan(Path file, Path folder) {
    String text;
    try {
      if (Files.size(file) > 1 << 20) {
        return;
      }
      text = Files.readString(file);
    } catch (IOException e) {
      return; // no text; then it names nothing
    }
    Optional<JsonNode> tree =
        YamlReader.read(file.toString(), text, new Problems()).map(YamlNode::json);
    tree.ifPresent(node -> visit(node, folder));
  }

  private void visit(JsonNode node, Path folder) {
    if (node.isTextual()) {
      name(node.asText(), folder);
    }
    node.forEach(child -> visit(child, folder));
    String kubeconfig = node.path("kubeconfig").path("file").asText();
    if (kubeconfig.isEmpty() || kubeconfig.startsWith("/") || kubeconfig.startsWith("~")) {
      return;
    }
    if (!Files.isRegularFile(checkout.place(folder.resolve(kubeconfig).normalize().toString()))) {
      missing.add(kubeconfig);
    }
  }

  private void name(String text, Path folder) {
    if (text.isBlank()
        || text.length() > LONGEST_NAME
        || text.startsWith("/")
        || text.startsWith("~")
        || text.contains("\n")) {
      return;
    }
    String name;
    try {
      name = folder.resolve(text).normalize().toString();
    } catch (InvalidPathException e) {
      return;
    }
    if (!seen.add(name)) {
      return;
    }
    Path parent = Path.of(name).getParent();
    Path below = parent == null ? Path.of("") : parent;
    if (checkout.bring(name)) {
      scan(checkout.place(name), below);
    } else {
      checkout.lead(name).ifPresent(there -> scan(there, below));
    }
  }
}
