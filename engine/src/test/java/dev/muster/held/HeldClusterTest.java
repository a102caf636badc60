package dev.muster.held;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.live.Cluster;
import dev.muster.live.Failure;
import dev.muster.live.Follower;
import dev.muster.live.Issuance;
import dev.muster.live.Listing;
import dev.muster.live.LiveObject;
import dev.muster.live.LogQuery;
import dev.muster.live.Logs;
import dev.muster.live.Reading;
import dev.muster.live.ServicePort;
import dev.muster.live.TokenRequest;
import dev.muster.live.Watching;
import dev.muster.live.Written;
import dev.muster.resource.ObjectRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class HeldClusterTest {
  private static final ObjectRef WHO = ObjectRef.of("v1", "Namespace", "", "kube-system");
  private static final ObjectRef MAP = ObjectRef.of("v1", "ConfigMap", "shop", "settings");
  private static final Failure SILENT = new Failure(Failure.Kind.TIMEOUT, "no answer in time");

  private final Source source = new Source();
  private final List<String> told = new ArrayList<>();
  private final HeldCluster held =
      new HeldCluster(
          source,
          WHO,
          new Attention() {
            @Override
            public void changed(String cluster, ObjectRef ref) {
              told.add("changed " + ref);
            }

            @Override
            public void lost(String cluster, Failure why) {
              told.add("lost: " + why.message());
            }

            @Override
            public void back(String cluster) {
              told.add("back");
            }
          });

  private static Reading object(ObjectRef ref, String uid, String version) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.putObject("metadata")
        .put("name", ref.name())
        .put("uid", uid)
        .put("resourceVersion", version);
    return new Reading.Found(new LiveObject(ref, tree));
  }

  /** Gives what a test says, and counts. */
  private static final class Source implements Cluster {
    final Map<ObjectRef, Consumer<Reading>> watches = new HashMap<>();
    final Map<ObjectRef, Reading> objects = new HashMap<>();
    final List<String> asked = new ArrayList<>();
    int open;

    void tell(ObjectRef ref, Reading reading) {
      Objects.requireNonNull(watches.get(ref)).accept(reading);
    }

    @Override
    public String name() {
      return "m1";
    }

    @Override
    public Reading read(ObjectRef ref) {
      asked.add("get " + ref);
      return objects.getOrDefault(ref, new Reading.Absent());
    }

    @Override
    public Reading readThrough(ServicePort service, ObjectRef ref) {
      asked.add("through " + ref);
      return new Reading.Absent();
    }

    @Override
    public Watching watch(ObjectRef ref, Consumer<Reading> onChange) {
      asked.add("watch " + ref);
      open++;
      watches.put(ref, onChange);
      if (objects.containsKey(ref)) {
        onChange.accept(objects.get(ref));
      }
      return () -> open--;
    }

    @Override
    public Watching watchAll(ObjectRef kind, String labelSelector, Follower follower) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Listing list(ObjectRef kind, String labelSelector) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Written create(ObjectRef ref, JsonNode manifest) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Issuance issue(TokenRequest request) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Written patch(ObjectRef ref, JsonNode patch) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Written replace(ObjectRef ref, JsonNode manifest) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Written delete(ObjectRef ref, String uid) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Logs logs(LogQuery query, Instant since) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Instant> clock() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }

  private String version() {
    return held.read(MAP).found().orElseThrow().resourceVersion();
  }

  @Test
  void asksOnceAndThenAnswersWhatTheWatchToldLast() {
    source.objects.put(WHO, object(WHO, "u", "1"));
    source.objects.put(MAP, object(MAP, "a", "5"));
    assertThat(held.read(WHO)).isEqualTo(held.read(WHO));
    assertThat(version()).isEqualTo("5");
    source.tell(MAP, object(MAP, "a", "6"));
    source.tell(MAP, object(MAP, "a", "6"));
    assertThat(version()).isEqualTo("6");
    source.tell(MAP, new Reading.Absent());
    assertThat(held.read(MAP)).isEqualTo(new Reading.Absent());

    assertThat(source.asked).containsExactly("get " + WHO, "watch " + MAP);
    assertThat(told).containsExactly("changed " + MAP, "changed " + MAP);
  }

  @Test
  void keepsWhatItHoldsWhileTheClusterIsAwayAndAsksWhoItIsWhenItIsBack() {
    source.objects.put(WHO, object(WHO, "u", "1"));
    source.objects.put(MAP, object(MAP, "a", "5"));
    held.read(WHO);
    held.read(MAP);
    source.objects.remove(WHO);
    source.tell(MAP, new Reading.Failed(SILENT));
    source.tell(MAP, new Reading.Failed(SILENT));
    assertThat(told).containsExactly("lost: no answer in time");
    assertThat(held.read(WHO)).isEqualTo(new Reading.Failed(SILENT));
    assertThat(version()).isEqualTo("5");

    source.tell(WHO, object(WHO, "another", "1"));
    assertThat(held.read(WHO).failed().orElseThrow().message())
        .contains("another cluster now", "another, it was u");
    source.tell(WHO, object(WHO, "another", "2"));
    assertThat(told).hasSize(2).last().asString().startsWith("lost: behind its access");

    source.tell(WHO, object(WHO, "u", "9"));
    assertThat(told).hasSize(3).endsWith("back");
    assertThat(held.read(WHO).found()).isPresent();
    held.close();
    assertThat(source.open).isZero();
  }

  @Test
  void aRefusalIsAboutTheObjectAndNotTheCluster() {
    Failure refused = new Failure(Failure.Kind.FORBIDDEN, "no");
    source.objects.put(MAP, new Reading.Failed(refused));
    assertThat(held.read(MAP)).isEqualTo(new Reading.Failed(refused));
    source.tell(MAP, object(MAP, "a", "5"));
    assertThat(version()).isEqualTo("5");
    assertThat(told).containsExactly("changed " + MAP);
  }

  @Test
  void remembersWhatCannotBeWatchedUntilItIsToForgetIt() {
    ServicePort port = new ServicePort("shop", "https", "api", "443");
    held.readThrough(port, MAP);
    held.readThrough(port, MAP);
    assertThat(source.asked).containsExactly("through " + MAP);
    held.forget();
    held.readThrough(port, MAP);
    assertThat(source.asked).hasSize(2);
  }
}
