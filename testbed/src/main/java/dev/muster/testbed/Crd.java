package dev.muster.testbed;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The kinds of the managed system, as files under {@code crds/}; they differ by its release. */
public enum Crd {
  CLUSTER_CONFIGURATIONS(
      "clusterconfigurations", "installer.kubesphere.io", "v1alpha1", "clusterconfigurations"),
  CLUSTERS_3_0("clusters-3.0", "cluster.kubesphere.io", "v1alpha1", "clusters"),
  CLUSTERS_3_1("clusters-3.1", "cluster.kubesphere.io", "v1alpha1", "clusters"),
  CLUSTERS_3_3("clusters-3.3", "cluster.kubesphere.io", "v1alpha1", "clusters"),
  KUBEFED_CLUSTERS("kubefedclusters", "core.kubefed.io", "v1beta1", "kubefedclusters");

  private final String file;
  private final String path;

  Crd(String file, String group, String version, String plural) {
    this.file = file;
    this.path = "/apis/" + group + "/" + version + "/" + plural;
  }

  /** The definition of Cluster that the release ("3.0" to "3.4") installs. */
  public static Crd clusters(String release) {
    return switch (release) {
      case "3.0" -> CLUSTERS_3_0;
      case "3.1", "3.2" -> CLUSTERS_3_1;
      case "3.3", "3.4" -> CLUSTERS_3_3;
      default -> throw new IllegalArgumentException("no Cluster definition for " + release);
    };
  }

  /** The path at which all objects of the kind are listed. */
  public String path() {
    return path;
  }

  public String yaml() {
    try (InputStream in = Crd.class.getResourceAsStream("/crds/" + file + ".yaml")) {
      return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
