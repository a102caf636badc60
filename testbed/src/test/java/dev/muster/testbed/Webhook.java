package dev.muster.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.muster.sandbox.controller.multicluster.ClusterAdmission;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The validating webhook that KubeSphere 3.4 puts before updates of Clusters. */
final class Webhook implements AutoCloseable {
  private static final String CONFIGURATION =
      """
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingWebhookConfiguration
      metadata: {name: cluster.kubesphere.io}
      webhooks:
      - name: %s
        admissionReviewVersions: [v1]
        sideEffects: None
        failurePolicy: Fail
        timeoutSeconds: 30
        clientConfig: {url: "https://127.0.0.1:%d/validate", caBundle: %s}
        rules:
        - {apiGroups: [cluster.kubesphere.io], apiVersions: [v1alpha1], operations: [UPDATE], resources: [clusters]}
      """;

  private final ClusterAdmission admission;
  private final HttpsServer server;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "webhook");
            thread.setDaemon(true);
            return thread;
          });

  Webhook(ClusterAdmission admission, TestFleet servers, TestCluster host) {
    this.admission = admission;
    try {
      InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      server = HttpsServer.create(any, 10);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setHttpsConfigurator(new HttpsConfigurator(servers.tls()));
    server.setExecutor(threads);
    server.createContext("/validate", this::review);
    server.start();
    String ca =
        Base64.getEncoder().encodeToString(servers.certificate().getBytes(StandardCharsets.UTF_8));
    String configuration =
        CONFIGURATION.formatted(ClusterAdmission.NAME, server.getAddress().getPort(), ca);
    String path = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
    host.api().create(path, configuration).ok();
  }

  private void review(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] asked = exchange.getRequestBody().readAllBytes();
      JsonNode request = RealFleet.json(new String(asked, StandardCharsets.UTF_8)).path("request");
      Optional<String> denial = admission.denial(request.path("oldObject"), request.path("object"));
      ObjectNode review =
          (ObjectNode)
              RealFleet.json(
                  "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\"}");
      ObjectNode response = review.putObject("response");
      response.put("uid", request.path("uid").asText()).put("allowed", denial.isEmpty());
      denial.ifPresent(why -> response.putObject("status").put("message", why).put("code", 400));
      byte[] answer = review.toString().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
