package dev.muster.plan;

import dev.muster.resource.ObjectRef;
import dev.muster.yaml.YamlNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads what a plan file says that it may touch. */
final class AllowsReader {
  private AllowsReader() {}

  static Optional<Allows> read(Optional<YamlNode> section) {
    return section.map(
        node ->
            new Allows(grants(node, "host"), grants(node, "member"), grants(node, "elsewhere")));
  }

  private static List<Allows.Grant> grants(YamlNode node, String place) {
    List<Allows.Grant> grants = new ArrayList<>();
    for (YamlNode grant : Scribe.elements(node.child(place))) {
      List<Allows.Kind> kinds = new ArrayList<>();
      Scribe.elements(grant.child("kinds")).forEach(kind -> kind(kind).ifPresent(kinds::add));
      grants.add(
          new Allows.Grant(
              kinds,
              Scribe.texts(grant, "namespaces"),
              Scribe.texts(grant, "names"),
              verbs(grant)));
    }
    return grants;
  }

  /** What is of the wrong shape was reported, and allows nothing. */
  private static Optional<Allows.Kind> kind(YamlNode node) {
    String written = Scribe.text(node, "kind").orElseGet(() -> node.json().asText());
    List<String> parts = Arrays.asList(written.split("/", -1));
    int at = ObjectsReader.kindPosition(parts);
    if (at < 0 || at >= parts.size() || parts.get(at).isEmpty() || parts.size() > at + 2) {
      return Optional.empty();
    }
    ObjectRef ref = ObjectRef.of(String.join("/", parts.subList(0, at)), parts.get(at), "", "");
    String below = parts.size() > at + 1 ? parts.get(at + 1) : "";
    return Optional.of(
        Allows.Kind.of(
            Scribe.text(node, "plural").filter(p -> !p.isEmpty()).map(ref::withPlural).orElse(ref),
            below));
  }

  private static Set<Allows.Verb> verbs(YamlNode grant) {
    Set<Allows.Verb> verbs = EnumSet.noneOf(Allows.Verb.class);
    List<String> written = Scribe.texts(grant, "verbs");
    for (Allows.Verb verb : Allows.Verb.values()) {
      if (written.contains(verb.key())) {
        verbs.add(verb);
      }
    }
    return verbs;
  }
}
