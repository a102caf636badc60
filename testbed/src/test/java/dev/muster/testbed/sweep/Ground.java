package dev.muster.testbed.sweep;

/** What the clusters of a sweep are like before anything happens to them. */
enum Ground {
  INSTALLED("3.3"),
  /** Of a version whose programs read their settings when they start. */
  OLD("3.2"),
  /** Nothing is installed yet; the manifests lie beside the topology. */
  BARE("3.3"),
  /** The host installs its core into the members, over kubeconfigs that lie beside the topology. */
  CORE("4.1");

  private final String version;

  Ground(String version) {
    this.version = version;
  }

  /** Of what is installed, or what the manifests install. */
  String version() {
    return version;
  }
}
