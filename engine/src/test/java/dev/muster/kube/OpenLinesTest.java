package dev.muster.kube;

import static dev.muster.kube.ScriptedServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.resource.ObjectRef;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OpenLinesTest {
  private static final Call READ = Call.get(ObjectRef.of("v1", "Node", "", "n").path());

  private final ScriptedServer server = new ScriptedServer();
  private final OpenLines open = new OpenLines(2);
  private final List<String> opened = new ArrayList<>();

  @AfterEach
  void close() {
    server.close();
  }

  private Line line(String name) {
    Config config = Config.empty();
    config.setMasterUrl(server.url());
    config.setRequestRetryBackoffLimit(0);
    return new Line(
        () -> {
          opened.add(name);
          return new Connection(
              new JdkHttpClientFactory().newBuilder(config).build(),
              Optional.empty(),
              new Login(
                  config,
                  server.url(),
                  () -> "",
                  Optional.empty(),
                  List.of(),
                  "",
                  Optional.empty()),
              new Timeouts(5, 20),
              new dev.muster.resource.Redactor());
        },
        open,
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
}
