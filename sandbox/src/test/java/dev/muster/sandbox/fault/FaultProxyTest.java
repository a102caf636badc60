package dev.muster.sandbox.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.client.Trust;
import dev.muster.sandbox.server.ApiServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class FaultProxyTest {
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String MAP = MAPS + "/a";

  private final ApiServer server = ApiServer.builder().start();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<String> moments = new ArrayList<>();
  private FaultProxy proxy;

  FaultProxyTest() {
    server.addCluster("host", "uid-of-host");
    proxy = FaultProxy.before(Map.of("host", new Upstream(server.baseUrl("host"), Trust.jdk())));
  }

  @BeforeEach
  void create() throws Exception {
    assertThat(direct("POST", MAPS, "{\"metadata\":{\"name\":\"a\"},\"data\":{\"k\":\"1\"}}"))
        .isEqualTo(201);
  }

  @AfterEach
  void close() {
    proxy.close();
    server.close();
  }

  @Test
  void passesEverythingOnAndKnowsWhatCameBy() throws Exception {
    assertThat(get(MAP).body()).contains("\"k\":\"1\"");
    assertThat(send("PATCH", MAP, "{\"data\":{\"k\":\"2\"}}").statusCode()).isEqualTo(200);
    assertThat(get(MAPS + "?limit=5").body()).contains("\"k\":\"2\"");
    assertThat(get(MAP + "x").statusCode()).isEqualTo(404);

    assertThat(proxy.faults().seen())
        .extracting(request -> request.number() + " " + request.point() + " " + request.query())
        .containsExactly(
            "1 host get " + MAP + " ",
            "2 host patch " + MAP + " ",
            "3 host list " + MAPS + " limit=5",
            "4 host get " + MAP + "x ");
    assertThat(proxy.faults().met()).isEmpty();
  }

  @Test
  void aLostRequestDoesNothing() throws Exception {
    rule("patch", new Fault.DropRequest());
    assertThatThrownBy(() -> send("PATCH", MAP, "{\"data\":{\"k\":\"2\"}}"))
        .isInstanceOf(IOException.class);
    assertThat(moments).containsExactly("1");
    assertThat(value()).isEqualTo("1");
  }

  @Test
  void aLostAnswerHasTakenEffect() throws Exception {
    rule("patch", new Fault.DropAnswer());
    assertThatThrownBy(() -> send("PATCH", MAP, "{\"data\":{\"k\":\"2\"}}"))
        .isInstanceOf(IOException.class);
    assertThat(moments).containsExactly("2");
    assertThat(value()).isEqualTo("2");
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 409, 410, 422, 429, 500, 503, 504})
  void aRefusalLooksLikeThatOfAnApiServerAndHasDoneNothing(int status) throws Exception {
    rule("patch", Fault.Refuse.with(status));
    HttpResponse<String> answer = send("PATCH", MAP, "{\"data\":{\"k\":\"2\"}}");
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).contains("\"kind\":\"Status\"", "\"code\":" + status);
    assertThat(answer.headers().firstValue("retry-after")).isEmpty();
    assertThat(value()).isEqualTo("1");
    assertThat(send("PATCH", MAP, "{\"data\":{\"k\":\"2\"}}").statusCode()).isEqualTo(200);
  }

  @Test
  void aRefusalMaySayWhenToComeBack() throws Exception {
    rule("get", new Fault.Refuse(429, Optional.of(Duration.ofSeconds(3))));
    HttpResponse<String> answer = get(MAP);
    assertThat(answer.headers().firstValue("retry-after")).contains("3");
    assertThat(answer.body()).contains("\"retryAfterSeconds\":3");
  }

  @Test
  void aRefusalMayRepeatTheRequestAndTheObject() throws Exception {
    rule("patch", new Fault.Echo(422));
    HttpResponse<String> answer = send("PATCH", MAP, "{\"data\":{\"k\":\"2\"}}");
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body())
        .contains("\"reason\":\"Invalid\"", "content-length=18", "\\\"k\\\":\\\"2", "k\\\":\\\"1");
    assertThat(value()).isEqualTo("1");
  }

  @Test
  void aSlowAnswerIsWholeAllTheSame() throws Exception {
    rule("get", new Fault.Delay(Duration.ofMillis(300)));
    long before = System.nanoTime();
    assertThat(get(MAP).body()).contains("\"k\":\"1\"");
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(290));
  }

  @Test
  void halfAnAnswerIsNoAnswer() {
    rule("get", new Fault.Truncate());
    assertThatThrownBy(() -> get(MAP)).isInstanceOf(IOException.class);
    rule("get", new Fault.Reset());
    assertThatThrownBy(() -> get(MAP)).isInstanceOf(IOException.class);
    assertThat(moments).hasSize(2);
  }

  @Test
  void aStaleReadShowsTheObjectAsItWasReadBefore() throws Exception {
    rule("get", new Fault.Stale());
    assertThat(get(MAP).body()).contains("\"k\":\"1\"");
    assertThat(proxy.faults().met()).as("nothing older is known").isEmpty();

    send("PATCH", MAP, "{\"data\":{\"k\":\"2\"}}");
    rule("get", new Fault.Stale());
    assertThat(get(MAP).body()).contains("\"k\":\"1\"");
    assertThat(get(MAP).body()).contains("\"k\":\"2\"");
    rule("get", new Fault.Stale());
    assertThat(get(MAP).body()).contains("\"k\":\"1\"");
    assertThat(proxy.faults().met()).hasSize(2);
  }

  @Test
  void aWatchHidesOneEventAndTellsTheNext() throws Exception {
    rule("watch", new Fault.HideEvent(2));
    try (BufferedReader watch = watch()) {
      assertThat(watch.readLine()).contains("\"k\":\"1\"");
      direct("PATCH", MAP, "{\"data\":{\"k\":\"2\"}}");
      direct("PATCH", MAP, "{\"data\":{\"k\":\"3\"}}");
      assertThat(watch.readLine()).contains("\"k\":\"3\"");
    }
  }

  @Test
  void aWatchEndsInOrderBeforeItsTime() throws Exception {
    rule("watch", new Fault.CloseWatch(1));
    try (BufferedReader watch = watch()) {
      assertThat(watch.readLine()).contains("\"k\":\"1\"");
      assertThat(watch.readLine()).isNull();
    }
    rule("watch", new Fault.CloseWatch(0));
    try (BufferedReader watch = watch()) {
      assertThat(watch.lines().filter(line -> line.contains("MODIFIED"))).isEmpty();
    }
  }

  @Test
  void theKthRequestOfAllCanBeChosen() throws Exception {
    proxy.faults().add(Rule.nth(2, Fault.Refuse.with(503)));
    assertThat(List.of(get(MAP).statusCode(), get(MAP).statusCode(), get(MAP).statusCode()))
        .containsExactly(200, 503, 200);
  }

  private void rule(String verb, Fault fault) {
    proxy
        .faults()
        .add(Rule.once(r -> r.verb().equals(verb), fault).then(r -> moments.add(value())));
  }

  /** What the server has, asked behind the proxy's back. */
  private String value() {
    return ApiClient.of(server.baseUrl("host"), server.controllerToken(), Trust.jdk())
        .get(Kind.CONFIG_MAP, "default", "a")
        .at("/data/k")
        .asText();
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send("GET", path, "");
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    return http.send(request(proxy.url("host"), method, path, body), BodyHandlers.ofString());
  }

  private int direct(String method, String path, String body) throws Exception {
    return http.send(request(server.baseUrl("host"), method, path, body), BodyHandlers.discarding())
        .statusCode();
  }

  private BufferedReader watch() throws Exception {
    HttpResponse<InputStream> answer =
        http.send(
            request(proxy.url("host"), "GET", MAPS + "?watch=true", ""),
            BodyHandlers.ofInputStream());
    return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
  }

  private static HttpRequest request(URI base, String method, String path, String body) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .header(
            "Content-Type",
            method.equals("PATCH") ? "application/merge-patch+json" : "application/json")
        .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
        .build();
  }
}
