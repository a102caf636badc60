package dev.muster.testbed.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.install.Definitions;
import dev.muster.sandbox.fault.Request;
import dev.muster.testbed.Wait;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * All objects of a fleet as text, so that two fleets which came the same way, by however many
 * detours, are equal. Values that are made anew each time (times, uids, generated secrets, ports)
 * are numbered in the order in which they appear: which of them are equal to each other is kept.
 */
final class EndState {
  private static final List<Kind> KINDS =
      List.of(
          Definitions.CLUSTER_CONFIGURATION,
          Definitions.CLUSTER,
          Definitions.KUBE_FED_CLUSTER,
          Kind.NAMESPACE,
          Kind.CONFIG_MAP,
          Kind.SECRET,
          Kind.SERVICE,
          Kind.DEPLOYMENT,
          new Kind("coordination.k8s.io", "v1", "Lease", "leases", true));

  /** What counts writes or tells times. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "uid",
          "resourceVersion",
          "generation",
          "observedGeneration",
          "creationTimestamp",
          "managedFields",
          "lastTransitionTime",
          "lastUpdateTime",
          "lastProbeTime",
          "message",
          "targetPort",
          "nodePort",
          "initAdminPassword",
          "kubernetesAPIServerPort",
          "kubesphereAPIServerPort",
          "deployment.kubernetes.io/revision",
          "holderIdentity",
          "leaseTransitions",
          // Who gave the lock back: nobody, when that was the moment and the next had nothing to
          // do.
          "muster.dev/last-run",
          "renewTime",
          "acquireTime");

  /** What a real API server keeps for itself. */
  private static final Set<String> OF_THE_SERVER = Set.of("extension-apiserver-authentication");

  private static final Pattern MADE_ANEW =
      Pattern.compile(
          "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
              + "|\\b[0-9a-f]{12}\\b|\\b(10\\.96|127\\.\\d+)\\.\\d+\\.\\d+(:\\d+)?"
              + "|[A-Za-z0-9_+/=-]{24,}");

  private static final Pattern OF_THE_RUN =
      Pattern.compile(
          "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|UTC)|-\\d{10}\\b|\\b\\d{8}-\\d{6}-[0-9a-f]{4}\\b");

  /** Of 50 ms and more each; the longest period of a simulated controller is 1.5 s. */
  private static final int LOOKS = 40;

  private final Map<String, String> numbers = new HashMap<>();
  private final StringBuilder text = new StringBuilder();

  private EndState() {}

  static String of(Arena arena) {
    EndState state = new EndState();
    for (String cluster : Arena.CLUSTERS) {
      for (Kind kind : KINDS) {
        state.add(cluster, kind, arena.kubectl(cluster));
      }
    }
    return state.text.toString();
  }

  /** The state in which the controllers leave it: some of them come by only now and then. */
  static String settled(Arena arena) {
    String[] seen = {of(arena)};
    AtomicInteger same = new AtomicInteger();
    Wait.until(
        "the controllers have come to rest",
        () -> {
          String now = of(arena);
          same.set(now.equals(seen[0]) ? same.get() + 1 : 0);
          seen[0] = now;
          return same.get() > LOOKS;
        });
    return seen[0];
  }

  /** The state as soon as it is the expected one, or the one after some time. */
  static String expecting(Arena arena, String expected) {
    String[] seen = {""};
    try {
      Wait.until(
          Duration.ofSeconds(15),
          "the expected state",
          () -> {
            seen[0] = of(arena);
            return seen[0].equals(expected);
          });
    } catch (IllegalStateException late) {
      return seen[0];
    }
    return seen[0];
  }

  /** What a person does about an object that should be gone: as far as the point names one. */
  static void takeAway(Arena arena, Request.Point point, String expected) {
    String[] parts = point.path().split("/");
    String name = parts[parts.length - 1];
    for (Kind kind : KINDS) {
      if (!kind.plural().equals(parts[parts.length - 2])) {
        continue;
      }
      String namespace = kind.namespaced() ? parts[parts.length - 3] : null;
      String header =
          "--- %s %s %s/%s%n"
              .formatted(point.cluster(), kind.kind(), namespace == null ? "" : namespace, name);
      if (!expected.contains(header)) {
        arena.kubectl(point.cluster()).delete(kind, namespace, name);
      }
    }
  }

  private void add(String cluster, Kind kind, ApiClient api) {
    if (kind.group().contains("kubesphere") || kind.group().contains("kubefed")) {
      if (!Definitions.isServed(api, kind)) {
        return;
      }
    }
    Map<String, ObjectNode> sorted = new TreeMap<>();
    for (ObjectNode object : api.items(kind, null)) {
      JsonNode metadata = object.path("metadata");
      if (OF_THE_SERVER.contains(metadata.path("name").asText())) {
        continue;
      }
      sorted.put(
          metadata.path("namespace").asText() + "/" + metadata.path("name").asText(), object);
    }
    sorted.forEach(
        (name, object) -> {
          text.append("--- ").append(cluster).append(' ').append(kind.kind()).append(' ');
          text.append(name).append('\n');
          flatten("", object);
        });
  }

  private void flatten(String path, JsonNode node) {
    if (node.isObject()) {
      List<String> names = new ArrayList<>();
      node.fieldNames().forEachRemaining(names::add);
      names.stream()
          .filter(name -> !LEFT_OUT.contains(name))
          .sorted()
          .forEach(name -> flatten(path + "/" + name, node.get(name)));
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        flatten(path + "/" + i, node.get(i));
      }
    } else {
      value(path, node.asText());
    }
  }

  private void value(String path, String value) {
    String shown = value;
    if (path.startsWith("/data/") || path.contains("kubeconfig")) {
      shown = decoded(value);
    }
    Matcher found = MADE_ANEW.matcher(OF_THE_RUN.matcher(shown).replaceAll("<when>"));
    String same =
        found.replaceAll(
            match ->
                "<" + numbers.computeIfAbsent(match.group(), v -> "" + (numbers.size() + 1)) + ">");
    text.append(path).append(": ").append(same.strip().replace("\n", "\n    ")).append('\n');
  }

  private static String decoded(String value) {
    try {
      return new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return value;
    }
  }
}
