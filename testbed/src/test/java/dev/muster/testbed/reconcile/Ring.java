package dev.muster.testbed.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.client.Trust;
import dev.muster.sandbox.command.Sandbox;
import dev.muster.sandbox.controller.env.LoadBalancer;
import dev.muster.sandbox.controller.env.Manifest;
import dev.muster.sandbox.controller.env.Timing;
import dev.muster.sandbox.controller.install.Definitions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A host and members of KubeSphere 3.x with their controllers, and everybody who edits them. */
final class Ring implements AutoCloseable {
  static final List<String> CLUSTERS = List.of("m1", "m2");
  static final Path FOLDER = Path.of("src/test/resources/reconcile/kubesphere");
  static final String ADDRESS = "203.0.113.9";
  static final String SYSTEM = "kubesphere-system";

  /**
   * How many undisturbed applies may be needed after the last event. One is enough but for: a run
   * of an installer that another writer's edit started and that changes what was planned (the run
   * stops there, and the next one goes on); and a port that Tower gave twice (refused once, then
   * registered anew).
   */
  private static final int APPLIES = 3;

  /** Everything in its order, as short as a loaded machine bears. */
  private static final Timing SCALE =
      new Timing(
          Duration.ofMillis(60),
          Duration.ofMillis(600),
          Duration.ofMillis(20),
          Duration.ofMillis(50),
          Duration.ofMillis(20),
          Duration.ofMillis(5),
          Duration.ofMillis(20),
          Duration.ofMillis(150),
          Duration.ofMillis(100),
          Duration.ofMillis(30));

  private static final List<String> ALL = List.of("host", "m1", "m2");

  private final Sandbox sandbox;
  private final Workplace workplace;
  private final RingFile file;
  private final RingModel model;

