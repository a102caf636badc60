package dev.muster.testbed.reconcile;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A topology file as it is edited in the course of a case. */
abstract class TopologyFile {
  private static final String LOST = "lost";

  /** What a cluster's entry says. */
  record Entry(
      String name,
      Optional<String> former,
      boolean absent,
      Map<String, String> keys,
      Map<String, String> labels) {
    Entry {
      keys = new TreeMap<>(keys);
      labels = new TreeMap<>(labels);
    }

    static Entry of(String name) {
      return new Entry(name, Optional.empty(), false, Map.of(), Map.of());
    }

    Entry called(String newName, Optional<String> newFormer) {
      return new Entry(newName, newFormer, absent, keys, labels);
    }

    Entry absent(boolean value) {
      return new Entry(name, former, value, keys, labels);
    }

    /** Whether it is gone for good, and nothing is asked of the cluster itself. */
    boolean lost() {
      return absent && keys.containsKey(LOST);
    }

    Entry key(String key, Optional<String> value) {
      return new Entry(name, former, absent, changed(keys, key, value), labels);
    }

    /**
     * The member as an entry of a list in braces.
     *
     * @param cluster the context of its kubeconfig
     * @param keys what a member that stays has beside its name and its labels, each after a comma
     */
    String text(String cluster, String keys) {
      String start =
          "  - {name: "
              + name
              + ", access: {kubeconfig: {file: kubeconfig.yaml, context: "
              + cluster
              + "}}";
      return absent
          ? start + ", state: absent" + (lost() ? ", lost: true" : "") + "}\n"
          : start + former.map(n -> ", renamedFrom: " + n).orElse("") + keys + labelsText() + "}\n";
    }

    private String labelsText() {
      return labels.entrySet().stream()
          .map(label -> label.getKey() + ": \"" + label.getValue() + "\"")
          .collect(Collectors.joining(", ", ", labels: {", "}"));
    }

    Entry label(String key, Optional<String> value) {
      return new Entry(name, former, absent, keys, changed(labels, key, value));
    }
  }

  private record State(Map<String, String> host, Map<String, Entry> members) {}

  private State now = new State(Map.of(), Map.of());
  private final Deque<State> earlier = new ArrayDeque<>();

  private static Map<String, String> changed(
      Map<String, String> map, String key, Optional<String> value) {
    Map<String, String> copy = new TreeMap<>(map);
    value.ifPresentOrElse(v -> copy.put(key, v), () -> copy.remove(key));
    return copy;
  }

  Map<String, String> host() {
    return now.host();
  }

  /** The entries by the cluster that they are about. */
  Map<String, Entry> members() {
    return now.members();
  }

  Optional<Entry> member(String cluster) {
    return Optional.ofNullable(now.members().get(cluster));
  }

  void host(String key, Optional<String> value) {
    set(new State(changed(now.host(), key, value), now.members()));
  }

  void member(String cluster, Entry entry) {
    Map<String, Entry> members = new TreeMap<>(now.members());
    members.put(cluster, entry);
    set(new State(now.host(), members));
  }

  void forget(String cluster) {
    Map<String, Entry> members = new TreeMap<>(now.members());
    members.remove(cluster);
    set(new State(now.host(), members));
  }

  private void set(State state) {
    earlier.push(now);
    now = state;
  }

  /** What the file said some edits ago, of the members that it has now, under their names. */
  void back(int edits) {
    State then = now;
    for (int i = 0; i < edits && !earlier.isEmpty(); i++) {
      then = earlier.pop();
    }
    Map<String, Entry> members = new TreeMap<>();
    for (Map.Entry<String, Entry> each : now.members().entrySet()) {
      Entry as = then.members().getOrDefault(each.getKey(), each.getValue());
      Entry entry = each.getValue();
      members.put(
          each.getKey(),
          new Entry(entry.name(), entry.former(), as.absent(), as.keys(), as.labels()));
    }
    now = new State(then.host(), members);
  }

  /** What whoever edits the file knows of the clusters. */
  interface Known {
    /** The only name under which a cluster is joined, when that is certain. */
    Optional<String> nameOf(String cluster);

    /** Whether no run has ever had to do with it, or it was taken out again. */
    boolean untouched(String cluster);
  }

  /** The text. */
  abstract String text();

  /** An edit such as {@code file c1 colour=red}. */
  void edit(List<String> words, Known known) {
    if (words.get(1).equals("back")) {
      back(Integer.parseInt(words.get(2)));
      return;
    }
    String cluster = words.get(1);
    String what = words.get(2);
    Optional<String> value =
        what.endsWith("-")
            ? Optional.empty()
            : Optional.of(what.substring(Math.min(what.length(), what.indexOf('=') + 1)));
    String key = what.replaceAll("(-|=.*)$", "");
    if (cluster.equals("host")) {
      host(key, value);
    } else if (key.equals("join")) {
      Entry fresh = Entry.of(known.nameOf(cluster).orElse(cluster));
      member(cluster, member(cluster).orElse(fresh).absent(false));
    } else if (key.equals("forget")) {
      forget(cluster);
    } else {
      Optional<Entry> entry = member(cluster);
      entry.ifPresent(found -> member(cluster, edited(cluster, found, key, value, known)));
    }
  }

  private static Entry edited(
      String cluster, Entry entry, String key, Optional<String> value, Known known) {
    if (key.equals("absent") || key.equals(LOST)) {
      return entry.absent(true).key(LOST, Optional.of("true").filter(yes -> key.equals(LOST)));
    }
    if (key.equals("rename")) {
      return entry.absent() ? entry : renamed(cluster, entry, known);
    }
    return key.startsWith("label/") ? entry.label(key.substring(6), value) : entry.key(key, value);
  }

  /** Who renames an entry says the name under which it was joined, if it was. */
  private static Entry renamed(String cluster, Entry entry, Known known) {
    boolean untouched = known.untouched(cluster);
    if (!untouched && known.nameOf(cluster).isEmpty()) {
      return entry;
    }
    String name = entry.name().equals(cluster) ? "n" + cluster : cluster;
    Optional<String> former = untouched ? Optional.empty() : known.nameOf(cluster);
    return entry.called(name, former.filter(old -> !old.equals(name)));
  }

  /** The name of a cluster's entry. */
  String nameOf(String cluster) {
    return member(cluster).map(Entry::name).orElse(cluster);
  }
}
