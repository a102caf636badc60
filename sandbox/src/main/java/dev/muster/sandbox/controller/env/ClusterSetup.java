package dev.muster.sandbox.controller.env;

/**
 * A cluster and what it is when the simulation begins.
 *
 * @param jwtSecret the value in its Secret; empty for a random one
 */
public record ClusterSetup(
    ClusterEndpoint endpoint,
    KubeSphereVersion version,
    Role role,
    String jwtSecret,
    LoadBalancer loadBalancer) {

  /**
   * An installed cluster with role none, a random secret and a load balancer that stays pending.
   */
  public static ClusterSetup of(ClusterEndpoint endpoint, String version) {
    return new ClusterSetup(
        endpoint, KubeSphereVersion.of(version), Role.NONE, "", LoadBalancer.pending());
  }

  public ClusterSetup withRole(Role newRole) {
    return new ClusterSetup(endpoint, version, newRole, jwtSecret, loadBalancer);
  }

  public ClusterSetup withJwtSecret(String newJwtSecret) {
    return new ClusterSetup(endpoint, version, role, newJwtSecret, loadBalancer);
  }

  public ClusterSetup withLoadBalancer(LoadBalancer newLoadBalancer) {
    return new ClusterSetup(endpoint, version, role, jwtSecret, newLoadBalancer);
  }

  public String name() {
    return endpoint.name();
  }
}
