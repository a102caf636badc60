package dev.muster.testbed.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
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
 * What the objects of a garden have to be after a run, computed from the file, from what was there
 * before it and from what runs before may have taken charge of. Written from README and plan.yaml;
 * it calls nothing of the engine.
 */
final class GardenModel implements TopologyFile.Known {
  /** What becomes of an object. */
  private enum Fate {
    THERE,
    GONE,
    AS_IT_WAS
  }

  private static final JsonNode NOTHING = MissingNode.getInstance();

  private final Map<Field, Worlds> worlds = new HashMap<>();
  private final Map<String, String> fenceMade = new HashMap<>();
  private final Joining joining = new Joining();

  /** What a run is to be measured with. */
  private record Expected(
      Map<String, Fate> fates, Map<Field, JsonNode> declared, Set<String> perhaps) {
    /** Whether a run that ended well surely came here. */
    boolean sure(String key) {
      return !perhaps.contains(key.replaceAll(" .*", ""));
    }
  }

  @Override
  public Optional<String> nameOf(String cluster) {
    return joining.nameOf(cluster);
  }

  @Override
  public boolean untouched(String cluster) {
    return joining.untouched(cluster);
  }

  /**
   * Holds a run against what it had to do.
   *
   * @param well whether it ended well; otherwise each object may also be as it was
   * @throws Broken when there is a difference
   */
  void ran(GardenFile file, Live before, Live after, boolean well) {
    Expected expected = expected(file, before);
    List<String> wrong = new ArrayList<>();
    Set<String> keys = new LinkedHashSet<>(expected.fates().keySet());
    keys.addAll(before.keys());
    keys.addAll(after.keys());
    for (String key : keys) {
      Fate fate = expected.fates().getOrDefault(key, strange(key));
      checkExistence(key, fate, before, after, well && expected.sure(key), wrong);
      checkRest(key, expected, before, after, wrong);
    }
    expected
        .declared()
        .forEach(
            (field, declared) ->
                checkField(
                    field, declared, before, after, well && expected.sure(field.cluster()), wrong));
    if (well) {
      checkTokens(file, before, after, wrong);
    }
    if (!wrong.isEmpty()) {
      throw new Broken(
          (well ? "after a run that ended well: " : "after a run that was disturbed: ")
              + wrong.get(0).replaceAll(":.*", ""),
          String.join("\n", wrong));
    }
    remember(file, expected, before, after, well);
  }

  private static Fate strange(String key) {
    return key.startsWith("host badge-") ? Fate.GONE : Fate.AS_IT_WAS;
  }

  private static void checkExistence(
      String key, Fate fate, Live before, Live after, boolean well, List<String> wrong) {
    boolean was = before.get(key).isPresent();
    boolean is = after.get(key).isPresent();
    boolean as = well ? fate == Fate.AS_IT_WAS && is == was : is == was;
    if (!as && is != (fate == Fate.THERE)) {
      wrong.add(
          key + (is ? " is there" : " is gone") + ": it was " + (was ? "there" : "not there"));
    }
  }

  private void checkField(
      Field field, JsonNode declared, Live before, Live after, boolean well, List<String> wrong) {
    String key = field.cluster() + " " + field.object();
    if (after.get(key).isEmpty()) {
      return;
    }
    JsonNode was = field.in(before.get(key));
    JsonNode is = field.in(after.get(key));
    boolean made = before.get(key).isEmpty();
    Set<JsonNode> allowed =
        new LinkedHashSet<>(made ? Set.of(declared) : worlds(field).allowed(declared, was));
    if (!well && !made) {
      allowed.add(was);
    }
    if (!allowed.contains(is)) {
      wrong.add(field + " is wrong: " + is + ", allowed " + allowed + ", it was " + was);
    }
  }

