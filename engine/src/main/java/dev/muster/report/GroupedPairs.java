package dev.muster.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Pairs of clusters of which the same is said: in one go where they are all pairs of some clusters
 * with some others, else those that one cluster has, the largest such set first.
 */
final class GroupedPairs {
  private final List<Grouped.Text> texts;
  private final String pattern;
  private final Set<String> fleet;

  /**
   * @param texts with the same pattern
   * @param fleet the clusters of which there may be pairs; empty when that is not known
   */
  GroupedPairs(List<Grouped.Text> texts, String pattern, Set<String> fleet) {
    this.texts = texts;
    this.pattern = pattern;
    this.fleet = fleet;
  }

  List<Grouped.Group> groups() {
    List<Grouped.Group> groups = new ArrayList<>();
    List<Grouped.Text> left = new ArrayList<>(texts);
    while (left.size() >= Grouped.MANY) {
      List<Grouped.Text> some = complete(left) ? left : largest(left);
      if (some.size() < Grouped.MANY) {
        break;
      }
      groups.add(group(List.copyOf(some)));
      left.removeIf(new HashSet<>(some)::contains);
    }
    left.forEach(text -> groups.add(Grouped.Group.one(text)));
    return groups;
  }

  /** Whether each of those that are written in has a pair with each of the others. */
  private static boolean complete(List<Grouped.Text> texts) {
    Set<String> selves = selves(texts);
    Set<String> peers = peers(texts);
    long same = selves.stream().filter(peers::contains).count();
    return texts.size() == selves.size() * peers.size() - same;
  }

  private static Set<String> selves(List<Grouped.Text> texts) {
    Set<String> selves = new LinkedHashSet<>();
    texts.forEach(text -> selves.add(text.about()));
    return selves;
  }

  private static Set<String> peers(List<Grouped.Text> texts) {
    Set<String> peers = new LinkedHashSet<>();
    texts.forEach(text -> peers.add(text.peer()));
    return peers;
  }

  /** All that have one cluster in common, on the same side. */
  private static List<Grouped.Text> largest(List<Grouped.Text> texts) {
    Map<String, List<Grouped.Text>> stars = new LinkedHashMap<>();
    for (Grouped.Text text : texts) {
      stars.computeIfAbsent(text.about() + "/", k -> new ArrayList<>()).add(text);
      stars.computeIfAbsent("/" + text.peer(), k -> new ArrayList<>()).add(text);
    }
    return stars.values().stream()
        .max(Comparator.comparingInt(List<Grouped.Text>::size))
        .orElseThrow();
  }

  private Grouped.Group group(List<Grouped.Text> some) {
    Set<String> selves = selves(some);
    Set<String> peers = peers(some);
    String text = pattern;
    List<Grouped.Legend> legends = new ArrayList<>();
    if (selves.equals(peers)) {
      legends.add(
          legend(Grouped.SELF + " and " + Grouped.PEER + " stand for each two", selves, selves));
    } else {
      if (selves.size() == 1) {
        text = text.replace(Grouped.SELF, selves.iterator().next());
      } else {
        legends.add(
            legend(
                Grouped.SELF + " stands for each" + (peers.size() == 1 ? " other" : ""),
                selves,
                peers));
      }
      if (peers.size() == 1) {
        text = text.replace(Grouped.PEER, peers.iterator().next());
      } else {
        legends.add(legend(Grouped.PEER + " stands for each other", peers, selves));
      }
    }
    return new Grouped.Group(List.copyOf(selves.size() == 1 ? peers : selves), text, legends, some);
  }

  /**
   * @param opposite what stands on the other side; a single one is written out
   */
  private Grouped.Legend legend(String stand, Set<String> names, Set<String> opposite) {
    Set<String> all = new LinkedHashSet<>(names);
    if (opposite.size() == 1) {
      all.addAll(opposite);
    }
    return all.equals(fleet)
        ? new Grouped.Legend(
            stand + " of the topology's clusters (" + names.size() + ")", List.of())
        : new Grouped.Legend(stand + " of " + names.size() + ":", List.copyOf(names));
  }
}
