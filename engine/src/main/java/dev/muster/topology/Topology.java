package dev.muster.topology;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A valid topology.
 *
 * @param plan where it is, as it may be shown; empty for the default plan
 * @param timeouts by the names that the plan gives to its gates' time limits
 * @param members in the order of the file
 * @param rollout in what groups the members get their turn; empty for all at once
 */
public record Topology(
    String name,
    String plan,
    Map<String, Duration> timeouts,
    ClusterDeclaration host,
    List<ClusterDeclaration> members,
    Optional<Rollout> rollout) {
  public Topology {
    timeouts = Map.copyOf(new LinkedHashMap<>(timeouts));
    members = List.copyOf(members);
  }

  /** The same with other time limits. */
  public Topology withTimeouts(Map<String, Duration> limits) {
    return new Topology(name, plan, limits, host, members, rollout);
  }

  /** The same, stopping when so many members have failed; in the default waves if it has none. */
  public Topology withStopAfter(int budget) {
    Rollout waves = rollout.orElseGet(Rollout::canary).withStopAfter(budget);
    return new Topology(name, plan, timeouts, host, members, Optional.of(waves));
  }

  /** The same with more members, behind those of the file. */
  public Topology withMembers(List<ClusterDeclaration> more) {
    List<ClusterDeclaration> all = Stream.concat(members.stream(), more.stream()).toList();
    return new Topology(name, plan, timeouts, host, all, rollout);
  }

  /** The host first, then the members in the order of the file. */
  public List<ClusterDeclaration> clusters() {
    return Stream.concat(Stream.of(host), members.stream()).toList();
  }

  public Optional<ClusterDeclaration> cluster(String clusterName) {
    return clusters().stream().filter(cluster -> cluster.name().equals(clusterName)).findFirst();
  }
}
