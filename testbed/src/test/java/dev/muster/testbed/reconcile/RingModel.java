package dev.muster.testbed.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.client.Trust;
import dev.muster.sandbox.command.Sandbox;
import dev.muster.sandbox.controller.env.Manifest;
import dev.muster.sandbox.controller.install.Definitions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a KubeSphere fleet has to be, from README and what is known of the system: it calls nothing
 * of the engine and reads no plan. The fields on Cluster objects, which people set too, are
 * followed from run to run; all else is looked at in the end.
 */
final class RingModel implements TopologyFile.Known {
  private static final JsonNode NOTHING = MissingNode.getInstance();
  private static final String KS = "cluster.kubesphere.io/";
  private static final List<String> CONNECTED = List.of("Federated", "Ready");

  private final String version;
  private final Joining joining = new Joining();

  /** By cluster and path: they outlive the object when muster itself makes it anew. */
  private final Map<Field, Worlds> worlds = new HashMap<>();

  /** What a run of muster took out to make it anew, and what it had then. */
  private final Map<String, ObjectNode> takenOut = new HashMap<>();

  RingModel(String version) {
    this.version = version;
  }

  @Override
  public Optional<String> nameOf(String cluster) {
    return joining.nameOf(cluster);
  }

  @Override
  public boolean untouched(String cluster) {
    return joining.untouched(cluster);
  }

  /** A run has ended: holds the Cluster objects against what it had to make of them. */
  void ran(TopologyFile file, Live before, Live after, boolean well) {
    List<String> wrong = new ArrayList<>();
    for (String cluster : Ring.CLUSTERS) {
      Optional<TopologyFile.Entry> entry = file.member(cluster).filter(e -> !e.absent());
      Optional<ObjectNode> was = registered(cluster, file, before);
      Optional<ObjectNode> is = registered(cluster, file, after);
      if (well && entry.isPresent() && is.isEmpty()) {
        wrong.add(cluster + " is not registered");
      } else if (entry.isPresent()) {
        present(cluster, entry.get(), was, is, well, wrong);
      } else {
        worlds.keySet().removeIf(field -> field.cluster().equals(cluster) && well);
        if (well || was.isEmpty()) {
          takenOut.remove(cluster);
        }
      }
    }
    joining.ran(file, Ring.CLUSTERS, well);
    if (!wrong.isEmpty()) {
      String first = wrong.get(0).replaceAll(":.*", "");
      throw new Broken("after a run that ended well: " + first, String.join("\n", wrong));
    }
  }

  /** The Cluster of a cluster, by whatever name it may have. */
  private static Optional<ObjectNode> registered(String cluster, TopologyFile file, Live live) {
    Optional<ObjectNode> own = live.get("host " + file.nameOf(cluster));
    return own.or(() -> live.get("host " + cluster)).or(() -> live.get("host n" + cluster));
  }

  private void present(
      String cluster,
      TopologyFile.Entry entry,
      Optional<ObjectNode> was,
      Optional<ObjectNode> is,
      boolean well,
      List<String> wrong) {
    // What muster took out and makes anew goes along; what somebody else deleted is gone.
    Optional<ObjectNode> base = was.or(() -> Optional.ofNullable(takenOut.get(cluster)));
    declared(entry)
        .forEach(
            (path, declared) -> {
              Field field = new Field(cluster, "cluster", path, true);
              Worlds known = worlds.computeIfAbsent(field, f -> new Worlds());
              JsonNode then = field.in(base);
              if (well) {
                Set<JsonNode> allowed =
                    base.isPresent() ? known.allowed(declared, then) : Set.of(declared);
                JsonNode now = field.in(is);
                if (!allowed.contains(now)) {
                  wrong.add(
                      field + " is wrong: " + now + ", allowed " + allowed + ", it was " + then);
                }
              }
              follow(known, declared, base, was, is, field, well);
            });
    if (is.isPresent()) {
      takenOut.remove(cluster);
    } else if (base.isPresent()) {
      takenOut.put(cluster, base.get());
    }
  }

