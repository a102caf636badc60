package dev.muster.changes;

import java.util.List;
import java.util.Objects;

/**
 * Members that are registered on the host and that the topology does not name. They are told and
 * never touched.
 *
 * @param unknown why the registered members cannot be told; empty when they can
 */
public record Unmanaged(List<Member> members, String unknown) {
  public Unmanaged {
    members = List.copyOf(members);
    Objects.requireNonNull(unknown, "unknown");
  }

  /**
   * One of them.
   *
   * @param uid of its namespace kube-system, as the host shows it; empty when it does not
   */
  public record Member(String name, String uid) {}

  public static Unmanaged none() {
    return new Unmanaged(List.of(), "");
  }

  public List<String> names() {
    return members.stream().map(Member::name).toList();
  }
}
