package dev.muster.sandbox.server.rest;

import dev.muster.sandbox.server.store.ObjectKey;
import java.io.IOException;
import java.util.Optional;

/** The subresource proxy of services. */
final class ServiceProxy {
  private final Backend backend;

  ServiceProxy(Backend backend) {
    this.backend = backend;
  }

  void serve(ApiRequest request) throws IOException {
    String[] parts = request.info().name().split(":", -1);
    String scheme = parts.length == 3 ? parts[0] : "";
    String service = parts.length == 3 ? parts[1] : parts[0];
    String port = parts.length == 3 ? parts[2] : parts.length == 2 ? parts[1] : "";
    String namespace = request.info().namespace();
    if (backend
        .store()
        .get(new ObjectKey(request.kind().resource(), namespace, service))
        .isEmpty()) {
      throw ApiError.notFound(request.kind().resource(), service);
    }
    String target = request.http().target();
    int question = target.indexOf('?');
    String path =
        "/"
            + String.join("/", request.info().rest())
            + (question < 0 ? "" : target.substring(question));
    Optional<ServiceProxyHandler.Answer> answer =
        backend
            .proxy()
            .answer(
                new ServiceProxyHandler.Request(
                    namespace,
                    scheme,
                    service,
                    port,
                    request.http().method(),
                    path,
                    request.http().body()));
    ServiceProxyHandler.Answer found =
        answer.orElseThrow(
            () -> ApiError.unavailable("no endpoints available for service \"" + service + "\""));
    request.exchange().send(found.status(), found.contentType(), found.body());
  }
}