  private static void follow(
      Worlds known,
      JsonNode declared,
      Optional<ObjectNode> base,
      Optional<ObjectNode> was,
      Optional<ObjectNode> is,
      Field field,
      boolean well) {
    boolean anew =
        is.isPresent()
            && !is.get()
                .at("/metadata/uid")
                .equals(was.map(o -> o.at("/metadata/uid")).orElse(NOTHING));
    if (anew && base.isEmpty()) {
      known.made(declared);
    } else if (well) {
      known.ran(declared, field.in(base), field.in(is), true);
      if (anew) {
        known.mayHaveBeenMade(declared);
      }
    } else {
      known.mayHaveRun(declared, field.in(base), true);
      known.mayHaveBeenMade(declared);
    }
  }

  private static Map<String, JsonNode> declared(TopologyFile.Entry entry) {
    Map<String, JsonNode> declared = new LinkedHashMap<>();
    Map<String, String> keys = entry.keys();
    for (String label : RingFile.LABELS) {
      declared.put("/metadata/labels/" + label, text(entry.labels().get(label)));
    }
    for (String key : List.of("region", "group", "visibility")) {
      declared.put("/metadata/labels/" + (KS + key).replace("/", "~1"), text(keys.get(key)));
    }
    declared.put("/metadata/annotations/kubesphere.io~1description", text(keys.get("description")));
    declared.put("/spec/provider", text(keys.get("provider")));
    // Nobody's but the others'.
    declared.put("/metadata/labels/theirs", NOTHING);
    declared.put("/metadata/annotations/theirs", NOTHING);
    return declared;
  }

  private static JsonNode text(@org.jspecify.annotations.Nullable String value) {
    return value == null ? NOTHING : JsonNodeFactory.instance.textNode(value);
  }

  // --- in the end

  /**
   * Holds all clusters against the file.
   *
   * @throws Broken when they differ
   */
  void check(RingFile file, Sandbox sandbox, Path folder) {
    List<String> wrong = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    for (String cluster : Ring.CLUSTERS) {
      Optional<TopologyFile.Entry> entry = file.member(cluster);
      if (entry.filter(e -> !e.absent()).isPresent()) {
        names.add(entry.get().name());
        member(cluster, entry.get(), file, sandbox, folder, wrong);
      } else if (entry.isPresent() && !entry.get().lost()) {
        released(cluster, sandbox, wrong);
      }
    }
    for (ObjectNode each : api(sandbox, "host").items(Definitions.CLUSTER, null)) {
      if (!Json.name(each).equals("host") && !names.contains(Json.name(each))) {
        wrong.add("Cluster " + Json.name(each) + " is there");
      }
    }
    host(file, sandbox, wrong);
    if (!wrong.isEmpty()) {
      throw new Broken(
          "in the end: " + wrong.get(0).replaceAll(":.*", ""), String.join("\n", wrong));
    }
  }

  private static ApiClient api(Sandbox sandbox, String cluster) {
    return ApiClient.of(
        sandbox.server().baseUrl(cluster), sandbox.server().controllerToken(), Trust.jdk());
  }

  private static void same(String what, Object is, Object expected, List<String> wrong) {
    if (!is.equals(expected)) {
      wrong.add(what + " is wrong: " + is + ", expected " + expected);
    }
  }

  private void host(RingFile file, Sandbox sandbox, List<String> wrong) {
    JsonNode configuration =
        api(sandbox, "host").get(Definitions.CLUSTER_CONFIGURATION, Ring.SYSTEM, "ks-installer");
    JsonNode multicluster = configuration.at("/spec/multicluster");
    same("host's clusterRole", multicluster.path("clusterRole").asText(), "host", wrong);
    JsonNode settings = Ring.settings(sandbox, "host").path("multicluster");
    same("host's settings enable", settings.path("enable").asBoolean(), true, wrong);
    if (file.host().containsKey("address")) {
      String address = multicluster.path("proxyPublishAddress").asText();
      same("host's address", address, RingFile.EXPLICIT, wrong);
      address = settings.path("proxyPublishAddress").asText();
      same("host's address in force", address, RingFile.EXPLICIT, wrong);
    }
  }

