package dev.muster.rights;

import java.util.List;

/**
 * One rule of a role.
 *
 * @param namespace where it holds; empty for the whole cluster
 * @param names of the only objects that it is about; empty for all
 * @param because what needs it, verb by verb, as lines for people
 */
public record Rule(
    String namespace,
    String group,
    String resource,
    List<String> names,
    List<String> verbs,
    List<String> because) {
  public Rule {
    names = List.copyOf(names);
    verbs = List.copyOf(verbs);
    because = List.copyOf(because);
  }
}
