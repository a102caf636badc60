package dev.muster.testbed.reconcile;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** With which clusters muster has to do, as far as that is certain. */
final class Joining implements TopologyFile.Known {
  private enum Joined {
    NO,
    PERHAPS,
    YES
  }

  private final Map<String, Joined> joined = new HashMap<>();
  private final Map<String, Set<String>> names = new HashMap<>();

  @Override
  public Optional<String> nameOf(String cluster) {
    Set<String> all = names.getOrDefault(cluster, Set.of());
    return all.size() == 1 && !perhaps(cluster) ? all.stream().findFirst() : Optional.empty();
  }

  @Override
  public boolean untouched(String cluster) {
    return joined.getOrDefault(cluster, Joined.NO) == Joined.NO;
  }

  boolean perhaps(String cluster) {
    return joined.get(cluster) == Joined.PERHAPS;
  }

  /** A run has ended. */
  void ran(TopologyFile file, List<String> clusters, boolean well) {
    for (String cluster : clusters) {
      Optional<TopologyFile.Entry> entry = file.member(cluster).filter(e -> !e.absent());
      if (entry.isPresent()) {
        Set<String> known =
            new LinkedHashSet<>(well ? Set.of() : names.getOrDefault(cluster, Set.of()));
        known.add(entry.get().name());
        names.put(cluster, known);
        boolean sure = well || joined.get(cluster) == Joined.YES;
        joined.put(cluster, sure ? Joined.YES : Joined.PERHAPS);
      } else if (!untouched(cluster)) {
        joined.put(cluster, well ? Joined.NO : Joined.PERHAPS);
      }
    }
  }
}
