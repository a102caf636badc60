package dev.muster.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.apply.InventoryKeeper;
import dev.muster.apply.OpenRotation;
import dev.muster.changes.Inspector;
import dev.muster.changes.InventoryEntry;
import dev.muster.expression.Outcome;
import dev.muster.plan.RotationSpec;
import dev.muster.topology.ClusterDeclaration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rotations that the inventory of the host remembers as open. */
public final class Rotations {
  private final Session session;
  private final ClusterDeclaration host;

  public Rotations(Session session) {
    this.session = session;
    this.host = session.topology().host();
  }

  public List<OpenRotation> open() {
    return states().entrySet().stream()
        .map(state -> OpenRotation.read(state.getKey(), state.getValue()))
        .flatMap(Optional::stream)
        .toList();
  }

  public Optional<OpenRotation> open(String name) {
    return open().stream().filter(rotation -> rotation.name().equals(name)).findFirst();
  }

  private Map<String, JsonNode> states() {
    return session
        .snapshot()
        .inventory()
        .entry(host.name())
        .map(InventoryEntry::rotations)
        .orElse(Map.of());
  }

  /** Remembers one as open, on the host, before anything else is written. */
  void begin(OpenRotation rotation, InventoryKeeper keeper) {
    keeper
        .remember(host, entry -> with(entry, rotation.name(), Optional.of(rotation.json())))
        .ifPresent(
            failure -> {
              throw Books.cannot("write", failure);
            });
  }

  /**
   * Forgets those that are open, when nothing is left to do; written with the rest of the
   * inventory.
   *
   * @return what to tell of them
   */
  public List<String> end(InventoryKeeper keeper, boolean nothingLeft) {
    if (!nothingLeft) {
      return told();
    }
    List<String> told = new ArrayList<>();
    for (OpenRotation rotation : open()) {
      told.add(
          "rotation "
              + rotation.name()
              + " of "
              + rotation.began()
              + (written(rotation)
                  ? " is over: the host and every member have the same value"
                  : " ended before its first write and is given up; begin another one with: muster rotate "
                      + rotation.name()));
      keeper.note(host, entry -> with(entry, rotation.name(), Optional.empty()));
    }
    return told;
  }

  /** Whether the host has got the value that the rotation was to bring. */
  private boolean written(OpenRotation rotation) {
    RotationSpec spec = session.planFile().rotations().get(rotation.name());
    if (spec == null) {
      return false;
    }
    Inspector inspector = session.inspector(Instant.now());
    inspector.read(host, List.of(spec.durable()));
    return inspector.evaluate(host, spec.durable()) instanceof Outcome.Value value
        && rotation.isValue(value.value().asText());
  }

  private static InventoryEntry with(InventoryEntry entry, String name, Optional<JsonNode> state) {
    Map<String, JsonNode> all = new LinkedHashMap<>(entry.rotations());
    state.ifPresentOrElse(node -> all.put(name, node), () -> all.remove(name));
    return entry.withRotations(all);
  }

  /** What to tell of those that are open. */
  public List<String> told() {
    return open().stream()
        .map(
            rotation ->
                "rotation "
                    + rotation.name()
                    + " of "
                    + rotation.began()
                    + " is open: `muster rotate "
                    + rotation.name()
                    + "` goes on with it, and so does `muster apply`")
        .toList();
  }
}
