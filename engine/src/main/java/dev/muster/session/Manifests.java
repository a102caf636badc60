package dev.muster.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.bound.Bounds;
import dev.muster.digest.Sha256;
import dev.muster.fetch.Download;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problems;
import dev.muster.problem.Where;
import dev.muster.topology.ManifestLoader;
import dev.muster.yaml.YamlNode;
import dev.muster.yaml.YamlReader;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The objects of the manifests that a topology names by file or address. */
final class Manifests implements ManifestLoader {
  static final Manifests USUAL = new Manifests(Bounds.FETCH);

  private final Duration deadline;

  /**
   * @param deadline for one address, redirects and all
   */
  Manifests(Duration deadline) {
    this.deadline = deadline;
  }

  @Override
  public List<JsonNode> load(JsonNode source, Path folder, Where where, Problems problems) {
    boolean file = source.has("file");
    String written = source.path(file ? "file" : "url").asText();
    String checksum = source.path("sha256").asText();
    String label = written;
    String text;
    try {
      if (file) {
        text = Loader.read(folder.resolve(written), "manifest");
      } else {
        URI url = URI.create(written);
        label = Download.shown(url);
        trusted(url, checksum);
        text = new Download(deadline).text(url);
      }
      verify(label, text, checksum);
    } catch (MusterException e) {
      e.problems()
          .forEach(problem -> problems.error(where, problem.message(), Loader.hints(problem)));
      return List.of();
    } catch (IllegalArgumentException e) {
      problems.error(where, "this is no " + (file ? "path of a file" : "URL"));
      return List.of();
    }
    return objects(label, text, problems);
  }

  /** What comes over plain HTTP is whatever somebody on the way wants it to be. */
  private static void trusted(URI url, String checksum) {
    if ("http".equalsIgnoreCase(url.getScheme()) && checksum.isEmpty()) {
      throw MusterException.of(
          Download.shown(url) + " is not encrypted and has no checksum",
          "use https, or say beside it what it has to be: `sha256: ...` (sha256sum FILE)");
    }
  }

  private static void verify(String label, String text, String checksum) {
    if (checksum.isEmpty()) {
      return;
    }
    String found = Sha256.of(text).substring(Sha256.PREFIX.length());
    if (!found.equals(checksum)) {
      throw MusterException.of(
          label + " is not what its checksum says",
          "expected sha256 " + checksum,
          "found    sha256 " + found,
          "look at what has changed before you change the checksum");
    }
  }

  private static List<JsonNode> objects(String label, String text, Problems problems) {
    List<JsonNode> objects = new ArrayList<>();
    for (YamlNode document : YamlReader.readAll(label, text, problems)) {
      JsonNode object = document.json();
      if (object.isNull()) {
        continue;
      }
      List<String> lacking =
          Stream.of("/apiVersion", "/kind", "/metadata/name")
              .filter(pointer -> object.at(pointer).asText().isEmpty())
              .map(pointer -> pointer.substring(1).replace('/', '.'))
              .toList();
      if (!lacking.isEmpty()) {
        problems.error(
            document.where(),
            "this is no Kubernetes object, it lacks " + String.join(", ", lacking),
            "every document of a manifest is one object");
        continue;
      }
      objects.add(object);
    }
    return objects;
  }
}
