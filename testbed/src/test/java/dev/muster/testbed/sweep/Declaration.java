package dev.muster.testbed.sweep;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A topology of the host and its two members.
 *
 * @param address where members find Tower; without one the host reaches them by itself
 * @param m2 what stands beside the name of the second member
 * @param timeouts of the gates
 * @param each what stands beside the name of every cluster
 */
record Declaration(Optional<String> address, String m2, String timeouts, String each) {
  /** The manifests of {@link Ground#BARE}. */
  static final List<String> MANIFESTS = List.of("installer.yaml", "configuration.yaml");

  static Declaration joined() {
    return new Declaration(Optional.of("http://203.0.113.20:8080"), "", "30s", "");
  }

  Declaration withAddress(String newAddress) {
    return new Declaration(Optional.of(newAddress), m2, timeouts, each);
  }

  Declaration withM2(String keys) {
    return new Declaration(address, keys, timeouts, each);
  }

  Declaration withTimeouts(String newTimeouts) {
    return new Declaration(address, m2, newTimeouts, each);
  }

  /** All clusters are installed from their manifests. */
  Declaration installed() {
    String files =
        MANIFESTS.stream().map(file -> "{file: " + file + "}").collect(Collectors.joining(", "));
    return new Declaration(address, m2, timeouts, ", install: {manifests: [" + files + "]}");
  }

  /** The host reaches every member by itself, and there is no Tower. */
  Declaration direct() {
    return new Declaration(Optional.empty(), m2, timeouts, each);
  }

  /** What the host is given for a member. */
  static String kubeconfig(String member) {
    return "kubeconfig-" + member + ".yaml";
  }

  private String host() {
    return address.map("proxy: {address: \"%s\"}"::formatted).orElse("sharesLoopback: true");
  }

  private String connection(String member) {
    return address.isEmpty()
        ? ", connection: direct, kubeconfig: {file: %s}".formatted(kubeconfig(member))
        : "";
  }

  String text() {
    return """
        apiVersion: muster.dev/v1alpha1
        kind: Topology
        metadata: {name: acme}
        spec:
          defaults:
            access: {kubeconfig: {file: kubeconfig.yaml}}
            timeouts: {installer: %1$s, agent: %1$s, direct: %1$s, removal: %1$s}
          host: {name: host, %2$s%4$s}
          members:
          - {name: m1, labels: {tier: gold}%4$s%5$s}
          - {name: m2%3$s%4$s%6$s}
        """
        .formatted(
            timeouts,
            host(),
            m2.isEmpty() ? "" : ", " + m2,
            each,
            connection("m1"),
            connection("m2"));
  }
}
