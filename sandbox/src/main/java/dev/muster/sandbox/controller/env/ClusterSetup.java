package dev.muster.sandbox.controller.env;

/**
 * A cluster and what it is when the simulation begins.
 *
 * @param jwtSecret the value in its Secret; empty for a random one
 * @param outdated whether its ClusterConfiguration has the form of an earlier release, so that the
 *     next run of the installer deletes it and creates it anew
 */
public record ClusterSetup(
    ClusterEndpoint endpoint,
    KubeSphereVersion version,
    Role role,
    String jwtSecret,
    LoadBalancer loadBalancer,
    boolean outdated) {

  /**
   * An installed cluster with role none, a random secret and a load balancer that stays pending.
   */
  public static ClusterSetup of(ClusterEndpoint endpoint, String version) {
    return new ClusterSetup(
        endpoint, KubeSphereVersion.of(version), Role.NONE, "", LoadBalancer.pending(), false);
  }

  public ClusterSetup withRole(Role newRole) {
    return new ClusterSetup(endpoint, version, newRole, jwtSecret, loadBalancer, outdated);
  }

  public ClusterSetup withJwtSecret(String newJwtSecret) {
    return new ClusterSetup(endpoint, version, role, newJwtSecret, loadBalancer, outdated);
  }

  public ClusterSetup withLoadBalancer(LoadBalancer newLoadBalancer) {
    return new ClusterSetup(endpoint, version, role, jwtSecret, newLoadBalancer, outdated);
  }

  public ClusterSetup withOutdatedConfiguration() {
    return new ClusterSetup(endpoint, version, role, jwtSecret, loadBalancer, true);
  }

  public String name() {
    return endpoint.name();
  }
}
