package dev.muster.sandbox.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.credential.AccountToken;
import dev.muster.sandbox.server.TestClient.Answer;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** TokenRequest, as a real API server answers it. */
class AccountTokensTest {
  private static final String ACCOUNTS = "/api/v1/namespaces/default/serviceaccounts";

  private final ApiServer server = ApiServer.builder().start();
  private final TestClient client = client(server);

  @AfterEach
  void close() {
    server.close();
  }

  private static TestClient client(ApiServer server) {
    server.addCluster("host", "uid-of-host");
    return new TestClient(server.baseUrl("host"), server.token("host"));
  }

  private Answer request(String query, String spec) {
    return client.create(ACCOUNTS + "/robot/token" + query, "{'spec':" + spec + "}");
  }

  @Test
  void issuesATokenOfTheAccountThatTheServerTakes() {
    String uid = client.create(ACCOUNTS, "{'metadata':{'name':'robot'}}").at("/metadata/uid");
    Answer answer = request("", "{'expirationSeconds':7200,'audiences':['a']}");

    assertThat(answer.code()).isEqualTo(201);
    String text = answer.at("/status/token");
    AccountToken token = AccountToken.read(text).orElseThrow();
    assertThat(token.subject()).isEqualTo("system:serviceaccount:default:robot");
    assertThat(token.uid()).isEqualTo(uid);
    assertThat(Duration.between(token.issued().orElseThrow(), token.expires().orElseThrow()))
        .isEqualTo(Duration.ofHours(2));
    assertThat(Instant.parse(answer.at("/status/expirationTimestamp")))
        .isAfter(Instant.now().plus(Duration.ofMinutes(100)));
    TestClient robot = new TestClient(server.baseUrl("host"), text);
    assertThat(robot.get("/api/v1/namespaces").code()).isNotEqualTo(401);
  }

  @Test
  void refusesWhatTheRealOneRefuses() {
    assertThat(request("", "{}").code()).isEqualTo(404);
    client.create(ACCOUNTS, "{'metadata':{'name':'robot'}}");
    Answer brief = request("", "{'expirationSeconds':599}");
    assertThat(brief.code()).isEqualTo(400);
    assertThat(brief.at("/message")).contains("may not specify a duration less than 10 minutes");
    assertThat(client.get(ACCOUNTS + "/robot/token").code()).isEqualTo(405);
  }

  @Test
  void takesNobodyWithTheTokenOfADryRun() {
    client.create(ACCOUNTS, "{'metadata':{'name':'robot'}}");
    Answer answer = request("?dryRun=All", "{}");
    assertThat(answer.code()).isEqualTo(201);
    TestClient robot = new TestClient(server.baseUrl("host"), answer.at("/status/token"));
    assertThat(robot.get("/api/v1/namespaces").code()).isEqualTo(401);
  }
}
