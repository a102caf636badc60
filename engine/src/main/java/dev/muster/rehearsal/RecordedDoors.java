package dev.muster.rehearsal;

import dev.muster.live.Failure;
import dev.muster.problem.Problems;
import dev.muster.yaml.YamlNode;
import dev.muster.yaml.YamlReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Kubeconfigs other than the runner's own through which clusters were seen, and what was found
 * behind each. The same content in another layout is the same kubeconfig.
 */
public final class RecordedDoors {
  /**
   * One of them.
   *
   * @param kubeconfig its text, secrets disguised
   * @param cluster the recorded cluster that it leads to; empty for none of them
   * @param uid of the namespace kube-system behind it; empty when that could not be read
   * @param failures path of what could not be read, and why
   */
  public record Door(String kubeconfig, String cluster, String uid, Map<String, Failure> failures) {
    public Door {
      failures = Map.copyOf(failures);
    }
  }

  private final Map<String, Door> doors = new LinkedHashMap<>();

  public RecordedDoors(List<Door> doors) {
    doors.forEach(door -> this.doors.put(content(door.kubeconfig()), door));
  }

  public Optional<Door> of(String kubeconfig) {
    return Optional.ofNullable(doors.get(content(kubeconfig)));
  }

  public List<Door> all() {
    return List.copyOf(doors.values());
  }

  private static String content(String text) {
    return YamlReader.read("kubeconfig", text, new Problems())
        .map(YamlNode::json)
        .map(Object::toString)
        .orElse(text);
  }
}