  private void member(
      String cluster,
      TopologyFile.Entry entry,
      RingFile file,
      Sandbox sandbox,
      Path folder,
      List<String> wrong) {
    JsonNode configuration =
        api(sandbox, cluster).get(Definitions.CLUSTER_CONFIGURATION, Ring.SYSTEM, "ks-installer");
    String secret = Ring.settings(sandbox, "host").at("/authentication/jwtSecret").asText();
    JsonNode settings = Ring.settings(sandbox, cluster);
    same(
        cluster + "'s role",
        configuration.at("/spec/multicluster/clusterRole").asText(),
        "member",
        wrong);
    same(
        cluster + "'s jwtSecret",
        configuration.at("/spec/authentication/jwtSecret").asText(),
        secret,
        wrong);
    same(
        cluster + "'s jwtSecret in force",
        settings.at("/authentication/jwtSecret").asText(),
        secret,
        wrong);
    if (version.compareTo("3.3") >= 0) {
      same(
          cluster + "'s role in force",
          settings.at("/multicluster/clusterRole").asText(),
          "member",
          wrong);
    }
    JsonNode registered = api(sandbox, "host").get(Definitions.CLUSTER, null, entry.name());
    JsonNode spec = registered.path("spec");
    boolean direct = RingFile.direct(entry);
    same(cluster + "'s enable", spec.path("enable").asBoolean(), true, wrong);
    same(cluster + "'s joinFederation", spec.path("joinFederation").asBoolean(), true, wrong);
    String type = spec.at("/connection/type").asText();
    same(cluster + "'s connection", type, direct ? "direct" : "proxy", wrong);
    for (String condition : CONNECTED) {
      same(cluster + "'s condition " + condition, holds(registered, condition), true, wrong);
    }
    Optional<ObjectNode> agent =
        api(sandbox, cluster).find(Kind.DEPLOYMENT, Ring.SYSTEM, "cluster-agent");
    if (direct) {
      same(cluster + "'s agent is there", agent.isPresent(), false, wrong);
      String which = entry.keys().get("direct");
      String kubeconfig = spec.at("/connection/kubeconfig").asText();
      String text = new String(Base64.getDecoder().decode(kubeconfig), StandardCharsets.UTF_8);
      JsonNode expected = Manifest.yaml(read(folder.resolve(cluster + "-" + which + ".yaml")));
      same(
          cluster + "'s kubeconfig is as named", Manifest.yaml(text).equals(expected), true, wrong);
    } else {
      same(cluster + "'s AgentAvailable", holds(registered, "AgentAvailable"), true, wrong);
      if (agent.isEmpty()) {
        wrong.add(cluster + " has no agent");
        return;
      }
      agent(cluster, entry, file, registered, agent.get(), sandbox, wrong);
    }
  }

  private static void agent(
      String cluster,
      TopologyFile.Entry entry,
      RingFile file,
      JsonNode registered,
      ObjectNode agent,
      Sandbox sandbox,
      List<String> wrong) {
    JsonNode container = agent.at("/spec/template/spec/containers/0");
    String address =
        file.host().containsKey("address") ? RingFile.EXPLICIT : "http://" + Ring.ADDRESS + ":8080";
    List<String> command = new ArrayList<>();
    container.path("command").forEach(word -> command.add(word.asText()));
    same(
        cluster + "'s agent's command",
        command,
        List.of(
            "/agent",
            "--name=" + entry.name(),
            "--token=" + registered.at("/spec/connection/token").asText(),
            "--proxy-server=" + address,
            "--keepalive=10s",
            "--kubesphere-service=ks-apiserver.kubesphere-system.svc:80",
            "--kubernetes-service=kubernetes.default.svc:443",
            "--v=0"),
        wrong);
    String image = Ring.settings(sandbox, "host").at("/multicluster/agentImage").asText();
    same(
        cluster + "'s agent's image",
        container.path("image").asText(),
        entry.keys().getOrDefault("image", image),
        wrong);
  }

  private static void released(String cluster, Sandbox sandbox, List<String> wrong) {
    JsonNode configuration =
        api(sandbox, cluster).get(Definitions.CLUSTER_CONFIGURATION, Ring.SYSTEM, "ks-installer");
    same(
        cluster + "'s role after its removal",
        configuration.at("/spec/multicluster/clusterRole").asText(),
        "none",
        wrong);
    same(
        cluster + "'s agent is there after its removal",
        api(sandbox, cluster).find(Kind.DEPLOYMENT, Ring.SYSTEM, "cluster-agent").isPresent(),
        false,
        wrong);
  }

  private static boolean holds(JsonNode registered, String type) {
    for (JsonNode condition : registered.at("/status/conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition.path("status").asText().equals("True");
      }
    }
    return false;
  }

  private static String read(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
