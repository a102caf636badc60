package dev.muster.sandbox.server.kind;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The kinds that one cluster serves; safe for use by many threads. */
public final class Kinds {
  private record Path(String group, String version, String plural) {}

  private volatile Map<Path, KindInfo> served = builtIns();

  private static Map<Path, KindInfo> builtIns() {
    Map<Path, KindInfo> map = new LinkedHashMap<>();
    for (KindInfo kind : BuiltInKinds.ALL) {
      map.put(path(kind), kind);
    }
    return map;
  }

  private static Path path(KindInfo kind) {
    return new Path(kind.group(), kind.version(), kind.plural());
  }

  /** Serves a kind from now on; one of the same group, version and plural is replaced. */
  public synchronized void register(KindInfo kind) {
    Map<Path, KindInfo> next = new LinkedHashMap<>(served);
    next.put(path(kind), kind);
    served = next;
  }

  /** Serves no version of the resource any longer. */
  public synchronized void remove(ResourceId resource) {
    Map<Path, KindInfo> next = new LinkedHashMap<>(served);
    next.values().removeIf(kind -> kind.resource().equals(resource));
    served = next;
  }

  public Optional<KindInfo> find(String group, String version, String plural) {
    return Optional.ofNullable(served.get(new Path(group, version, plural)));
  }

  /** The kind that an object says it is. */
  public Optional<KindInfo> ofObject(String apiVersion, String kind) {
    return served.values().stream()
        .filter(k -> k.kind().equals(kind) && k.apiVersion().equals(apiVersion))
        .findFirst();
  }

  /** Any one served version of each resource. */
  public List<KindInfo> onePerResource() {
    Map<ResourceId, KindInfo> first = new LinkedHashMap<>();
    served.values().forEach(kind -> first.putIfAbsent(kind.resource(), kind));
    return List.copyOf(first.values());
  }

  /** The served versions of each group with the kinds in them, in the order of registration. */
  public Map<String, Map<String, List<KindInfo>>> byGroupAndVersion() {
    Map<String, Map<String, List<KindInfo>>> groups = new LinkedHashMap<>();
    for (KindInfo kind : served.values()) {
      groups
          .computeIfAbsent(kind.group(), g -> new LinkedHashMap<>())
          .computeIfAbsent(kind.version(), v -> new ArrayList<>())
          .add(kind);
    }
    return groups;
  }
}
