package dev.muster.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
final class StandInsIT {
  private static final String PODS = "/api/v1/namespaces/default/pods";

  @SuppressWarnings("NullAway.Init")
  private static TestFleet fleet;

  @SuppressWarnings("NullAway.Init")
  private static TestCluster cluster;

  @BeforeAll
  static void start() {
    fleet = TestFleet.start("host");
    cluster = fleet.cluster("host");
  }

  @AfterAll
  static void end() {
    fleet.close();
  }

  @Test
  void showsLogsSinceATimeAndTheTailOfThem() {
    cluster.runPod("default", "installer", "installer", "10.244.0.4");
    PodLogs logs = cluster.kubelet().logs();
    Instant start = Instant.parse("2026-03-01T10:00:00.5Z");
    for (int second = 0; second < 4; second++) {
      logs.append("default", "installer", "installer", start.plusSeconds(second), "line " + second);
    }

    assertThat(log("installer", "")).isEqualTo("line 0\nline 1\nline 2\nline 3\n");
    assertThat(log("installer", "?sinceTime=2026-03-01T10:00:02Z")).isEqualTo("line 2\nline 3\n");
    assertThat(log("installer", "?tailLines=1&timestamps=true"))
        .isEqualTo("2026-03-01T10:00:03.500Z line 3\n");
    assertThat(cluster.api().get(PODS + "/nobody/log").status()).isEqualTo(404);
  }

  @Test
  void takesOverANodeOfSomebodyElse() {
    Api api = cluster.api();
    api.create("/api/v1/nodes", "{\"metadata\":{\"name\":\"theirs\"}}").ok();
    cluster.addNode("theirs");
    String object =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: on-theirs}
        spec: {nodeName: theirs, containers: [{name: one, image: none}]}
        """;
    api.create(PODS, object).ok();
    cluster.kubelet().logs().append("default", "on-theirs", "one", "hello");
    assertThat(log("on-theirs", "")).isEqualTo("hello\n");
  }

  @Test
  void followsALogToTheEndOfItsContainer() throws IOException {
    cluster.runPod("default", "talker", "talker", "10.244.0.6");
    PodLogs logs = cluster.kubelet().logs();
    logs.append("default", "talker", "talker", "first");
    try (BufferedReader lines = cluster.api().stream(PODS + "/talker/log?follow=true")) {
      assertThat(lines.readLine()).isEqualTo("first");
      logs.append("default", "talker", "talker", "second");
      assertThat(lines.readLine()).isEqualTo("second");
      logs.end("default", "talker", "talker");
      assertThat(lines.readLine()).isNull();
    }
  }

  @Test
  void reachesALoopbackServerThroughTheFakeIpOfAPod() throws IOException {
    HttpsServer tunnel = HttpsServer.create(anyPort(), 10);
    tunnel.setHttpsConfigurator(new HttpsConfigurator(fleet.tls()));
    HttpServer plain = HttpServer.create(anyPort(), 10);
    for (HttpServer server : new HttpServer[] {tunnel, plain}) {
      server.createContext(
          "/",
          exchange -> {
            String said = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            byte[] body = said.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
          });
      server.start();
    }
    try {
      cluster.runPod("default", "tower", "tower", "10.244.0.5");
      service("mc-idc", "tower", "10.244.0.5");
      String proxy = "/api/v1/namespaces/default/services/";
      Api api = cluster.api();
      assertThat(api.get(proxy + "https:mc-idc:6443/proxy/version").status()).isEqualTo(503);

      cluster.network().route("10.244.0.5:6100", tunnel.getAddress().getPort());
      cluster.network().route("10.244.0.5:16100", plain.getAddress().getPort());
      assertThat(api.get(proxy + "https:mc-idc:6443/proxy/api/v1/nodes?limit=1").ok().text())
          .isEqualTo("GET /api/v1/nodes?limit=1");
      for (int time = 0; time < 2; time++) {
        assertThat(api.get(proxy + "http:mc-idc:80/proxy/kapis/version").ok().text())
            .isEqualTo("GET /kapis/version");
      }

      cluster.network().unroute("10.244.0.5:6100");
      assertThat(api.get(proxy + "https:mc-idc:6443/proxy/version").status()).isEqualTo(503);
    } finally {
      tunnel.stop(0);
      plain.stop(0);
    }
  }

  private static void service(String name, String pod, String podIp) {
    String services = "/api/v1/namespaces/default/services";
    String service =
        """
        metadata: {name: %s}
        spec:
          ports:
          - {name: kubernetes, port: 6443, targetPort: 6100}
          - {name: kubesphere, port: 80, targetPort: 16100}
        """;
    cluster
        .api()
        .create(services, "apiVersion: v1\nkind: Service\n" + service.formatted(name))
        .ok();
    String endpoints =
        """
        apiVersion: v1
        kind: Endpoints
        metadata: {name: %s}
        subsets:
        - addresses:
          - {ip: %s, targetRef: {kind: Pod, namespace: default, name: %s}}
          ports:
          - {name: kubernetes, port: 6100}
          - {name: kubesphere, port: 16100}
        """;
    String path = "/api/v1/namespaces/default/endpoints";
    cluster.api().create(path, endpoints.formatted(name, podIp, pod)).ok();
  }

  private static String log(String pod, String query) {
    return cluster.api().get(PODS + "/" + pod + "/log" + query).ok().text();
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }
}
