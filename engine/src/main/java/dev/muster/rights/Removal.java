package dev.muster.rights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.Topology;
import java.util.List;

/** The same fleet as somebody would declare it to take its members out. */
final class Removal {
  private Removal() {}

  static Topology of(Topology topology, String keys) {
    List<ClusterDeclaration> members =
        topology.members().stream().map(member -> with(member, keys)).toList();
    return new Topology(
        topology.name(),
        topology.plan(),
        topology.timeouts(),
        topology.host(),
        members,
        topology.rollout());
  }

  private static ClusterDeclaration with(ClusterDeclaration member, String keys) {
    ObjectNode fields = member.fields().deepCopy();
    try {
      fields.setAll((ObjectNode) new ObjectMapper().readTree(keys));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(keys, e);
    }
    return new ClusterDeclaration(
        member.name(),
        false,
        member.uid(),
        member.access(),
        member.deferWhenUnreachable(),
        fields,
        member.secrets(),
        member.where());
  }
}
