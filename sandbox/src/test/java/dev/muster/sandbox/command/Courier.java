package dev.muster.sandbox.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.controller.env.Manifest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Somebody who carries bundles to member m2 of a fleet and receipts home. His machine knows no
 * other cluster, and the machine at home does not know m2.
 */
final class Courier {
  static final String KEY = "canary-seal-0123456789abcdef";
  static final String ACCESS = "access: {courier: {sealWith: {file: m2.key}, receipt: m2.receipt}}";

  private final Fleet fleet;
  final Path bundle;
  final Path receipt;

  Courier(Fleet fleet) {
    this.fleet = fleet;
    bundle = fleet.folder.resolve("m2.bundle");
    receipt = fleet.folder.resolve("m2.bundle.receipt");
    String all = fleet.sandbox.server().kubeconfig();
    fleet.write("m2.key", KEY + "\n");
    fleet.write("kubeconfig.yaml", only(Set.of("host", "m1", "m3"), all));
    fleet.write("there.yaml", only(Set.of("m2"), all));
  }

  /** A fleet of m1 and m2, joined; m2 by what was carried. */
  static Courier joined(Fleet fleet, String host, String more) {
    Courier courier = new Courier(fleet);
    fleet.topology(host, "- name: m1\n- {name: m2, " + ACCESS + more + "}");
    fleet.apply().exits(8);
    courier.goes("m2");
    return courier;
  }

  /** There and back: afterwards nothing is left to do. */
  void goes(String member) {
    pack(member).exits(0);
    there().exits(0);
    home().exits(0);
  }

  /** There and back, with other things left to do. */
  Fleet.Result goesAsFar(String member) {
    pack(member).exits(0);
    there().exits(0);
    return home();
  }

  Fleet.Result pack(String member, String... more) {
    List<String> words =
        new ArrayList<>(List.of("plan", "--for", member, "--bundle", bundle.toString()));
    words.addAll(List.of(more));
    return fleet.muster(words.toArray(String[]::new));
  }

  Fleet.Result there(String... more) {
    List<String> words = new ArrayList<>(List.of(words()));
    words.addAll(List.of(more));
    return fleet.muster(words.toArray(String[]::new));
  }

  /** The command that is given there. */
  String[] words() {
    return new String[] {
      "apply",
      "--yes",
      bundle.toString(),
      "--seal-with",
      "file:" + fleet.folder.resolve("m2.key"),
      "--kubeconfig",
      fleet.folder.resolve("there.yaml").toString(),
      "--context",
      "m2"
    };
  }

  Fleet.Result home(String... more) {
    List<String> words = new ArrayList<>(List.of("--receipt", receipt.toString()));
    words.addAll(List.of(more));
    return fleet.apply(words.toArray(String[]::new));
  }

  /** A kubeconfig that knows nothing of the other clusters. */
  static String only(Set<String> contexts, String kubeconfig) {
    ObjectNode root = Manifest.yaml(kubeconfig);
    Set<String> used = new LinkedHashSet<>(contexts);
    for (JsonNode context : root.path("contexts")) {
      if (contexts.contains(context.path("name").asText())) {
        used.add(context.at("/context/cluster").asText());
        used.add(context.at("/context/user").asText());
      }
    }
    root.put("current-context", contexts.iterator().next());
    for (String list : List.of("contexts", "clusters", "users")) {
      for (Iterator<JsonNode> all = root.path(list).iterator(); all.hasNext(); ) {
        if (!used.contains(all.next().path("name").asText())) {
          all.remove();
        }
      }
    }
    return root.toPrettyString();
  }
}
