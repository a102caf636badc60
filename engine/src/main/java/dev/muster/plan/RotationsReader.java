package dev.muster.plan;

import dev.muster.bound.LinearPattern;
import dev.muster.yaml.YamlNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads the rotations of a plan file. */
final class RotationsReader {
  /** Of a shorter value no fingerprint is kept, and a rotation is known again by one. */
  private static final int SHORTEST = 16;

  private final Scribe host;
  private final Scribe member;

  RotationsReader(Scribe host, Scribe member) {
    this.host = host;
    this.member = member;
  }

  Map<String, RotationSpec> read(Optional<YamlNode> section) {
    Map<String, RotationSpec> rotations = new LinkedHashMap<>();
    Scribe.entries(
        section, (key, node) -> rotations.put(key.text(), rotation(key.text(), key, node)));
    return rotations;
  }

  private RotationSpec rotation(String name, YamlNode.Scalar key, YamlNode node) {
    Optional<YamlNode> generate = node.child("generate");
    Optional<YamlNode> shows = node.child("shows");
    LinearPattern pattern = pattern(node);
    int length = generate.map(g -> g.json().path("length").asInt()).orElse(0);
    String alphabet = generate.map(g -> Scribe.needed(g, "alphabet")).orElse("");
    String example = (alphabet.equals("hex") ? "0" : "Z").repeat(Math.max(0, length));
    if (generate.isPresent() && length > 0 && !pattern.matches(example)) {
      host.problems()
          .error(
              generate.get().where(),
              "what is generated does not match the pattern of the rotation",
              "correct one of them: a generated value would be refused when it is given by hand");
    }
    if (example.length() >= SHORTEST && pattern.matches(example.substring(0, SHORTEST - 1))) {
      host.problems()
          .error(
              node.child("pattern").map(YamlNode::where).orElse(node.where()),
              "the pattern takes values of fewer than " + SHORTEST + " characters",
              "end it with {"
                  + SHORTEST
                  + ",}: shorter ones could be found from their fingerprint");
    }
    return new RotationSpec(
        name,
        Scribe.needed(node, "description"),
        alphabet,
        length,
        pattern,
        Scribe.needed(node, "allowed"),
        host.template(node, "durable"),
        shows.map(s -> host.template(s, "host")).orElseGet(() -> host.broken(node)),
        shows.map(s -> member.template(s, "member")).orElseGet(() -> member.broken(node)),
        host.template(node, "window"),
        Scribe.elements(node.child("notes")).stream().map(host::template).toList(),
        Scribe.elements(node.child("require")).stream().map(host::requirement).toList(),
        key.where());
  }

  private LinearPattern pattern(YamlNode node) {
    try {
      return LinearPattern.of(Scribe.needed(node, "pattern"));
    } catch (LinearPattern.Unusable e) {
      host.problems()
          .error(
              node.child("pattern").map(YamlNode::where).orElse(node.where()),
              "this pattern cannot be used: " + e.getMessage(),
              "write the characters that are allowed, for example ^[A-Za-z0-9]{16,}$",
              LinearPattern.SYNTAX);
      return LinearPattern.ANY;
    }
  }
}
