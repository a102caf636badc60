package dev.muster.schedule;

import dev.muster.problem.MusterException;
import java.util.List;
import java.util.stream.Collectors;

/** A Deployment for Kubernetes: one pod of a command that stays. */
public record Deployment(Pod pod) {

  /**
   * All objects.
   *
   * @throws MusterException when the topology names files that have no place in a pod
   */
  public String render() {
    String name = pod.job().name();
    String head =
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: %s, namespace: %s}
        spec:
          # Two would tell everything twice.
          replicas: 1
          strategy: {type: Recreate}
          selector: {matchLabels: {app: %s}}
        """
            .formatted(name, pod.namespace(), name);
    String command =
        pod.command().stream()
            .map(word -> "\"" + word + "\"")
            .collect(Collectors.joining(", ", "command: [", "]\n"));
    return pod.objects(
        "which stays", List.of(), head + pod.template("Always", name, command).indent(2));
  }
}
