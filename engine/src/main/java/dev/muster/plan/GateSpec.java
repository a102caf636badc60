package dev.muster.plan;

import dev.muster.expression.Template;
import dev.muster.topology.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A named condition after a step.
 *
 * @param timeoutKey the name under which a topology may set another time limit
 * @param ready what the live objects have to show
 * @param proof what is asked in addition while a run waits, once {@code ready} holds
 * @param failed causes that end the waiting at once
 * @param why causes that may explain a wait, most telling first
 * @param progress a line to show while waiting
 */
public record GateSpec(
    String name,
    String timeoutKey,
    Duration timeout,
    List<ReadyTerm> ready,
    Optional<Stable> stable,
    List<ReadyTerm> proof,
    List<Probe> failed,
    List<Probe> why,
    Optional<Template> progress) {
  public GateSpec {
    ready = List.copyOf(ready);
    proof = List.copyOf(proof);
    failed = List.copyOf(failed);
    why = List.copyOf(why);
  }

  /** How long a wait at this gate may take in a topology. */
  public Duration limit(Topology topology) {
    return topology.timeouts().getOrDefault(timeoutKey, timeout);
  }

  /** A value that must not have changed for some time before the gate may open. */
  public record Stable(Template value, Duration lasting) {}
}
