package dev.muster.sandbox.command;

import java.util.List;
import java.util.Optional;

/**
 * The text of a topology that names the sandbox's clusters and can be applied.
 *
 * @param kubeconfig the kubeconfig of whoever runs muster, as the topology names it
 * @param proxy what stands under the host's key proxy; empty when there are no agents
 * @param forHost the folder of the kubeconfigs that the host uses for its members, one NAME.yaml
 *     each; empty when they are joined over agents
 */
record SandboxTopology(String kubeconfig, Optional<String> proxy, Optional<String> forHost) {

  /** Members over Tower's agents. */
  static SandboxTopology agents(String kubeconfig, String proxy) {
    return new SandboxTopology(kubeconfig, Optional.of(proxy), Optional.empty());
  }

  /** Members that the host reaches by itself. */
  static SandboxTopology direct(String kubeconfig, String forHost) {
    return new SandboxTopology(kubeconfig, Optional.empty(), Optional.of(forHost));
  }

  String text(List<String> members) {
    StringBuilder text = new StringBuilder();
    text.append("# A simulation: these clusters exist only while `muster sandbox` runs.\n");
    text.append("apiVersion: muster.dev/v1alpha1\n");
    text.append("kind: Topology\n");
    text.append("metadata: {name: sandbox}\n");
    text.append("spec:\n");
    text.append("  defaults:\n");
    text.append("    access: {kubeconfig: {file: \"").append(kubeconfig).append("\"}}\n");
    if (forHost.isPresent()) {
      text.append("    connection: direct\n");
    }
    text.append("  host:\n");
    text.append("    name: host\n");
    if (forHost.isPresent()) {
      text.append(
          "    # The simulated host runs on this machine; on a real one 127.0.0.1 is the host itself.\n");
      text.append("    sharesLoopback: true\n");
    }
    proxy.ifPresent(value -> text.append("    proxy: ").append(value).append('\n'));
    text.append("  members:\n");
    for (String member : members) {
      text.append("  - name: ").append(member).append('\n');
      forHost.ifPresent(
          folder ->
              text.append("    kubeconfig: {file: \"")
                  .append(folder)
                  .append('/')
                  .append(member)
                  .append(".yaml\"}\n"));
    }
    if (members.isEmpty()) {
      text.append("    []\n");
    }
    return text.toString();
  }
}
