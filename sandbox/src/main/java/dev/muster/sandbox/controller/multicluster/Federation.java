package dev.muster.sandbox.controller.multicluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.env.Faults;
import dev.muster.sandbox.controller.install.Definitions;
import dev.muster.sandbox.controller.install.JwtSecret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * The objects that joining a federation makes on both sides, and what of them a removal takes away.
 */
final class Federation {
  static final String NAMESPACE = "kube-federation-system";

  private final ApiClient host;
  private final Faults faults;

  Federation(ApiClient host, Faults faults) {
    this.host = host;
    this.faults = faults;
  }

  /** Why a join failed, in the words of the system. */
  static final class JoinFailure extends Exception {
    private static final long serialVersionUID = 1L;

    JoinFailure(String message) {
      super(message);
    }
  }

  /** Makes everything on the member and then on the host. */
  void join(ApiClient member, String name, String endpoint) throws JoinFailure {
    String account = name + "-kubesphere";
    if (member.find(Kind.SERVICE_ACCOUNT, NAMESPACE, account).isEmpty()) {
      member.createIfAbsent(Kind.NAMESPACE, named(NAMESPACE));
      ObjectNode created = named(account);
      Json.at(created, "metadata").put("namespace", NAMESPACE);
      created.putArray("secrets").addObject().put("name", account + "-token");
      member.createIfAbsent(Kind.SERVICE_ACCOUNT, created);
      roles(member, account);
    }
    String token = token(member, account);
    registerOnHost(name, endpoint, token);
  }

  private static void roles(ApiClient member, String account) {
    String name = "kubefed-controller-manager:" + account;
    ObjectNode role = named(name);
    ObjectNode rule = role.putArray("rules").addObject();
    for (String field : new String[] {"apiGroups", "resources", "verbs"}) {
      rule.putArray(field).add("*");
    }
    member.createIfAbsent(Kind.CLUSTER_ROLE, role);
    ObjectNode binding = named(name);
    binding
        .putObject("roleRef")
        .put("apiGroup", "rbac.authorization.k8s.io")
        .put("kind", "ClusterRole")
        .put("name", name);
    binding
        .putArray("subjects")
        .addObject()
        .put("kind", "ServiceAccount")
        .put("name", account)
        .put("namespace", NAMESPACE);
    member.createIfAbsent(Kind.CLUSTER_ROLE_BINDING, binding);
  }

  /** The token secret is filled by another controller, which may be slower than this one. */
  private String token(ApiClient member, String account) throws JoinFailure {
    Optional<ObjectNode> found = member.find(Kind.SECRET, NAMESPACE, account + "-token");
    if (found.isEmpty()) {
      ObjectNode secret = named(account + "-token");
      ObjectNode metadata = Json.at(secret, "metadata");
      metadata.put("namespace", NAMESPACE);
      metadata.putObject("annotations").put("kubernetes.io/service-account.name", account);
      secret.put("type", "kubernetes.io/service-account-token");
      if (!faults.slowTokenSecrets()) {
        fill(secret);
      }
      found = Optional.of(member.create(Kind.SECRET, secret));
    }
    String token = found.get().path("data").path("token").asText();
    if (token.isEmpty()) {
      throw new JoinFailure("Key \"token\" not found in service account secret");
    }
    return token;
  }

  /** What the token controller of the member does some time after the secret was made. */
  static void fillToken(ApiClient member, String name) {
    var unused = member.edit(Kind.SECRET, NAMESPACE, name + "-kubesphere-token", Federation::fill);
  }

  private static void fill(ObjectNode secret) {
    if (secret.path("data").path("token").asText().isEmpty()) {
      byte[] token = ("sandbox." + JwtSecret.random(80)).getBytes(StandardCharsets.US_ASCII);
      Json.at(secret, "data").put("token", Base64.getEncoder().encodeToString(token));
    }
  }

  private void registerOnHost(String name, String endpoint, String token) {
    if (host.find(Definitions.KUBE_FED_CLUSTER, NAMESPACE, name).isPresent()) {
      return;
    }
    ObjectNode secret = named(name + "-secret");
    Json.at(secret, "metadata").put("namespace", NAMESPACE);
    secret.put("type", "Opaque").putObject("data").put("token", token);
    host.createIfAbsent(Kind.SECRET, secret);
    ObjectNode cluster = named(name);
    Json.at(cluster, "metadata").put("namespace", NAMESPACE);
    ObjectNode spec = cluster.putObject("spec");
    spec.put("apiEndpoint", endpoint).putObject("secretRef").put("name", name + "-secret");
    host.createIfAbsent(Definitions.KUBE_FED_CLUSTER, cluster);
  }

  /** On the host only: the member keeps all that a join made there. */
  void leave(String name) {
    if (Definitions.isServed(host, Definitions.KUBE_FED_CLUSTER)) {
      host.delete(Definitions.KUBE_FED_CLUSTER, NAMESPACE, name);
    }
    host.delete(Kind.SECRET, NAMESPACE, name + "-secret");
  }

  /** How many nodes the member has. */
  static int nodes(ApiClient member) {
    return member.items(Kind.NODE, null).size();
  }

  /** The identity of a cluster. */
  static String uid(ApiClient member) {
    JsonNode namespace = member.get(Kind.NAMESPACE, null, "kube-system");
    return Json.uid(namespace);
  }

  private static ObjectNode named(String name) {
    ObjectNode object = Json.object();
    object.putObject("metadata").put("name", name);
    return object;
  }
}
