package dev.muster.kube;

import static dev.muster.kube.ScriptedServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.resource.ObjectRef;
import dev.muster.resource.Redactor;
import dev.muster.wire.Doors;
import dev.muster.wire.Endpoint;
import dev.muster.wire.Lanes;
import dev.muster.wire.Trust;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OpenLinesTest {
  private static final Call READ = Call.get(ObjectRef.of("v1", "Node", "", "n").path());

  private static final Lanes.Limits LIMITS =
      new Lanes.Limits(TimeUnit.SECONDS.toNanos(5), TimeUnit.SECONDS.toNanos(20), 1 << 20);

  private final ScriptedServer server = new ScriptedServer();
  private OpenLines open = new OpenLines(2);
  private OpenLines heavy = OpenLines.heavy();
  private final List<String> opened = new ArrayList<>();
  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);

  @AfterEach
  void close() {
    server.close();
    timer.shutdownNow();
  }

  private Endpoint endpoint() {
    return new Endpoint("127.0.0.1", URI.create(server.url()).getPort(), Optional.empty(), "");
  }

  private Line line(String name) {
    Login login =
        new Login(
            "test",
            server.url(),
            new Trust("", false, "", ""),
            () -> "",
            Optional.empty(),
            List.of(),
            "",
            Optional.empty());
    return new Line(
        () -> {
          opened.add(name);
          return new Connection(
              login,
              Optional.of(new Lanes(endpoint(), new Doors(), timer, LIMITS)),
              () -> Streams.open(login, Optional.empty(), new Timeouts(5, 20), Runnable::run),
              new Redactor());
        },
        open,
        heavy,
        Clusters.PATIENT);
  }

  @Test
  void closesTheOneThatWasLongestUnused() {
    server.follow(seen -> json(200, "{}"));
    Line a = line("a");
    Line b = line("b");
    Line c = line("c");

    List.of(a, b, a, c, a, b).forEach(line -> assertThat(line.send(READ)).isNotNull());

    assertThat(opened).containsExactly("a", "b", "c", "b");
    List.of(a, b, c).forEach(Line::close);
  }

  @Test
  void keepsLinesThatAreInUse() {
    LinkedBlockingQueue<String> never = new LinkedBlockingQueue<>();
    server.follow(seen -> seen.target().contains("watch") ? server.stream(never) : json(200, "{}"));
    Line a = line("a");
    Connection.Sent watch =
        a.start(
            connection -> connection.stream(READ.with("watch", "true"), 50, () -> {}, text -> {}));

    List.of(line("b"), line("c"), a, line("d"), a)
        .forEach(line -> assertThat(line.send(READ)).isInstanceOf(Reply.Answer.class));

    assertThat(opened).containsExactly("a", "b", "c", "d");
    assertThat(watch.reply()).isNotDone();
    watch.cancel().run();
    a.close();
  }

  @Test
  void clientsForWatchesAreFewerThanLines() {
    LinkedBlockingQueue<String> never = new LinkedBlockingQueue<>();
    server.follow(seen -> seen.target().contains("watch") ? server.stream(never) : json(200, "{}"));
    open = OpenLines.light();
    heavy = new OpenLines(1);
    Line a = line("a");
    Line b = line("b");
    List<Line> light = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      light.add(line("light"));
      assertThat(light.get(i).send(READ)).isInstanceOf(Reply.Answer.class);
    }

    for (Line line : List.of(a, b, a, b)) {
      Connection.Sent list = line.start(connection -> connection.send(READ));
      assertThat(list.reply().join()).isInstanceOf(Reply.Answer.class);
    }
    light.forEach(line -> assertThat(line.send(READ)).isInstanceOf(Reply.Answer.class));

    assertThat(opened).filteredOn("light"::equals).hasSize(100);
    assertThat(opened)
        .filteredOn(name -> !name.equals("light"))
        .containsExactly("a", "b", "a", "b");
    a.close();
    b.close();
    light.forEach(Line::close);
  }
}
