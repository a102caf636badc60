package dev.muster.kube;

import dev.muster.kube.Kubeconfig.Entry;
import java.util.List;
import java.util.Set;

/**
 * What kubectl refuses in the entries of a context. We refuse the same: a file that means two
 * things must not mean one of them here and the other one there.
 */
final class EntryCheck {
  private static final Set<String> INTERACTIVE = Set.of("Never", "IfAvailable", "Always");
  private static final String EXEC_GROUP = "client.authentication.k8s.io/";

  private EntryCheck() {}

  /**
   * @throws NoAccess when there is something
   */
  static void check(Entry cluster, Entry user) {
    if (cluster.text("server").isEmpty()) {
      throw new NoAccess("the kubeconfig's cluster has no server");
    }
    oneOf(cluster, "certificate-authority");
    boolean authority =
        !cluster.text("certificate-authority").isEmpty()
            || !cluster.text("certificate-authority-data").isEmpty();
    if (authority && cluster.flag("insecure-skip-tls-verify")) {
      throw new NoAccess(
          "the kubeconfig's cluster has a certificate-authority and insecure-skip-tls-verify;"
              + " take one of them out");
    }
    oneOf(user, "client-certificate");
    oneOf(user, "client-key");
    if (has(user, "client-certificate") != has(user, "client-key")) {
      throw new NoAccess(
          "the kubeconfig's user has only one of client-certificate and client-key; it needs both");
    }
    boolean token = !user.text("token").isEmpty();
    if (token && (!user.text("username").isEmpty() || !user.text("password").isEmpty())) {
      throw new NoAccess("the kubeconfig's user has a token and a username; take one of them out");
    }
    if (user.text("as").isEmpty()) {
      for (String field : List.of("as-uid", "as-groups", "as-user-extra")) {
        if (!user.node().path(field).isMissingNode() && !user.node().path(field).isEmpty()
            || !user.text(field).isEmpty()) {
          throw new NoAccess("the kubeconfig's user has " + field + " without as");
        }
      }
    }
    if (user.node().has("exec")) {
      plugin(user);
    }
  }

  private static boolean has(Entry entry, String field) {
    return !entry.text(field).isEmpty() || !entry.text(field + "-data").isEmpty();
  }

  private static void oneOf(Entry entry, String field) {
    if (!entry.text(field).isEmpty() && !entry.text(field + "-data").isEmpty()) {
      throw new NoAccess(
          "the kubeconfig has " + field + " and " + field + "-data; take one of them out");
    }
  }

  private static void plugin(Entry user) {
    var exec = user.node().path("exec");
    if (user.node().has("auth-provider")) {
      throw new NoAccess("the kubeconfig's user has exec and auth-provider; take one of them out");
    }
    if (exec.path("command").asText().isEmpty()) {
      throw new NoAccess("the kubeconfig's exec has no command");
    }
    String version = exec.path("apiVersion").asText();
    if (!version.equals(EXEC_GROUP + "v1") && !version.equals(EXEC_GROUP + "v1beta1")) {
      throw new NoAccess(
          "the kubeconfig's exec has apiVersion \"%s\"; known are %sv1 and %sv1beta1"
              .formatted(version, EXEC_GROUP, EXEC_GROUP));
    }
    String mode = exec.path("interactiveMode").asText();
    boolean left = mode.isEmpty() && version.endsWith("/v1beta1");
    if (!left && !INTERACTIVE.contains(mode)) {
      throw new NoAccess(
          "the kubeconfig's exec has interactiveMode \"%s\"; allowed are Never, IfAvailable, Always"
              .formatted(mode));
    }
    if (mode.equals("Always")) {
      throw new NoAccess(
          ("the credential plugin \"%s\" asks questions (interactiveMode: Always), and muster gives"
                  + " it no terminal; use a mode of it that asks nothing, or a token")
              .formatted(exec.path("command").asText()));
    }
    for (var variable : exec.path("env")) {
      if (variable.path("name").asText().isEmpty()) {
        throw new NoAccess("the kubeconfig's exec has an env entry without a name");
      }
    }
  }
}
