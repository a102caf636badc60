package dev.muster.sandbox.server.rest;

import dev.muster.sandbox.server.http.HttpRequest;
import dev.muster.sandbox.server.kind.ResourceId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a path below a cluster's address means; absent parts are empty strings.
 *
 * @param verb as Kubernetes names it; for paths that are no resource, the method in lower case
 * @param rest what follows the subresource
 */
public record RequestInfo(
    boolean isResource,
    String verb,
    String group,
    String version,
    String plural,
    String namespace,
    String name,
    String subresource,
    List<String> rest) {

  public static RequestInfo of(HttpRequest request, List<String> path) {
    boolean core = path.size() >= 3 && path.get(0).equals("api");
    boolean grouped = path.size() >= 4 && path.get(0).equals("apis");
    if (!core && !grouped) {
      return new RequestInfo(
          false,
          request.method().toLowerCase(Locale.ROOT),
          path.size() == 3 && path.get(0).equals("apis") ? path.get(1) : "",
          "",
          "",
          "",
          "",
          "",
          List.of());
    }
    String group = core ? "" : path.get(1);
    String version = path.get(core ? 1 : 2);
    List<String> parts = path.subList(core ? 2 : 3, path.size());
    String namespace = "";
    if (parts.get(0).equals("namespaces") && parts.size() >= 2) {
      namespace = parts.get(1);
      boolean ofNamespace =
          parts.size() > 2 && !parts.get(2).equals("status") && !parts.get(2).equals("finalize");
      if (ofNamespace) {
        parts = parts.subList(2, parts.size());
      }
    }
    String name = parts.size() > 1 ? parts.get(1) : "";
    return new RequestInfo(
        true,
        verb(request, !name.isEmpty()),
        group,
        version,
        parts.get(0),
        namespace,
        name,
        parts.size() > 2 ? parts.get(2) : "",
        parts.size() > 3 ? List.copyOf(parts.subList(3, parts.size())) : List.of());
  }

  private static String verb(HttpRequest request, boolean named) {
    return switch (request.method()) {
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> named ? "delete" : "deletecollection";
      default -> request.flag("watch") ? "watch" : named ? "get" : "list";
    };
  }

  ResourceId resource() {
    return new ResourceId(group, plural);
  }

  /** The namespace that a list or watch is limited to. */
  Optional<String> scope() {
    return namespace.isEmpty() ? Optional.empty() : Optional.of(namespace);
  }

  public Authorizer.Attempt attempt() {
    return new Authorizer.Attempt(
        verb, group, subresource.isEmpty() ? plural : plural + "/" + subresource, namespace, name);
  }

  /** The refusal of this request, as kube words it. */
  public ApiError refusedTo(String user) {
    Authorizer.Attempt attempt = attempt();
    String where =
        namespace.isEmpty() ? "at the cluster scope" : "in the namespace \"" + namespace + "\"";
    return ApiError.forbidden(
        resource(),
        name,
        "User \""
            + user
            + "\" cannot "
            + verb
            + " resource \""
            + attempt.resource()
            + "\" in API group \""
            + group
            + "\" "
            + where);
  }
}
