package dev.muster.sandbox.controller.env;

/**
 * A cluster and what it is when the simulation begins.
 *
 * @param jwtSecret the value in its Secret; empty for a random one
 * @param outdated whether its ClusterConfiguration has the form of an earlier release, so that the
 *     next run of the installer deletes it and creates it anew
 * @param openElb whether OpenELB is installed, on a host
 */
public record ClusterSetup(
    ClusterEndpoint endpoint,
    KubeSphereVersion version,
    Role role,
    String jwtSecret,
    LoadBalancer loadBalancer,
    boolean outdated,
    boolean openElb) {

  /**
   * An installed cluster with role none, a random secret and a load balancer that stays pending.
   */
  public static ClusterSetup of(ClusterEndpoint endpoint, String version) {
    return new ClusterSetup(
        endpoint,
        KubeSphereVersion.of(version),
        Role.NONE,
        "",
        LoadBalancer.pending(),
        false,
        false);
  }

  public ClusterSetup withRole(Role newRole) {
    return new ClusterSetup(endpoint, version, newRole, jwtSecret, loadBalancer, outdated, openElb);
  }

  public ClusterSetup withJwtSecret(String newJwtSecret) {
    return new ClusterSetup(endpoint, version, role, newJwtSecret, loadBalancer, outdated, openElb);
  }

  public ClusterSetup withLoadBalancer(LoadBalancer newLoadBalancer) {
    return new ClusterSetup(endpoint, version, role, jwtSecret, newLoadBalancer, outdated, openElb);
  }

  public ClusterSetup withOutdatedConfiguration() {
    return new ClusterSetup(endpoint, version, role, jwtSecret, loadBalancer, true, openElb);
  }

  public ClusterSetup withOpenElb() {
    return new ClusterSetup(endpoint, version, role, jwtSecret, loadBalancer, outdated, true);
  }

  public String name() {
    return endpoint.name();
  }
}
