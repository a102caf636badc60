package dev.muster.plan;

import dev.muster.expression.Template;
import dev.muster.problem.Where;
import java.util.List;
import java.util.Objects;

/**
 * A token of a ServiceAccount that its cluster issues on request.
 *
 * @param on the clusters that issue one
 * @param account the object that is the ServiceAccount
 * @param duration how long it is asked to be good; may follow from the topology
 * @param renew what it must have left, or it is replaced; may follow from the topology
 * @param audiences for whom it is; empty for the API server itself
 */
public record TokenSpec(
    String name,
    On on,
    String account,
    Template duration,
    Template renew,
    List<String> audiences,
    Where where) {
  public TokenSpec {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(on, "on");
    Objects.requireNonNull(account, "account");
    audiences = List.copyOf(audiences);
  }

  /** Whether expressions see it as {@code host.NAME}. */
  public boolean ofHost() {
    return on != On.MEMBER;
  }

  /** Whether expressions see it as {@code member.NAME}. */
  public boolean ofMember() {
    return on != On.HOST;
  }
}