  private Ring(String version) {
    file = new RingFile();
    model = new RingModel(version);
    sandbox =
        Sandbox.start(
            Sandbox.Settings.of(CLUSTERS.size(), version, SCALE)
                .withLoadBalancer(LoadBalancer.ip(ADDRESS)));
    workplace = new Workplace(new Ground.Simulated(sandbox.server()), "ring", ALL);
    try {
      // What is stable for two seconds in reality is so for a fifth of it on this scale.
      workplace.write(
          "plan.yaml",
          Files.readString(Path.of("../plans/kubesphere.yaml")).replace("for: 2s", "for: 400ms"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (String cluster : CLUSTERS) {
      for (String which : List.of("a", "b")) {
        Instant end = Instant.now().plus(Duration.ofDays(which.equals("a") ? 300 : 200));
        workplace.write(cluster + "-" + which + ".yaml", sandbox.kubeconfigForHost(cluster, end));
      }
    }
  }

  /**
   * Plays a case to its end.
   *
   * @throws Broken when the property does not hold
   */
  static void play(List<String> events) {
    String version =
        events.stream()
            .filter(event -> event.startsWith("version "))
            .map(event -> event.substring(8))
            .findFirst()
            .orElse("3.3");
    try (Ring ring = new Ring(version)) {
      try {
        for (String event : events) {
          ring.workplace.note("> " + event);
          ring.happens(event);
        }
        ring.settles();
      } catch (Broken e) {
        throw new Broken(e.how(), e.getMessage() + "\n" + ring.workplace.log());
      } catch (RuntimeException e) {
        java.io.StringWriter trace = new java.io.StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        throw new Broken("the case itself fails: " + e, trace + "\n" + ring.workplace.log());
      }
    }
  }

  private void happens(String event) {
    List<String> words = Case.words(event);
    switch (words.get(0)) {
      case "version" -> {}
      case "file" -> file.edit(words, model);
      case "other" -> {
        quiet();
        other(words.get(1), words.get(2), words.get(3));
      }
      case "agent" -> {
        if (words.get(2).equals("stops")) {
          sandbox.fleet().stopAgent(words.get(1));
        } else {
          sandbox.fleet().startAgent(words.get(1));
        }
      }
      case "rotate" -> rotate();
      case "apply" -> apply(event);
      default -> throw new IllegalArgumentException(event);
    }
  }

  // --- others

  private void other(String cluster, String object, String what) {
    boolean registration = object.equals("cluster");
    String at = registration ? "host" : cluster;
    String name = registration ? file.nameOf(cluster) : nameOf(object);
    Kind kind =
        switch (object) {
          case "cluster" -> Definitions.CLUSTER;
          case "cc" -> Definitions.CLUSTER_CONFIGURATION;
          case "agent" -> Kind.DEPLOYMENT;
          default -> Kind.CONFIG_MAP;
        };
    String namespace = registration ? null : SYSTEM;
    ApiClient api = workplace.kubectl(at);
    Optional<ObjectNode> live = api.find(kind, namespace, name);
    if (live.isEmpty() || Json.isBeingDeleted(live.get())) {
      return;
    }
    if (what.equals("delete")) {
      api.delete(kind, namespace, name);
      return;
    }
    api.edit(kind, namespace, name, tree -> change(tree, what));
  }

  private static String nameOf(String object) {
    return switch (object) {
      case "cc" -> "ks-installer";
      case "agent" -> "cluster-agent";
      default -> "kubesphere-config";
    };
  }

  private static void change(ObjectNode object, String what) {
    boolean removes = what.endsWith("-");
    String path = what.replaceAll("(-|=.*)$", "");
    String value = what.substring(what.indexOf('=') + 1);
    if (path.equals("address")) {
      // As the page of 3.0 advises.
      ObjectNode data = Json.at(object, "data");
      data.put(
          "kubesphere.yaml",
          data.path("kubesphere.yaml")
              .asText()
              .replaceAll("(?m)^( +)proxyPublishAddress: .*$", "$1proxyPublishAddress: " + value));
      return;
    }
    if (path.equals("image") || path.equals("command")) {
      ObjectNode container = (ObjectNode) object.at("/spec/template/spec/containers/0");
      if (path.equals("image")) {
        container.put("image", value);
      } else {
        container.putArray("command").add("/agent").add("--name=nobody");
      }
      return;
    }
    String[] keys = path.split("/");
    String last = keys[keys.length - 1].replace("~", "/");
    ObjectNode parent = Json.at(object, java.util.Arrays.copyOf(keys, keys.length - 1));
    if (removes) {
      parent.remove(last);
    } else {
      parent.put(last, value);
    }
  }

  // --- muster

  private Workplace.Result apply(String event) {
    // A controller's own copy of what somebody has just edited may still be on its way.
    quiet();
    Live before = live();
    Workplace.Run run = workplace.apply(file, event);
    if (run.disturbed()) {
      quiet();
    }
    model.ran(file, before, live(), run.sure());
    return run.result();
  }

  private void rotate() {
    quiet();
    Live before = live();
    Workplace.Result result = workplace.muster(file, "rotate", "jwt", "--yes");
    model.ran(file, before, live(), result.code() == 0);
  }

  private void settles() {
    workplace.note("> the end");
    CLUSTERS.forEach(cluster -> sandbox.fleet().startAgent(cluster));
    Workplace.Result result = apply("apply");
    for (int applies = 1; applies < APPLIES && result.code() != 0; applies++) {
      result = apply("apply");
    }
    if (result.code() != 0) {
      throw new Broken(APPLIES + " applies end with " + result.code(), result.said());
    }
    quiet();
    for (String command : List.of("plan --detailed-exitcode", "drift")) {
      Workplace.Result looked = workplace.muster(file, command.split(" "));
      if (looked.code() != 0) {
        throw new Broken(command + " exits with " + looked.code(), looked.said());
      }
    }
    model.check(file, sandbox, workplace.folder());
  }

  /** The objects that the model follows from run to run. */
  private Live live() {
    Map<String, ObjectNode> objects = new LinkedHashMap<>();
    workplace
        .kubectl("host")
        .items(Definitions.CLUSTER, null)
        .forEach(cluster -> objects.put("host " + Json.name(cluster), cluster));
    for (String cluster : ALL) {
      find(cluster, Kind.DEPLOYMENT, "cluster-agent", objects);
      find(cluster, Definitions.CLUSTER_CONFIGURATION, "ks-installer", objects);
    }
    return new Live(objects);
  }

  private void find(String cluster, Kind kind, String name, Map<String, ObjectNode> objects) {
    workplace
        .kubectl(cluster)
        .find(kind, SYSTEM, name)
        .ifPresent(object -> objects.put(cluster + " " + name, object));
  }

  /** Until nobody has changed anything but statuses for a while. */
  private void quiet() {
    String last = "";
    int same = 0;
    for (int i = 0; i < 200 && same < 3; i++) {
      String now = settledText();
      same = now.equals(last) ? same + 1 : 0;
      last = now;
      pause(40);
    }
  }

  private String settledText() {
    StringBuilder text = new StringBuilder();
    live()
        .objects()
        .forEach(
            (key, object) -> {
              ObjectNode copy = object.deepCopy();
              ((ObjectNode) copy.path("metadata"))
                  .remove(List.of("resourceVersion", "managedFields", "generation"));
              if (!key.endsWith("ks-installer")) {
                copy.remove("status");
              }
              text.append(key).append(copy);
            });
    for (String cluster : ALL) {
      workplace
          .kubectl(cluster)
          .find(Kind.CONFIG_MAP, SYSTEM, "kubesphere-config")
          .ifPresent(config -> text.append(config.at("/data/kubesphere.yaml").asText()));
      text.append(sandbox.fleet().finishedRuns(cluster));
    }
    return text.toString();
  }

  static JsonNode settings(Sandbox sandbox, String cluster) {
    return Manifest.yaml(
        ApiClient.of(
                sandbox.server().baseUrl(cluster), sandbox.server().controllerToken(), Trust.jdk())
            .get(Kind.CONFIG_MAP, SYSTEM, "kubesphere-config")
            .at("/data/kubesphere.yaml")
            .asText());
  }

  private static void pause(int milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    workplace.close();
    sandbox.close();
  }
}
