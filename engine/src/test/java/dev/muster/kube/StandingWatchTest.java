package dev.muster.kube;

import static dev.muster.kube.ScriptedServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.live.Failure;
import dev.muster.live.Follower;
import dev.muster.live.LiveObject;
import dev.muster.live.Reading;
import dev.muster.live.Watching;
import dev.muster.resource.ObjectRef;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What holds for watches holds for those that have a connection of their own as well. */
@Timeout(60)
class StandingWatchTest extends ObjectWatchTest {
  private static final ObjectRef PODS = ObjectRef.of("v1", "Pod", "shop", "");

  private final Path own;

  StandingWatchTest(@TempDir Path folder) {
    super(folder);
    own = folder;
  }

  @Override
  boolean standing() {
    return true;
  }

  /** Writes down what it hears. */
  private static final class Notes implements Follower {
    final BlockingQueue<String> said = new LinkedBlockingQueue<>();

    @Override
    public void all(List<LiveObject> objects) {
      said.add("all " + objects.stream().map(each -> each.ref().name()).toList());
    }

    @Override
    public void changed(LiveObject object) {
      said.add(object.ref().name() + " " + object.resourceVersion());
    }

    @Override
    public void gone(ObjectRef ref) {
      said.add(ref.name() + " gone");
    }

    @Override
    public void failed(Failure failure) {
      said.add("failed " + failure.kind());
    }

    String next() throws InterruptedException {
      return String.valueOf(said.poll(20, TimeUnit.SECONDS));
    }
  }

  private static String pod(String name, String version) {
    return "{'metadata':{'name':'%s','namespace':'shop','resourceVersion':'%s'}}"
        .formatted(name, version);
  }

  private static ScriptedServer.Answer page(String rest, String... pods) {
    return json(
        200,
        "{'metadata':{'resourceVersion':'10'%s},'items':[%s]}"
            .formatted(rest, String.join(",", pods)));
  }

  @Test
  void tellsOfAllOfAKindInPagesAndThenOfEach() throws InterruptedException {
    BlockingQueue<String> events = new LinkedBlockingQueue<>();
    Notes notes = new Notes();
    try (ScriptedServer server = new ScriptedServer();
        Clusters clusters = new Clusters(own, Clusters.PATIENT, true)) {
      server.say(
          page(",'continue':'more'", pod("a", "1"), pod("b", "2")),
          page("", pod("c", "3")),
          server.stream(events));
      try (Watching watching = clusters.at(server.url()).watchAll(PODS, "app=x", notes)) {
        assertThat(notes.next()).isEqualTo("all [a, b, c]");
        events.add("{'type':'MODIFIED','object':%s}".formatted(pod("b", "11")));
        assertThat(notes.next()).isEqualTo("b 11");
        events.add("{'type':'DELETED','object':%s}".formatted(pod("a", "12")));
        assertThat(notes.next()).isEqualTo("a gone");
        assertThat(watching).isNotNull();
      }
      assertThat(server.seen)
          .extracting(ScriptedServer.Seen::target)
          .satisfiesExactly(
              first -> assertThat(first).endsWith("/pods?labelSelector=app%3Dx&limit=500"),
              second -> assertThat(second).endsWith("&limit=500&continue=more"),
              third -> assertThat(third).contains("?labelSelector=app%3Dx&watch=true"));
    }
  }

  @Test
  void tellsOfARefusalAtOnceHoweverPatientItIs() throws InterruptedException {
    BlockingQueue<Reading> readings = new LinkedBlockingQueue<>();
    try (ScriptedServer server = new ScriptedServer();
        Clusters clusters = new Clusters(own, Clusters.PATIENT, true)) {
      server.follow(seen -> ScriptedServer.status(403, "Forbidden", "no"));
      try (Watching watching = clusters.at(server.url()).watch(PODS.withName("a"), readings::add)) {
        Reading told = readings.poll(20, TimeUnit.SECONDS);
        assertThat(told).isEqualTo(new Reading.Failed(new Failure(Failure.Kind.FORBIDDEN, "no")));
        assertThat(watching).isNotNull();
      }
    }
  }
}
