package dev.muster.topology;

import dev.muster.problem.Problems;
import dev.muster.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads where a topology says that its plan is. */
final class PlanSourceReader {
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
  private static final Pattern URL =
      Pattern.compile("(https?://[^/@\\s]+|ssh://([^/@:\\s]+@)?[^/@\\s]+|file://)/[^\\s?#]+");
  private static final String FORMS =
      "write one of: {path: PATH}, {git: URL, revision: TAG, path: PATH, digest: \"sha256:...\"},"
          + " {oci: \"REGISTRY/NAME:TAG\", digest: \"sha256:...\"}";

  private PlanSourceReader() {}

  /** Empty when nothing can be read from what is written; that is told. */
  static Optional<PlanSource> read(YamlNode node, Problems problems) {
    if (!(node instanceof YamlNode.Mapping)) {
      return node.json().isTextual() && !node.json().asText().isEmpty()
          ? Optional.of(new PlanSource.Named(node.json().asText()))
          : Optional.empty();
    }
    List<String> keys = new ArrayList<>();
    ((YamlNode.Mapping) node).entries().forEach(entry -> keys.add(entry.key().text()));
    keys.remove("digest");
    Optional<String> digest = text(node, "digest");
    if (digest.isPresent() && !DIGEST.matcher(digest.get()).matches()) {
      problems.error(
          node.child("digest").orElse(node).where(),
          "this is no digest",
          "write sha256: and 64 small hexadecimal digits; `muster plan-pin` prints it");
      return Optional.empty();
    }
    Optional<String> path = text(node, "path");
    if (keys.equals(List.of("path")) && path.isPresent()) {
      return Optional.of(new PlanSource.At(path.get(), digest));
    }
    if (keys.equals(List.of("oci")) && text(node, "oci").isPresent()) {
      return Optional.of(new PlanSource.Oci(text(node, "oci").get(), digest));
    }
    keys.removeAll(List.of("git", "revision", "path"));
    Optional<String> url = text(node, "git");
    Optional<String> revision = text(node, "revision");
    if (!keys.isEmpty() || url.isEmpty() || revision.isEmpty() || path.isEmpty()) {
      problems.error(node.where(), "this does not say where the plan is", FORMS);
      return Optional.empty();
    }
    if (!URL.matcher(url.get()).matches()) {
      problems.error(
          node.child("git").orElse(node).where(),
          "this is no URL of a git repository",
          "write https://HOST/PATH, ssh://USER@HOST/PATH or file:///PATH;"
              + " logins are git's own (credential helpers, ~/.netrc, ssh keys)");
      return Optional.empty();
    }
    return Optional.of(new PlanSource.Git(url.get(), revision.get(), path.get(), digest));
  }

  private static Optional<String> text(YamlNode node, String key) {
    return node.child(key)
        .map(YamlNode::json)
        .filter(value -> value.isTextual() && !value.asText().isBlank())
        .map(value -> value.asText());
  }
}
