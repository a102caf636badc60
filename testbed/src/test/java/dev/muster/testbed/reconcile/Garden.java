package dev.muster.testbed.reconcile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.env.Manifest;
import dev.muster.sandbox.server.ApiServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Clusters without controllers, a file, muster, and everybody else who has a hand in them. */
final class Garden implements AutoCloseable {
  static final List<String> CLUSTERS = List.of("c1", "c2");
  static final Path FOLDER = Path.of("src/test/resources/reconcile/garden");
  private static final String SETTINGS =
      "# keep this\nother: 1\nlast: {a: b}  # keep that\nlist:\n- x\n";

  private static final List<String> ALL = List.of("host", "c1", "c2");

  private static final List<Kind> KINDS = List.of(Kind.CONFIG_MAP, Kind.SECRET, Kind.DEPLOYMENT);

  private final Workplace workplace;
  private final GardenFile file = new GardenFile();
  private final GardenModel model = new GardenModel();

  private Garden(Ground ground) {
    workplace = new Workplace(ground, "garden", ALL);
    try {
      workplace.write("plan.yaml", Files.readString(FOLDER.resolve("plan.yaml")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List.of("a", "b").forEach(each -> workplace.write("sesame-" + each, sesame(each)));
    ALL.forEach(this::clear);
    ObjectNode ledger = configMap("ledger");
    Json.at(ledger, "data").put("settings.yaml", SETTINGS).put("foreign", "theirs");
    workplace.kubectl("host").create(Kind.CONFIG_MAP, ledger);
    for (String cluster : CLUSTERS) {
      ObjectNode bed = configMap("bed");
      Json.at(bed, "data").put("foreign", "theirs");
      workplace.kubectl(cluster).create(Kind.CONFIG_MAP, bed);
    }
  }

  /** Real clusters live longer than a garden. */
  private void clear(String cluster) {
    ApiClient api = workplace.kubectl(cluster);
    api.createIfAbsent(
        Kind.NAMESPACE,
        Manifest.yaml("{apiVersion: v1, kind: Namespace, metadata: {name: garden}}"));
    for (Kind kind : KINDS) {
      api.items(kind, "garden").forEach(object -> api.delete(kind, "garden", Json.name(object)));
    }
    api.items(Kind.CONFIG_MAP, "kube-system").stream()
        .map(Json::name)
        .filter(name -> name.startsWith("muster-"))
        .forEach(name -> api.delete(Kind.CONFIG_MAP, "kube-system", name));
  }

  private static ObjectNode configMap(String name) {
    return Manifest.yaml(
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + ", namespace: garden}}");
  }

  static String sesame(String which) {
    return "open-" + which + "-sesame-0123456789";
  }

  /**
   * Plays a case to its end: after its events one apply has to be enough, as there is no controller
   * that anything would have to be waited for.
   *
   * @throws Broken when the property does not hold
   */
  static void play(List<String> events) {
    try (ApiServer server = ApiServer.builder().start()) {
      ALL.forEach(cluster -> server.addCluster(cluster, UUID.randomUUID().toString()));
      play(new Ground.Simulated(server), events);
    }
  }

  /** The same on clusters that are there; what an earlier garden has left is cleared away. */
  static void play(Ground ground, List<String> events) {
    try (Garden garden = new Garden(ground)) {
      try {
        for (String event : events) {
          garden.workplace.note("> " + event);
          garden.happens(event);
        }
        garden.settles();
      } catch (Broken e) {
        throw new Broken(e.how(), e.getMessage() + "\n" + garden.workplace.log());
      } catch (RuntimeException e) {
        throw new Broken("the case itself fails: " + e, garden.workplace.log());
      }
    }
  }

  private void happens(String event) {
    List<String> words = Case.words(event);
    switch (words.get(0)) {
      case "file" -> file.edit(words, model);
      case "other" -> other(words.get(1), words.get(2), words.get(3));
      case "apply" -> apply(event);
      default -> throw new IllegalArgumentException(event);
    }
  }

  // --- others

  private void other(String cluster, String object, String what) {
    String name = object.equals("badge") ? "badge-" + file.nameOf(cluster) : object;
    String at = object.equals("badge") ? "host" : cluster;
    Kind kind = kind(object);
    ApiClient api = workplace.kubectl(at);
    Optional<ObjectNode> live = api.find(kind, "garden", name);
    if (what.equals("delete")) {
      api.delete(kind, "garden", name);
    } else if (what.equals("make")) {
      if (live.isEmpty() && kind.equals(Kind.CONFIG_MAP)) {
        ObjectNode made = configMap(name);
        Json.at(made, "data").put("foreign", "theirs");
        api.create(kind, made);
      }
    } else if (live.isPresent()) {
      ObjectNode changed = live.get();
      change(changed, what);
      api.update(kind, changed);
    }
  }

  private static Kind kind(String object) {
    return switch (object) {
      case "pump" -> Kind.DEPLOYMENT;
      case "gate" -> Kind.SECRET;
      default -> Kind.CONFIG_MAP;
    };
  }

  private static void change(ObjectNode object, String what) {
    boolean removes = what.endsWith("-");
    String path = what.replaceAll("(-|=.*)$", "");
    String value = what.substring(what.indexOf('=') + 1);
    if (path.startsWith("settings:")) {
      ObjectNode data = Json.at(object, "data");
      String key = path.substring(9);
      String text =
          data.path("settings.yaml").asText().replaceAll("(?m)^" + key + ":.*\n(  .*\n)*", "");
      data.put("settings.yaml", removes ? text : text + key + ": " + value + "\n");
    } else if (path.startsWith("pump:")) {
      ObjectNode container = (ObjectNode) object.at("/spec/template/spec/containers/0");
      switch (path) {
        case "pump:image" -> container.put("image", value);
        case "pump:command" -> container.putArray("command").add("/bin/true");
        case "pump:noenv" -> container.remove("env");
        default -> {
          String variable = path.substring(9);
          for (var each : container.withArray("env")) {
            if (each.path("name").asText().equals(variable)) {
              ((ObjectNode) each).put("value", value);
              return;
            }
          }
          container.withArray("env").addObject().put("name", variable).put("value", value);
        }
      }
    } else {
      String[] keys = path.split("/");
      String last = keys[keys.length - 1];
      ObjectNode parent = Json.at(object, java.util.Arrays.copyOf(keys, keys.length - 1));
      if (removes) {
        parent.remove(last);
      } else {
        parent.put(last, value);
      }
    }
  }

  // --- muster

  private void apply(String event) {
    Live before = live();
    Workplace.Run run = workplace.apply(file, event);
    if (!run.disturbed() && run.result().code() != 0) {
      throw new Broken(
          "apply without a fault exits with " + run.result().code(), run.result().said());
    }
    model.ran(file, before, live(), run.sure());
  }

  private void settles() {
    workplace.note("> the end");
    apply("apply");
    List.of(List.of("plan", "--detailed-exitcode", "--prune"), List.of("drift"))
        .forEach(
            command -> {
              Workplace.Result result = workplace.muster(file, command.toArray(String[]::new));
              if (result.code() != 0) {
                throw new Broken(command.get(0) + " exits with " + result.code(), result.said());
              }
            });
    Live before = live();
    apply("apply");
    if (!before.equals(live())) {
      throw new Broken("a second apply writes", before + "\n" + live());
    }
  }

  private Live live() {
    Map<String, ObjectNode> objects = new LinkedHashMap<>();
    for (String cluster : ALL) {
      for (Kind kind : KINDS) {
        workplace
            .kubectl(cluster)
            .items(kind, "garden")
            .forEach(object -> objects.put(cluster + " " + Json.name(object), object));
      }
    }
    return new Live(objects);
  }

  @Override
  public void close() {
    workplace.close();
  }
}
