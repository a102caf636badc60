package dev.muster.sandbox.command;

import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.controller.SimulatedFleet;
import dev.muster.sandbox.controller.multicluster.ClusterAdmission;
import dev.muster.sandbox.server.SimulatedCluster;
import dev.muster.sandbox.server.rest.AdmissionHook;
import dev.muster.sandbox.server.rest.ServiceProxyHandler;
import java.util.Optional;

/** What the API server of a simulated host asks the programs that run in it. */
public final class HostHooks {
  private HostHooks() {}

  /**
   * Lets the server of a host ask: the webhook at each change of a Cluster, where the version has
   * one, and Tower for what is read through its Services.
   *
   * @param version KubeSphere's, such as 3.4
   */
  public static void attach(SimulatedCluster host, SimulatedFleet fleet, String version) {
    if (version.startsWith("3.4")) {
      host.webhook(ClusterAdmission.NAME, review -> review(fleet, review));
      host.seed(ClusterAdmission.configuration());
    }
    host.serviceProxy(request -> proxy(fleet, request));
  }

  private static Optional<AdmissionHook.Denial> review(
      SimulatedFleet fleet, AdmissionHook.Review review) {
    return fleet
        .admission()
        .denial(review.before().orElseThrow(), review.object().orElseThrow())
        .map(why -> new AdmissionHook.Denial(ClusterAdmission.NAME, why));
  }

  private static Optional<ServiceProxyHandler.Answer> proxy(
      SimulatedFleet fleet, ServiceProxyHandler.Request request) {
    ApiClient.Answer answer =
        fleet.services().get(request.service(), request.port(), request.path());
    return Optional.of(
        new ServiceProxyHandler.Answer(answer.status(), answer.contentType(), answer.body()));
  }
}
