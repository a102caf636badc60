package dev.muster.desired;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.muster.Garden;
import dev.muster.live.Failure;
import dev.muster.topology.ClusterDeclaration;
import java.util.HashMap;
import java.util.Map;

/** A world that is as a test says; what it does not say does not exist. */
final class FixedWorld implements World {
  private final Map<String, Lookup> objects = new HashMap<>();

  private final ObjectNode rotation = JsonNodeFactory.instance.objectNode();

  FixedWorld rotating(String name, String value) {
    rotation.put(name, value);
    return this;
  }

  /**
   * @param need as {@link Need#toString} has it
   */
  FixedWorld with(String need, String json) {
    objects.put(need, new Lookup.Present(Garden.json(json)));
    return this;
  }

  FixedWorld unreadable(String need) {
    objects.put(need, new Lookup.Unreadable(new Failure(Failure.Kind.FORBIDDEN, "no")));
    return this;
  }

  @Override
  public Lookup object(Need need) {
    return objects.getOrDefault(need.toString(), new Lookup.Absent());
  }

  @Override
  public Lookup carried(ClusterDeclaration cluster, String fact) {
    return new Lookup.Absent();
  }

  @Override
  public Lookup recordedUid(ClusterDeclaration cluster) {
    return new Lookup.Absent();
  }

  @Override
  public Lookup uid(ClusterDeclaration cluster) {
    return new Lookup.Present(TextNode.valueOf("uid-of-" + cluster.name()));
  }

  @Override
  public Lookup clock(ClusterDeclaration cluster) {
    return new Lookup.Absent();
  }

  @Override
  public ObjectNode rotation() {
    return rotation;
  }
}
