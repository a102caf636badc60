package dev.muster.kube;

import static dev.muster.kube.ScriptedServer.json;
import static dev.muster.kube.ScriptedServer.status;
import static dev.muster.kube.ScriptedServer.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.live.Cluster;
import dev.muster.live.Failure;
import dev.muster.live.Failure.Kind;
import dev.muster.live.Permit;
import dev.muster.live.Written;
import dev.muster.resource.ObjectRef;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Writes that may be sent only with permission. */
@Timeout(60)
class PermitTest {
  private static final ObjectRef APP = ObjectRef.of("apps/v1", "Deployment", "shop", "web");
  private static final String OBJECT =
      "{'apiVersion':'apps/v1','kind':'Deployment','metadata':"
          + "{'name':'web','namespace':'shop','uid':'u-1','resourceVersion':'7'}}";

  private final ScriptedServer server = new ScriptedServer();
  private final Clusters clusters;
  private final Cluster cluster;

  PermitTest(@TempDir Path folder) {
    clusters = new Clusters(folder);
    cluster = clusters.at(server.url());
  }

  @AfterEach
  void close() {
    clusters.close();
    server.close();
  }

  private static JsonNode tree(String text) {
    return Reply.parse(text.replace('\'', '"'));
  }

  private static Failure failure(Written written) {
    assertThat(written).isInstanceOf(Written.Failed.class);
    return ((Written.Failed) written).failure();
  }

  /** Permission that is given for so many tries. */
  private static Permit permitFor(int tries, boolean stands) {
    AtomicInteger left = new AtomicInteger(tries);
    return new Permit() {
      @Override
      public Optional<Failure> refusal() {
        return left.getAndDecrement() > 0
            ? Optional.empty()
            : Optional.of(new Failure(Kind.NO_ACCESS, "the lock is lost"));
      }

      @Override
      public boolean stands() {
        return stands;
      }
    };
  }

  @Test
  void asksForPermissionBeforeEachTryOfAWriteAndNotForReads() {
    server.say(
        with("Retry-After", "0", status(429, "TooManyRequests", "later")), json(200, OBJECT));
    Cluster permitted = cluster.under(permitFor(1, true));

    assertThat(failure(permitted.create(APP, tree(OBJECT))))
        .isEqualTo(new Failure(Kind.NO_ACCESS, "the lock is lost"));
    assertThat(server.seen).hasSize(1);
    assertThat(permitted.read(APP).found()).isPresent();

    assertThat(failure(permitted.patch(APP, tree("[]"))).message()).isEqualTo("the lock is lost");
    assertThat(failure(permitted.replace(APP, tree(OBJECT))).message())
        .isEqualTo("the lock is lost");
    assertThat(failure(permitted.delete(APP, "u-1")).message()).isEqualTo("the lock is lost");
    assertThat(server.seen).hasSize(2);
  }

  @Test
  void doesNotSendAWriteWhosePermissionDoesNotStandAnyMoreWhenItsTurnComes() {
    Cluster permitted = cluster.under(permitFor(99, false));

    assertThat(failure(permitted.patch(APP, tree("[]"))).message()).contains("was not sent");
    assertThat(server.seen).isEmpty();
  }
}
