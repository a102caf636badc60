package dev.muster.testbed.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What may be known of one field: whether muster has charge of it, and what it replaced. One world
 * as long as runs end well; after one that did not there are several, and what is seen later
 * decides between them.
 */
final class Worlds {
  private static final JsonNode NONE = MissingNode.getInstance();
  private Set<World> worlds = Set.of(new World(false, NONE));

  private record World(boolean owned, JsonNode before) {
    /** The live value after a run. */
    JsonNode live(JsonNode declared, JsonNode live) {
      return !declared.isMissingNode() ? declared : owned ? before : live;
    }

    World after(JsonNode declared, JsonNode live, boolean restorable) {
      if (declared.isMissingNode()) {
        return new World(false, NONE);
      }
      boolean replaces = restorable && !owned && !live.equals(declared);
      return owned ? this : new World(true, replaces ? live : NONE);
    }
  }

  /** The values that the field may have after a run that has ended well. */
  Set<JsonNode> allowed(JsonNode declared, JsonNode live) {
    Set<JsonNode> values = new LinkedHashSet<>();
    worlds.forEach(world -> values.add(world.live(declared, live)));
    return values;
  }

  /** A run that ended well found one value and left another one. */
  void ran(JsonNode declared, JsonNode found, JsonNode left, boolean restorable) {
    Set<World> next = new LinkedHashSet<>();
    for (World world : worlds) {
      if (world.live(declared, found).equals(left)) {
        next.add(world.after(declared, found, restorable));
      }
    }
    worlds = next;
  }

  /** A run that did not end well may have come to this field or not. */
  void mayHaveRun(JsonNode declared, JsonNode found, boolean restorable) {
    Set<World> next = new LinkedHashSet<>(worlds);
    worlds.forEach(world -> next.add(world.after(declared, found, restorable)));
    worlds = next;
  }

  /** The object was made anew with what is declared. */
  void made(JsonNode declared) {
    worlds = Set.of(new World(!declared.isMissingNode(), NONE));
  }

  /** Perhaps. */
  void mayHaveBeenMade(JsonNode declared) {
    Set<World> next = new LinkedHashSet<>(worlds);
    next.add(new World(!declared.isMissingNode(), NONE));
    worlds = next;
  }

  void forgotten() {
    worlds = Set.of(new World(false, NONE));
  }

  void mayBeForgotten() {
    Set<World> next = new LinkedHashSet<>(worlds);
    next.add(new World(false, NONE));
    worlds = next;
  }

  @Override
  public String toString() {
    return worlds.toString();
  }
}
