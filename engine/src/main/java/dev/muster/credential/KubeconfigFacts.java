package dev.muster.credential;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What may be said of a kubeconfig aloud. Its current context counts, as for programs that are
 * given a kubeconfig and nothing else.
 *
 * @param faults why it would not work on another machine, as ends of the sentence "it ..."; empty
 *     when it is self-contained
 * @param server address of the API server, empty when it has none
 * @param authority its certificate authority, PEM in base64; empty when it has none inline
 * @param loopback whether this or its proxy's address means another machine everywhere
 * @param certificate whether it has a client certificate
 * @param expiry what of it runs out first
 */
public record KubeconfigFacts(
    List<String> faults,
    String server,
    String authority,
    boolean loopback,
    boolean certificate,
    Optional<Expiry> expiry) {
  /** Fields that name a file, in the cluster and in the user. */
  private static final List<String> FILES_OF_CLUSTER = List.of("certificate-authority");

  private static final List<String> FILES_OF_USER =
      List.of("client-certificate", "client-key", "tokenFile");

  private static final Map<String, String> INLINE =
      Map.of(
          "certificate-authority", "certificate-authority-data",
          "client-certificate", "client-certificate-data",
          "client-key", "client-key-data",
          "tokenFile", "token");

  public KubeconfigFacts {
    faults = List.copyOf(faults);
    Objects.requireNonNull(server, "server");
  }

  /**
   * Looks at a kubeconfig.
   *
   * @param tree its content; anything may be in it
   */
  public static KubeconfigFacts of(JsonNode tree) {
    if (!tree.path("clusters").isArray() || !tree.path("contexts").isArray()) {
      return broken("is no kubeconfig, it lacks clusters and contexts");
    }
    String name = tree.path("current-context").asText();
    if (name.isEmpty()) {
      return broken("has no current-context, so nobody knows which of its contexts is meant");
    }
    Optional<JsonNode> context = named(tree.path("contexts"), name, "context");
    if (context.isEmpty()) {
      return broken("has no context \"" + shown(name) + "\", which its current-context names");
    }
    List<String> faults = new ArrayList<>();
    JsonNode cluster = part(tree, context.get(), "cluster", faults);
    JsonNode user = part(tree, context.get(), "user", faults);
    String server = cluster.path("server").asText();
    if (!cluster.isMissingNode()) {
      checkServer(server, faults);
      files(cluster, FILES_OF_CLUSTER, faults);
    }
    if (!user.isMissingNode()) {
      checkUser(user, faults);
    }
    return new KubeconfigFacts(
        faults,
        withoutUser(server),
        cluster.path("certificate-authority-data").asText(),
        loopback(server) || loopback(cluster.path("proxy-url").asText()),
        user.hasNonNull("client-certificate-data"),
        expiry(user));
  }

  /** What of a user's entry runs out first. */
  public static Optional<Expiry> expiry(JsonNode user) {
    Optional<Instant> certificate =
        Expiry.ofCertificate(user.path("client-certificate-data").asText());
    Optional<Instant> token = Expiry.ofToken(user.path("token").asText());
    if (certificate.isPresent() && (token.isEmpty() || certificate.get().isBefore(token.get()))) {
      return certificate.map(at -> new Expiry("client certificate", at));
    }
    return token.map(at -> new Expiry("token", at));
  }

  private static KubeconfigFacts broken(String fault) {
    return new KubeconfigFacts(List.of(fault), "", "", false, false, Optional.empty());
  }

  private static JsonNode part(JsonNode tree, JsonNode context, String kind, List<String> faults) {
    String name = context.path(kind).asText();
    Optional<JsonNode> found = named(tree.path(kind + "s"), name, kind);
    if (found.isEmpty()) {
      faults.add(
          name.isEmpty()
              ? "names no " + kind + " in its current context"
              : "has no " + kind + " \"" + shown(name) + "\", which its current context names");
    }
    return found.orElse(MissingNode.getInstance());
  }

  private static Optional<JsonNode> named(JsonNode list, String name, String kind) {
    for (JsonNode entry : list) {
      if (entry.path("name").asText().equals(name) && !name.isEmpty()) {
        return Optional.of(entry.path(kind));
      }
    }
    return Optional.empty();
  }

  private static void checkServer(String server, List<String> faults) {
    if (server.isEmpty()) {
      faults.add("names no server");
    } else if (address(server).isEmpty()) {
      faults.add("names a server that is no http or https address");
    }
  }

  private static void files(JsonNode entry, List<String> fields, List<String> faults) {
    for (String field : fields) {
      if (!entry.path(field).asText().isEmpty()) {
        faults.add(
            "names a file of this machine ("
                + field
                + "), where "
                + INLINE.get(field)
                + " is needed");
      }
    }
  }

  private static void checkUser(JsonNode user, List<String> faults) {
    files(user, FILES_OF_USER, faults);
    if (user.path("exec").isObject()) {
      faults.add(
          "runs a program for its credential ("
              + shown(user.path("exec").path("command").asText())
              + "), which is not there");
    }
    if (user.path("auth-provider").isObject()) {
      faults.add("asks an auth-provider for its credential, which is not there");
    }
    boolean certificate = !user.path("client-certificate-data").asText().isEmpty();
    boolean key = !user.path("client-key-data").asText().isEmpty();
    if (certificate != key
        && user.path("client-key").isMissingNode()
        && user.path("client-certificate").isMissingNode()) {
      faults.add("has a client certificate or its key, and not both");
    }
    boolean other =
        !user.path("token").asText().isEmpty() || !user.path("username").asText().isEmpty();
    if (faults.isEmpty() && !certificate && !other) {
      faults.add("has no credential");
    }
  }

  private static Optional<String> address(String server) {
    try {
      URI uri = URI.create(server);
      boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
      return web ? Optional.ofNullable(uri.getHost()) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static boolean loopback(String server) {
    String host = address(server).orElse("");
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || host.matches("127\\.\\d+\\.\\d+\\.\\d+")
        || host.equals("0.0.0.0")
        || host.equals("[::1]")
        || host.equals("[::]");
  }

  private static String withoutUser(String server) {
    return server.replaceFirst("//[^/@]*@", "//");
  }

  private static String shown(String name) {
    return name.length() > 80 ? name.substring(0, 80) + "..." : name;
  }
}
