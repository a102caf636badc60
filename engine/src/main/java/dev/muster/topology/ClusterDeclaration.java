package dev.muster.topology;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.problem.Where;
import java.util.Map;
import java.util.Objects;

/**
 * A cluster as the topology declares it.
 *
 * @param uid the pinned UID of its namespace kube-system, empty when it is not pinned
 * @param deferWhenUnreachable whether a run leaves it for later when it cannot be reached
 * @param fields everything that the topology says of it, defaults filled in; what expressions see
 * @param secrets what it names as a secret, by key; in none of the fields
 * @param where its place in the file
 */
public record ClusterDeclaration(
    String name,
    boolean host,
    String uid,
    Access access,
    boolean deferWhenUnreachable,
    ObjectNode fields,
    Map<String, SecretInput> secrets,
    Where where) {
  public ClusterDeclaration {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(uid, "uid");
    Objects.requireNonNull(access, "access");
    Objects.requireNonNull(fields, "fields");
    secrets = Map.copyOf(secrets);
    Objects.requireNonNull(where, "where");
  }

  /** Whether it is to be taken out of the fleet. */
  public boolean absent() {
    return fields.path("state").asText().equals("absent");
  }

  /** Whether it is gone for good: nothing is asked of it any more. */
  public boolean lost() {
    return fields.path("lost").asBoolean();
  }

  /** The name under which it is joined until it is renamed; empty for none. */
  public String formerName() {
    return fields.path("renamedFrom").asText();
  }

  /** Whether what is to be done on it is carried there. */
  public boolean courier() {
    return access.courier().isPresent();
  }
}
