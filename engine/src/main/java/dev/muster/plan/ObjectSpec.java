package dev.muster.plan;

import dev.muster.expression.Template;
import dev.muster.problem.Where;
import dev.muster.resource.FieldRules;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * An object that a plan names.
 *
 * @param perMember whether there is one for each member, whichever cluster it lives in
 * @param perPeer whether there is one for each other cluster; expressions of pairs see the one
 *     about the other of the two
 * @param keys keys in the paths of documents that follow from the topology, as they are written
 */
public record ObjectSpec(
    String name,
    On on,
    boolean perMember,
    boolean perPeer,
    ObjectSource source,
    FieldRules rules,
    Map<String, Template> keys,
    Where where) {
  public ObjectSpec {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(on, "on");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(rules, "rules");
    keys = Map.copyOf(keys);
    Objects.requireNonNull(where, "where");
  }

  /** The same in the namespace that is chosen, where that is left open. */
  ObjectSpec at(UnaryOperator<String> chosen) {
    return new ObjectSpec(name, on, perMember, perPeer, source.at(chosen), rules, keys, where);
  }

  /** Whether expressions see it as {@code host.NAME}. */
  public boolean ofHost() {
    return !perMember && !perPeer && on != On.MEMBER;
  }

  /** Whether expressions see it as {@code member.NAME}. */
  public boolean ofMember() {
    return !perPeer && (perMember || on != On.HOST);
  }
}
