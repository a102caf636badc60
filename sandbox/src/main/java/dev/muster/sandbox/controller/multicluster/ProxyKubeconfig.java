package dev.muster.sandbox.controller.multicluster;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The kubeconfig that Tower writes into a Cluster; its certificates only have the size of real
 * ones.
 */
final class ProxyKubeconfig {
  private static final SecureRandom RANDOM = new SecureRandom();

  private ProxyKubeconfig() {}

  static String base64(String server) {
    String text =
        "apiVersion: v1\nclusters:\n- cluster:\n    certificate-authority-data: "
            + pem("CERTIFICATE", 720)
            + "\n    server: "
            + server
            + "\n  name: kubernetes\ncontexts:\n- context:\n    cluster: kubernetes\n"
            + "    user: kubernetes-admin\n  name: kubernetes-admin@kubernetes\n"
            + "current-context: kubernetes-admin@kubernetes\nkind: Config\npreferences: {}\nusers:\n"
            + "- name: kubernetes-admin\n  user:\n    client-certificate-data: "
            + pem("CERTIFICATE", 720)
            + "\n    client-key-data: "
            + pem("SANDBOX RANDOM BYTES", 900)
            + "\n";
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String pem(String what, int size) {
    byte[] random = new byte[size];
    RANDOM.nextBytes(random);
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(random);
    String text = "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n";
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }
}
