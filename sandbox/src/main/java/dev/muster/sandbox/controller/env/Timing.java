package dev.muster.sandbox.controller.env;

import java.time.Duration;

/**
 * How long things take.
 *
 * @param installerRun one run of the installer, without waiting for pods
 * @param resync the period of the cluster controller
 * @param podStart from a pod's creation to Running
 * @param rollout how long a restarted Deployment has no pod
 * @param loadBalancer until a Service of type LoadBalancer gets its address
 * @param step between two writes that in reality are 10 to 50 ms apart
 * @param retry the first pause of an agent that was refused
 * @param longestRetry its longest pause
 * @param clientTimeout until a request to a member that does not answer is given up
 * @param configReload until a program has read a changed configuration file again
 */
public record Timing(
    Duration installerRun,
    Duration resync,
    Duration podStart,
    Duration rollout,
    Duration loadBalancer,
    Duration step,
    Duration retry,
    Duration longestRetry,
    Duration clientTimeout,
    Duration configReload) {

  /** As measured on the real programs; the installer's run is a short one. */
  public static Timing realistic() {
    return new Timing(
        Duration.ofMinutes(6),
        Duration.ofSeconds(120),
        Duration.ofSeconds(4),
        Duration.ofSeconds(12),
        Duration.ofSeconds(5),
        Duration.ofMillis(15),
        Duration.ofMillis(100),
        Duration.ofMinutes(2),
        Duration.ofSeconds(10),
        Duration.ofMillis(3500));
  }

  /** For tests: everything in its order, nothing longer than two seconds. */
  public static Timing fast() {
    return new Timing(
        Duration.ofMillis(300),
        Duration.ofMillis(1500),
        Duration.ofMillis(50),
        Duration.ofMillis(150),
        Duration.ofMillis(100),
        Duration.ofMillis(10),
        Duration.ofMillis(50),
        Duration.ofMillis(500),
        Duration.ofMillis(150),
        Duration.ofMillis(100));
  }

  /**
   * The whole scale for a demonstration in which a run of the installer takes this long: the resync
   * is a third of it (in reality 120 s against some six minutes) but never below 3 s, which a
   * hundred members can bear; the rest follows.
   */
  public static Timing scaledTo(Duration installerRun) {
    double factor = (double) installerRun.toMillis() / realistic().installerRun.toMillis();
    Timing real = realistic();
    return new Timing(
        installerRun,
        atLeast(real.resync, factor, 3000),
        atLeast(real.podStart, factor, 30),
        atLeast(real.rollout, factor, 60),
        atLeast(real.loadBalancer, factor, 50),
        Duration.ofMillis(10),
        atLeast(real.retry, factor, 50),
        atLeast(real.longestRetry, factor, 500),
        atLeast(real.clientTimeout, factor, 100),
        atLeast(real.configReload, factor, 50));
  }

  public Timing withInstallerRun(Duration newInstallerRun) {
    return new Timing(
        newInstallerRun,
        resync,
        podStart,
        rollout,
        loadBalancer,
        step,
        retry,
        longestRetry,
        clientTimeout,
        configReload);
  }

  public Timing withResync(Duration newResync) {
    return new Timing(
        installerRun,
        newResync,
        podStart,
        rollout,
        loadBalancer,
        step,
        retry,
        longestRetry,
        clientTimeout,
        configReload);
  }

  private static Duration atLeast(Duration real, double factor, long milliseconds) {
    return Duration.ofMillis(Math.max(milliseconds, Math.round(real.toMillis() * factor)));
  }
}
