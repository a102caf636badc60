package dev.muster.topology;

import dev.muster.problem.Problems;
import dev.muster.problem.Where;
import dev.muster.yaml.YamlNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Checks what one cluster of a topology has to have for itself: its name and its pin. */
final class ClusterCheck {
  private final YamlNode document;
  private final Problems problems;
  private final Map<String, Where> names = new HashMap<>();
  private final Map<String, Where> uids = new HashMap<>();

  ClusterCheck(YamlNode document, Problems problems) {
    this.document = document;
    this.problems = problems;
  }

  void check() {
    Optional<YamlNode> host = document.at("/spec/host");
    host.ifPresent(
        node -> {
          if (node.child("name").isEmpty()) {
            // Without a name of its own the host is called so, and no member can be.
            names.put("host", document.keyAt("/spec/host").orElseThrow().where());
          }
          cluster(node);
        });
    if (document.at("/spec/members").orElse(null) instanceof YamlNode.Sequence members) {
      members.elements().forEach(this::cluster);
    }
  }

  private void cluster(YamlNode node) {
    text(node, "name").ifPresent(this::name);
    text(node, "renamedFrom").ifPresent(this::name);
    text(node, "uid").ifPresent(this::uid);
    boolean absent = text(node, "state").filter(state -> state.text().equals("absent")).isPresent();
    node.keyAt("/lost")
        .filter(lost -> !absent && node.json().path("lost").asBoolean())
        .ifPresent(
            lost ->
                problems.error(
                    lost.where(),
                    "only a member that is taken out can be lost",
                    "say `state: absent` beside it, or take `lost` out"));
    if (absent) {
      text(node, "renamedFrom")
          .ifPresent(
              former ->
                  problems.error(
                      former.where(),
                      "a member that is taken out is not renamed",
                      "name it as it is registered, and take `renamedFrom` out"));
    }
  }

  private void name(YamlNode.Scalar name) {
    Where earlier = names.putIfAbsent(name.text(), name.where());
    if (earlier != null) {
      problems.error(
          name.where(),
          "the name \"" + name.text() + "\" is taken, see " + earlier,
          "every cluster of a topology has a name of its own, the host too");
    }
  }

  private void uid(YamlNode.Scalar uid) {
    Where earlier = uids.putIfAbsent(uid.text(), uid.where());
    if (earlier != null) {
      problems.error(
          uid.where(),
          "another cluster is pinned to this UID, see " + earlier,
          "a cluster can stand here once, as the host or as one member");
    }
  }

  private static Optional<YamlNode.Scalar> text(YamlNode node, String key) {
    return node.child(key)
        .filter(value -> value.json().isTextual() && !value.json().asText().isEmpty())
        .map(YamlNode.Scalar.class::cast);
  }
}
