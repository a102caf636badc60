package dev.muster.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What {@code muster rbac} printed for one cluster, as that cluster's RBAC has it. */
final class GrantedRights {
  private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1";

  private final TestCluster cluster;
  private final String user;
  private final List<String> roles = new ArrayList<>();

  private GrantedRights(TestCluster cluster, String user) {
    this.cluster = cluster;
    this.user = user;
  }

  /**
   * Makes the objects of a printed text, as kubectl apply would.
   *
   * @param user whom they are for, as the server calls him
   */
  static GrantedRights apply(TestCluster cluster, String user, String printed) {
    GrantedRights rights = new GrantedRights(cluster, user);
    Arrays.stream(printed.split("(?m)^---\n")).skip(1).forEach(rights::make);
    return rights;
  }

  private void make(String object) {
    String collection = collection(object);
    cluster.api().create(collection, object).ok();
    if (collection.endsWith("roles")) {
      roles.add(collection + "/" + field(object, "(?m)^  name: (\\S+)"));
    }
  }

  /** Where an object of a printed text belongs. */
  static String collection(String object) {
    String kind = field(object, "(?m)^kind: (\\S+)");
    String namespace = field(object, "(?m)^(?:  |metadata:.*)namespace: ([^\\s}]+)");
    String core = "/api/v1/namespaces";
    return switch (kind) {
      case "Namespace" -> core;
      case "ServiceAccount" -> core + "/" + namespace + "/serviceaccounts";
      case "ConfigMap" -> core + "/" + namespace + "/configmaps";
      case "CronJob" -> "/apis/batch/v1/namespaces/" + namespace + "/cronjobs";
      case "Deployment" -> "/apis/apps/v1/namespaces/" + namespace + "/deployments";
      case "ClusterRole" -> RBAC + "/clusterroles";
      case "ClusterRoleBinding" -> RBAC + "/clusterrolebindings";
      case "Role" -> RBAC + "/namespaces/" + namespace + "/roles";
      case "RoleBinding" -> RBAC + "/namespaces/" + namespace + "/rolebindings";
      default -> throw new IllegalStateException("an object of kind " + kind);
    };
  }

  private static String field(String object, String pattern) {
    return java.util.regex.Pattern.compile(pattern)
        .matcher(object)
        .results()
        .map(found -> found.group(1))
        .findFirst()
        .orElse("");
  }

  /** A token of the account. */
  String token() {
    return cluster
        .api()
        .create("/api/v1/namespaces/kube-system/serviceaccounts/muster/token", "{\"spec\":{}}")
        .ok()
        .json()
        .at("/status/token")
        .asText();
  }

  /**
   * One verb of one rule.
   *
   * @param role path of the role
   */
  record Right(String role, int rule, String verb, String resource, String words) {
    /** Not more than a first look: the server decides. */
    boolean isAbout(Asked asked) {
      return resource.equals(
          asked.resource() + (asked.subresource().isEmpty() ? "" : "/" + asked.subresource()));
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /** Every verb of every rule. */
  List<Right> each() {
    List<Right> rights = new ArrayList<>();
    for (String role : roles) {
      JsonNode rules = cluster.api().get(role).ok().json().path("rules");
      for (int i = 0; i < rules.size(); i++) {
        for (JsonNode verb : rules.get(i).path("verbs")) {
          rights.add(
              new Right(
                  role,
                  i,
                  verb.asText(),
                  rules.get(i).at("/resources/0").asText(),
                  words(role, rules.get(i), verb.asText())));
        }
      }
    }
    return rights;
  }

  private static String words(String role, JsonNode rule, String verb) {
    String namespace = role.contains("/namespaces/") ? role.split("/")[5] : "(cluster)";
    List<String> names = new ArrayList<>();
    rule.path("resourceNames").forEach(name -> names.add(name.asText()));
    return namespace
        + " "
        + verb
        + " "
        + rule.at("/resources/0").asText()
        + (names.isEmpty() ? "" : " " + String.join(",", names));
  }

  /** Takes one verb of one rule away, and gives back how to give it back. */
  Runnable without(Right right) {
    JsonNode before = cluster.api().get(right.role()).ok().json();
    ObjectNode less = before.deepCopy();
    ArrayNode verbs = (ArrayNode) less.at("/rules/" + right.rule() + "/verbs");
    for (int i = 0; i < verbs.size(); i++) {
      if (verbs.get(i).asText().equals(right.verb())) {
        verbs.remove(i);
      }
    }
    if (verbs.isEmpty()) {
      ((ArrayNode) less.path("rules")).remove(right.rule());
    }
    replaceRules(right.role(), less.path("rules"));
    return () -> replaceRules(right.role(), before.path("rules"));
  }

  private void replaceRules(String role, JsonNode rules) {
    cluster.api().mergePatch(role, "{\"rules\":" + rules + "}").ok();
  }

  /** Whether the server's own authorizer would let the account make a request. */
  boolean allows(Asked asked) {
    String review =
        """
        {"apiVersion":"authorization.k8s.io/v1","kind":"SubjectAccessReview","spec":{"user":"%s",
        "groups":["system:authenticated"],
        "resourceAttributes":{"verb":"%s","group":"%s","resource":"%s","subresource":"%s",
        "namespace":"%s","name":"%s"}}}
        """;
    return cluster
        .api()
        .create(
            "/apis/authorization.k8s.io/v1/subjectaccessreviews",
            review.formatted(
                user,
                asked.verb(),
                asked.group(),
                asked.resource(),
                asked.subresource(),
                asked.namespace(),
                asked.name()))
        .ok()
        .json()
        .at("/status/allowed")
        .asBoolean();
  }

  /** A request as an authorizer sees it. */
  record Asked(
      String verb,
      String group,
      String resource,
      String subresource,
      String namespace,
      String name) {

    static Stream<Asked> of(Audit.Request request) {
      List<String> parts = new ArrayList<>(List.of(request.path().substring(1).split("/")));
      if (!List.of("api", "apis").contains(parts.get(0))) {
        return Stream.of();
      }
      String group = parts.get(0).equals("apis") ? parts.get(1) : "";
      List<String> rest = parts.subList(parts.get(0).equals("apis") ? 3 : 2, parts.size());
      String namespace = "";
      if (rest.get(0).equals("namespaces") && rest.size() > 2) {
        namespace = rest.get(1);
        rest = rest.subList(2, rest.size());
      }
      String name = rest.size() > 1 ? rest.get(1) : named(request.query());
      // A namespace is in itself.
      if (rest.get(0).equals("namespaces")) {
        namespace = name;
      }
      String subresource = rest.size() > 2 ? rest.get(2) : "";
      return Stream.of(new Asked(request.verb(), group, rest.get(0), subresource, namespace, name));
    }

    private static String named(String query) {
      return java.net.URLDecoder.decode(query, java.nio.charset.StandardCharsets.UTF_8)
          .lines()
          .flatMap(line -> Arrays.stream(line.split("&")))
          .filter(part -> part.startsWith("fieldSelector=metadata.name="))
          .map(part -> part.substring("fieldSelector=metadata.name=".length()))
          .findFirst()
          .orElse("");
    }
  }
}
