package dev.muster.plan;

import dev.muster.topology.Durations;
import dev.muster.yaml.YamlNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads the gates of a plan file. */
final class GatesReader {
  private final Scribe scribe;

  /**
   * @param scribe whose expressions see the member and the step
   */
  GatesReader(Scribe scribe) {
    this.scribe = scribe;
  }

  Map<String, GateSpec> read(Optional<YamlNode> section) {
    Map<String, GateSpec> gates = new LinkedHashMap<>();
    Scribe.entries(section, (key, node) -> gates.put(key.text(), gate(key.text(), node)));
    return gates;
  }

  private GateSpec gate(String name, YamlNode node) {
    return new GateSpec(
        name,
        node.child("timeout").map(timeout -> Scribe.needed(timeout, "key")).orElse(""),
        node.child("timeout").map(timeout -> duration(timeout, "default")).orElse(Duration.ZERO),
        scribe.terms(node.child("ready")),
        node.child("stable")
            .map(
                stable ->
                    new GateSpec.Stable(scribe.template(stable, "value"), duration(stable, "for"))),
        scribe.terms(node.child("proof")),
        scribe.probes(node.child("failed")),
        scribe.probes(node.child("why")),
        node.child("progress").map(scribe::template));
  }

  private static Duration duration(YamlNode node, String key) {
    return Durations.parse(Scribe.needed(node, key)).orElse(Duration.ZERO);
  }
}