  /** Fields that nobody declares are nobody's business, and an object is not made anew. */
  private static void checkRest(
      String key, Expected expected, Live before, Live after, List<String> wrong) {
    if (after.get(key).isEmpty()) {
      return;
    }
    JsonNode is = rest(key, expected, after);
    JsonNode was = before.get(key).isPresent() ? rest(key, expected, before) : NOTHING;
    if (was.isMissingNode()) {
      if (!is.path("data").isMissingNode() || is.path("metadata").has("labels")) {
        wrong.add(key + " was made with more than is declared: " + is);
      }
    } else if (!is.equals(was)) {
      wrong.add(key + " has another rest: " + is + "\n    it was " + was);
    }
    String text = after.get(key).orElseThrow().at("/data/settings.yaml").asText();
    if (before.get(key).isPresent()
        && before.get(key).get().at("/data/settings.yaml").asText().contains("# keep")
        && !text.contains("# keep")) {
      wrong.add(key + " has lost a comment: " + text);
    }
  }

  private static JsonNode rest(String key, Expected expected, Live live) {
    ObjectNode copy = live.get(key).orElseThrow().deepCopy();
    ObjectNode metadata = (ObjectNode) copy.path("metadata");
    metadata.remove(List.of("resourceVersion", "generation", "managedFields"));
    copy.remove("status");
    for (Field field : expected.declared().keySet()) {
      if (key.equals(field.cluster() + " " + field.object())) {
        field.without(copy);
      }
    }
    if (key.startsWith("host badge-")) {
      ((ObjectNode) copy.path("data")).remove("token");
    }
    if (key.endsWith(" pump")) {
      ((ObjectNode) copy.at("/spec/template/spec/containers/0")).remove("command");
    }
    return Live.pruned(copy);
  }

  /** A made-up value stays as long as its object, and what follows from it follows. */
  private static void checkTokens(GardenFile file, Live before, Live after, List<String> wrong) {
    file.members()
        .forEach(
            (cluster, entry) -> {
              if (entry.absent()) {
                return;
              }
              String badge = "host badge-" + entry.name();
              String token = token(after, badge);
              if (!token.matches("[0-9a-f]{32}") && !token.equals("forged")) {
                wrong.add(badge + " has no token: " + token);
              }
              if (before.get(badge).isPresent()
                  && !token(before, badge).isEmpty()
                  && !token.equals(token(before, badge))) {
                wrong.add(badge + " has another token: " + token);
              }
              String command =
                  after
                      .get(cluster + " pump")
                      .map(pump -> pump.at("/spec/template/spec/containers/0/command").toString())
                      .orElse("");
              if (!command.equals("[\"/pump\",\"--token=" + token + "\"]")) {
                wrong.add(cluster + " pump has another command: " + command);
              }
            });
  }

  private static String token(Live live, String badge) {
    return live.get(badge).map(object -> object.at("/data/token").asText()).orElse("");
  }

  private Worlds worlds(Field field) {
    return worlds.computeIfAbsent(field, f -> new Worlds());
  }

  // --- what is declared

  private Expected expected(GardenFile file, Live before) {
    Map<String, Fate> fates = new LinkedHashMap<>();
    Map<Field, JsonNode> declared = new LinkedHashMap<>();
    Set<String> perhaps = new LinkedHashSet<>();
    declared.put(new Field("host", "ledger", "/data/motto", true), text(file.host().get("motto")));
    declared.put(new Field("host", "ledger", "/data/depth", false), text("deep"));
    declared.put(new Field("host", "ledger", "settings:size", true), text(file.host().get("size")));
    ObjectNode beds = JsonNodeFactory.instance.objectNode().put("tidy", "very");
    declared.put(new Field("host", "ledger", "settings:beds", false), beds);
    for (String cluster : Garden.CLUSTERS) {
      Optional<TopologyFile.Entry> entry = file.member(cluster);
      if (entry.isPresent() && !entry.get().absent()) {
        present(cluster, entry.get(), before, fates, declared);
      } else if (entry.isPresent() || !untouched(cluster)) {
        leaving(cluster, fates, declared);
        // Without an entry it is asked only when the inventory knows it.
        if (entry.isEmpty() && joining.perhaps(cluster)) {
          perhaps.add(cluster);
        }
      }
    }
    return new Expected(fates, declared, perhaps);
  }

