package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cli.Main;
import dev.muster.sandbox.controller.env.Timing;
import dev.muster.sandbox.fault.FaultRules;
import dev.muster.sandbox.fault.Rule;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What `muster sandbox` writes and what it refuses; that it serves is tested end to end. */
@Timeout(20)
final class SandboxCommandTest {
  @Test
  void refusesAgentsOf41WithTheReason() {
    assertThat(run("sandbox", "--version", "4.1", "--connection", "proxy"))
        .contains("they are part of the closed Tower extension");
    assertThat(run("sandbox", "--version", "4.0")).contains("use one of: 3.0, 3.1, 3.2");
    assertThat(run("sandbox", "--connection", "telnet")).contains("takes proxy or direct");
  }

  @Test
  void refusesRulesForFaultsWithAllThatIsWrong() {
    assertThat(run("sandbox", "--members", "1", "--fault", "503 patsch", "--fault", "lost @m2"))
        .contains("--fault '503 patsch': 'patsch' says nothing about requests")
        .contains("--fault 'lost @m2': '@m2' is no cluster of the sandbox")
        .contains("there are: host, m1");
  }

  @Test
  void clientsMeetTheFaultsAndTheSimulatedControllersDoNot() throws Exception {
    List<String> told = Collections.synchronizedList(new ArrayList<>());
    List<Rule> rules =
        FaultRules.parse(List.of("503 get /namespaces/kube-system @m1 2.."), Set.of("m1"));
    try (Sandbox sandbox = Sandbox.start(Sandbox.Settings.of(12, "3.3", Timing.fast()));
        FaultyWay way = FaultyWay.to(sandbox, rules, told::add)) {
      assertThat(get(sandbox, way, "m1").statusCode()).isEqualTo(200);
      HttpResponse<String> second = get(sandbox, way, "m1");
      assertThat(second.statusCode()).isEqualTo(503);
      assertThat(second.body()).contains("unable to handle the request");
      assertThat(get(sandbox, way, "m12").statusCode()).isEqualTo(200);
      assertThat(told).containsExactly("fault: 503 at m1 get /api/v1/namespaces/kube-system");
    }
  }

  private static HttpResponse<String> get(Sandbox sandbox, FaultyWay way, String cluster)
      throws Exception {
    Matcher server =
        Pattern.compile("server: (\\S+/clusters/" + cluster + ")\n").matcher(way.kubeconfig());
    assertThat(server.find()).isTrue();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.group(1) + "/api/v1/namespaces/kube-system"))
            .header("Authorization", "Bearer " + sandbox.server().token(cluster))
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void namesAKubeconfigForTheHostsUseOfEachDirectMember() {
    assertThat(SandboxTopology.direct("k.yaml", "for-host").text(List.of("m1", "m2")))
        .contains("    connection: direct\n")
        .contains("  - name: m1\n    kubeconfig: {file: \"for-host/m1.yaml\"}\n  - name: m2\n")
        .doesNotContain("proxy");
  }

  @Test
  void writesATopologyOfAHostAlone() {
    assertThat(SandboxTopology.agents("k.yaml", "{address: auto}").text(List.of()))
        .endsWith("  members:\n    []\n");
  }

  private static String run(String... args) {
    StringWriter err = new StringWriter();
    StringWriter out = new StringWriter();
    int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), false, args);
    assertThat(code).isNotZero();
    return out + err.toString();
  }
}
