package dev.muster.live;

import java.util.Objects;

/**
 * A Service through which the API server forwards a request (its service proxy).
 *
 * @param scheme {@code http} or {@code https}
 * @param port number or name of the Service's port
 */
public record ServicePort(String namespace, String scheme, String service, String port) {
  public ServicePort {
    Objects.requireNonNull(namespace, "namespace");
    Objects.requireNonNull(scheme, "scheme");
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(port, "port");
  }

  /** URL path under which the forwarded path is appended. */
  public String path() {
    return "/api/v1/namespaces/"
        + namespace
        + "/services/"
        + scheme
        + ":"
        + service
        + ":"
        + port
        + "/proxy";
  }
}
