package dev.muster.sandbox.controller.env;

import java.util.List;

/**
 * What a cluster's load balancer gives to a Service that asks for one.
 *
 * @param ingress the entries of status.loadBalancer.ingress in this order; none means pending for
 *     ever
 */
public record LoadBalancer(List<Ingress> ingress) {
  public LoadBalancer {
    ingress = List.copyOf(ingress);
  }

  /** One entry; either may be empty, both may be given. */
  public record Ingress(String ip, String hostname) {}

  public static LoadBalancer pending() {
    return new LoadBalancer(List.of());
  }

  public static LoadBalancer ip(String address) {
    return new LoadBalancer(List.of(new Ingress(address, "")));
  }

  public static LoadBalancer of(Ingress... entries) {
    return new LoadBalancer(List.of(entries));
  }
}
