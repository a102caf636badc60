package dev.muster.kube;

import static dev.muster.kube.ScriptedServer.json;
import static dev.muster.kube.ScriptedServer.status;
import static dev.muster.kube.ScriptedServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.live.Failure;
import dev.muster.live.LogLine;
import dev.muster.live.LogQuery;
import dev.muster.live.Logs;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PodLogsTest {
  private static final LogQuery QUERY = new LogQuery("sys", "app in (a,b)", "");
  private static final Instant SINCE = Instant.parse("2026-05-01T10:00:00.700Z");
  private static final String PODS =
      "{'kind':'PodList','items':["
          + "{'metadata':{'name':'p1'},'spec':{'containers':[{'name':'main'},{'name':'side'}]}},"
          + "{'metadata':{'name':'p2'},'spec':{'containers':[{'name':'main'}]}}]}";

  private final ScriptedServer server = new ScriptedServer();
  private final Clusters clusters;

  PodLogsTest(@TempDir Path folder) {
    clusters = new Clusters(folder);
  }

  @AfterEach
  void close() {
    clusters.close();
    server.close();
  }

  private Logs read() {
    return clusters.at(server.url()).logs(QUERY, SINCE);
  }

  @Test
  void mergesTheLinesOfAllPodsByTime() {
    server.say(
        json(200, PODS),
        text(
            200,
            "text/plain",
            """
            2026-05-01T09:59:59.9Z too old
            2026-05-01T10:00:00.100000001Z one
            2026-05-01T10:00:03Z  three
            2026-05-01T10:00:04Z
            cut off"""),
        text(200, "text/plain", "2026-05-01T12:00:02.5+02:00 two\n"));

    assertThat(read())
        .isEqualTo(
            new Logs.Lines(
                List.of(
                    new LogLine(Instant.parse("2026-05-01T10:00:00.100000001Z"), "p1", "one"),
                    new LogLine(Instant.parse("2026-05-01T10:00:02.5Z"), "p2", "two"),
                    new LogLine(Instant.parse("2026-05-01T10:00:03Z"), "p1", " three"),
                    new LogLine(Instant.parse("2026-05-01T10:00:04Z"), "p1", ""))));
    assertThat(server.seen.get(0).target())
        .isEqualTo("/api/v1/namespaces/sys/pods?labelSelector=app%20in%20%28a%2Cb%29");
    assertThat(server.seen.get(1).target())
        .isEqualTo(
            "/api/v1/namespaces/sys/pods/p1/log?timestamps=true"
                + "&sinceTime=2026-05-01T10%3A00%3A00Z&limitBytes=8388608&container=main");
  }

  @Test
  void leavesOutPodsThatAreGoneOrNotStarted() {
    server.say(
        json(200, PODS),
        status(404, "NotFound", "pods p1 not found"),
        status(400, "BadRequest", "container main in pod p2 is waiting to start: x"),
        json(200, PODS.replaceFirst("'p1'", "'p3'")));

    assertThat(read()).isEqualTo(new Logs.Lines(List.of()));
  }

  /**
   * A server that denies the log of a pod which it lists: that it said nothing would be a guess.
   */
  @Test
  void failsWhenAPodIsThereAndItsLogIsNot() {
    server.say(
        json(200, PODS),
        status(404, "NotFound", "the log of p1 not found"),
        text(200, "text/plain", ""),
        json(200, PODS));

    assertThat(read())
        .isEqualTo(new Logs.Failed(new Failure(Failure.Kind.NOT_FOUND, "the log of p1 not found")));
  }

  @Test
  void failsWhenNoPodCouldBeAsked() {
    server.say(
        json(200, PODS), status(403, "Forbidden", "no logs for you"), text(200, "text/plain", ""));

    assertThat(read())
        .isEqualTo(new Logs.Failed(new Failure(Failure.Kind.FORBIDDEN, "no logs for you")));
  }

  @Test
  void failsWhenPodsCannotBeListed() {
    server.say(status(403, "Forbidden", "no pods for you"));

    assertThat(read()).isInstanceOf(Logs.Failed.class);
  }

  @Test
  void isEmptyWhenNoPodMatches() {
    server.say(json(200, "{'kind':'PodList','items':[]}"));

    assertThat(read()).isEqualTo(new Logs.Lines(List.of()));
  }
}
