package dev.muster.sandbox.server.kind;

/** A resource without its version: all served versions show the same stored objects. */
public record ResourceId(String group, String plural) {
  /** As Kubernetes writes it in messages: {@code deployments.apps}, {@code pods}. */
  @Override
  public String toString() {
    return group.isEmpty() ? plural : plural + "." + group;
  }
}
