package dev.muster.testbed.sweep;

/**
 * A topology of the host and its two members.
 *
 * @param address where members find Tower
 * @param m2 what stands beside the name of the second member
 * @param timeouts of the gates
 */
record Declaration(String address, String m2, String timeouts) {
  static Declaration joined() {
    return new Declaration("http://203.0.113.20:8080", "", "30s");
  }

  Declaration withAddress(String newAddress) {
    return new Declaration(newAddress, m2, timeouts);
  }

  Declaration withM2(String keys) {
    return new Declaration(address, keys, timeouts);
  }

  Declaration withTimeouts(String newTimeouts) {
    return new Declaration(address, m2, newTimeouts);
  }

  String text() {
    return """
        apiVersion: muster.dev/v1alpha1
        kind: Topology
        metadata: {name: acme}
        spec:
          defaults:
            access: {kubeconfig: {file: kubeconfig.yaml}}
            timeouts: {installer: %1$s, agent: %1$s, removal: %1$s}
          host: {name: host, proxy: {address: "%2$s"}}
          members:
          - {name: m1, labels: {tier: gold}}
          - {name: m2%3$s}
        """
        .formatted(timeouts, address, m2.isEmpty() ? "" : ", " + m2);
  }
}