  private void present(
      String cluster,
      TopologyFile.Entry entry,
      Live before,
      Map<String, Fate> fates,
      Map<Field, JsonNode> declared) {
    Map<String, String> keys = entry.keys();
    String badge = "badge-" + entry.name();
    entry.former().ifPresent(former -> fates.put("host badge-" + former, Fate.GONE));
    fates.put("host " + badge, Fate.THERE);
    declared.put(new Field("host", badge, "/data/of", false), text(entry.name()));
    for (String label : GardenFile.LABELS) {
      declared.put(
          new Field("host", badge, "/metadata/labels/" + label, true),
          text(entry.labels().get(label)));
    }
    declared.put(new Field(cluster, "bed", "/data/colour", true), text(keys.get("colour")));
    declared.put(new Field(cluster, "bed", "/data/gardener", false), text(entry.name()));
    fates.put(cluster + " weed", Fate.GONE);
    fates.put(cluster + " pump", Fate.THERE);
    declared.put(
        new Field(cluster, "pump", "/spec/template/spec/containers/0/image", false),
        text(keys.getOrDefault("image", "pump:1")));
    declared.put(new Field(cluster, "pump", "env:WATER", false), text(keys.get("water")));
    fates.put(cluster + " gate", Fate.THERE);
    declared.put(
        new Field(cluster, "gate", "/data/sesame", false),
        text(keys.containsKey("sesame") ? base64(Garden.sesame(keys.get("sesame"))) : null));
    declared.put(new Field(cluster, "gate", "/data/lock", false), text("eWFsZQ=="));
    boolean fenced = keys.containsKey("paling");
    declared.put(new Field(cluster, "fence", "/data/kind", false), text(keys.get("paling")));
    declared.put(new Field(cluster, "fence", "/data/height", false), text(fenced ? "2" : null));
    String uid = before.uid(cluster + " fence");
    boolean ours = !uid.isEmpty() && uid.equals(fenceMade.get(cluster));
    fates.put(cluster + " fence", fenced ? Fate.THERE : ours ? Fate.GONE : Fate.AS_IT_WAS);
  }

  private static void leaving(
      String cluster, Map<String, Fate> fates, Map<Field, JsonNode> declared) {
    for (String object : List.of("pump", "gate", "fence")) {
      fates.put(cluster + " " + object, Fate.GONE);
    }
    // Of an object that is written when a member leaves, the plan says what becomes of it.
    declared.put(new Field(cluster, "bed", "/data/gardener", false), text("nobody"));
  }

  private static JsonNode text(@org.jspecify.annotations.Nullable String value) {
    return value == null ? NOTHING : JsonNodeFactory.instance.textNode(value);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  // --- what is known afterwards

  private void remember(GardenFile file, Expected expected, Live before, Live after, boolean well) {
    expected
        .declared()
        .forEach(
            (field, declared) -> {
              String key = field.cluster() + " " + field.object();
              JsonNode was = field.in(before.get(key));
              if (before.get(key).isEmpty() && after.get(key).isPresent()) {
                worlds(field).made(declared);
              } else if (well && expected.sure(field.cluster())) {
                worlds(field).ran(declared, was, field.in(after.get(key)), field.restored());
              } else {
                worlds(field).mayHaveRun(declared, was, field.restored());
              }
            });
    for (String cluster : Garden.CLUSTERS) {
      String fence = cluster + " fence";
      if (before.get(fence).isEmpty() && after.get(fence).isPresent()) {
        fenceMade.put(cluster, after.uid(fence));
      }
      boolean out = file.member(cluster).map(TopologyFile.Entry::absent).orElse(true);
      if (out && !untouched(cluster)) {
        worlds.forEach(
            (field, of) -> {
              if (field.cluster().equals(cluster)) {
                if (well) {
                  of.forgotten();
                } else {
                  of.mayBeForgotten();
                }
              }
            });
      }
    }
    joining.ran(file, Garden.CLUSTERS, well);
  }
}
