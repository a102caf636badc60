package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.cli.Main;
import dev.muster.drift.Shard;
import dev.muster.sandbox.controller.install.Definitions;
import dev.muster.sandbox.server.AuditEntry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A fleet looked at in parts is the same fleet. */
@Execution(ExecutionMode.CONCURRENT)
class ShardsTest {
  /** Whatever has drifted, whichever members are away, and into however many parts. */
  @Test
  void allPartsTogetherSayWhatOneLookAtTheWholeSays() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    try (Fleet fleet = Fleet.joined(5, "3.3")) {
      nobodyAt(fleet, "nowhere.yaml");
      for (int round = 0; round < 6; round++) {
        disturb(fleet, random);
        int parts = 1 + random.nextInt(7);
        String which = "seed " + seed + ", round " + round + ", " + parts + " parts";
        Fleet.until(
            "all parts of " + which + " were seen while nothing moved",
            () -> same(fleet, parts, which));
      }
    }
  }

  /** What controllers change between two looks is no difference between them. */
  private static boolean same(Fleet fleet, int parts, String which) {
    Fleet.Result whole = fleet.muster("drift", "-o", "json");
    String text = fleet.muster("drift").out();
    List<String> files = shards(fleet, parts);
    Fleet.Result after = fleet.muster("drift", "-o", "json");
    if (!comparable(whole.json()).equals(comparable(after.json()))
        || !lines(text).equals(lines(fleet.muster("drift").out()))) {
      return false;
    }
    Fleet.Result merged = merge(files, "-o", "json");
    assertThat(comparable(merged.json())).as(which).isEqualTo(comparable(whole.json()));
    assertThat(merged.code()).as(which).isEqualTo(whole.code());
    assertThat(lines(merge(files).out())).as(which).isEqualTo(lines(text));
    return true;
  }

  /** A kubeconfig with every member's context, at a port where nobody listens. */
  private static void nobodyAt(Fleet fleet, String file) {
    StringBuilder contexts = new StringBuilder("apiVersion: v1\nkind: Config\nclusters:\n");
    contexts.append("- {name: c, cluster: {server: 'http://127.0.0.1:1'}}\ncontexts:\n");
    IntStream.rangeClosed(1, 5)
        .forEach(i -> contexts.append("- {name: m" + i + ", context: {cluster: c}}\n"));
    fleet.write(file, contexts.toString());
  }

  private static void disturb(Fleet fleet, Random random) {
    String member = "m" + (1 + random.nextInt(5));
    switch (random.nextInt(4)) {
      case 0 ->
          fleet.edit("host", Definitions.CLUSTER, "", member, "{spec: {joinFederation: false}}");
      case 1 -> fleet.configure(member, "multicluster: {clusterRole: none}");
      case 2 -> fleet.configure("host", "multicluster: {proxyPublishAddress: 'http://1.2.3.4:80'}");
      default -> fleet.topology("", members(random));
    }
  }

  /** Other labels for some, and one that nobody reaches. */
  private static String members(Random random) {
    int away = 1 + random.nextInt(5);
    return IntStream.rangeClosed(1, 5)
        .mapToObj(
            i ->
                "- {name: m"
                    + i
                    + (random.nextBoolean() ? ", region: r" + random.nextInt(9) : "")
                    + (i == away ? ", access: {kubeconfig: {file: nowhere.yaml}}" : "")
                    + "}\n")
        .collect(Collectors.joining());
  }

  private static List<String> shards(Fleet fleet, int parts) {
    List<String> files = new ArrayList<>();
    for (int i = 1; i <= parts; i++) {
      Fleet.Result part = fleet.muster("drift", "--shard", i + "/" + parts, "-o", "json");
      files.add(fleet.write(i + ".json", part.out()).toString());
    }
    java.util.Collections.shuffle(files, new Random(parts));
    return files;
  }

  static Fleet.Result merge(List<String> files, String... more) {
    List<String> words = new ArrayList<>(List.of("drift", "merge"));
    words.addAll(files);
    words.addAll(List.of(more));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Main.run(new PrintWriter(out), new PrintWriter(err), false, words.toArray(String[]::new));
    return new Fleet.Result(code, out.toString(), err.toString());
  }

  /** Without what differs between any two looks: the time, and fingerprints of new keys. */
  private static JsonNode comparable(JsonNode report) {
    ObjectNode copy = report.deepCopy();
    copy.remove("at");
    copy.path("expiring").forEach(each -> ((ObjectNode) each).remove("secondsLeft"));
    for (JsonNode field : copy.path("fields")) {
      for (String print : List.of("declaredFingerprint", "liveFingerprint")) {
        if (field.has(print)) {
          ((ObjectNode) field).put(print, "a fingerprint");
        }
      }
    }
    return copy;
  }

  private static List<String> lines(String text) {
    return text.lines().map(l -> l.replaceAll("fingerprint [0-9a-f]+", "fingerprint")).toList();
  }

  @Test
  void aMemberStaysInItsPartWhoeverComesAndGoes() {
    for (int of : new int[] {1, 2, 8, 33}) {
      for (int i = 0; i < 200; i++) {
        String name = "member-" + i;
        long parts = IntStream.rangeClosed(1, of).filter(k -> new Shard(k, of).has(name)).count();
        assertThat(parts).isEqualTo(1);
      }
    }
    // For life: reports of yesterday's program and of today's are about the same members.
    assertThat(IntStream.rangeClosed(1, 8).filter(k -> new Shard(k, 8).has("m1")).boxed())
        .containsExactly(PART_OF_M1);
  }

  private static final int PART_OF_M1 = 2;

  @Test
  void aPartAsksNothingOfOtherMembers() {
    try (Fleet fleet = Fleet.joined(4, "3.3")) {
      fleet.requests();
      for (int part = 1; part <= 3; part++) {
        Shard shard = new Shard(part, 3);
        fleet.muster("drift", "--shard", shard.toString()).exits(0);
        Set<String> asked =
            fleet.requests().stream().map(AuditEntry::cluster).collect(Collectors.toSet());
        Set<String> expected = new TreeSet<>(Set.of("host"));
        IntStream.rangeClosed(1, 4)
            .mapToObj(i -> "m" + i)
            .filter(shard::has)
            .forEach(expected::add);
        assertThat(asked).isEqualTo(expected);
      }
      Map<String, Long> all = count(() -> fleet.muster("drift").exits(0), fleet);
      int part = 1;
      while (!new Shard(part, 4).has("m1")) {
        part++;
      }
      String shard = part + "/4";
      Map<String, Long> some = count(() -> fleet.muster("drift", "--shard", shard).exits(0), fleet);
      assertThat(some.get("m1")).isEqualTo(all.get("m1"));
      assertThat(some.get("host")).isLessThanOrEqualTo(all.get("host"));
    }
  }

  private static Map<String, Long> count(Runnable work, Fleet fleet) {
    fleet.requests();
    work.run();
    return fleet.requests().stream()
        .collect(Collectors.groupingBy(AuditEntry::cluster, Collectors.counting()));
  }

  @Test
  void partsThatDoNotBelongTogetherAreRefused() {
    try (Fleet fleet = Fleet.joined(2, "3.3")) {
      List<String> files = new ArrayList<>();
      for (int i = 1; i <= 3; i++) {
        Fleet.Result part = fleet.muster("drift", "--shard", i + "/3", "-o", "json");
        files.add(fleet.write("part-" + i, part.out()).toString());
      }
      merge(files, "--report", "html=" + fleet.folder.resolve("not/there"))
          .exits(1)
          .says("its folder does not exist");
      merge(files.subList(0, 1)).exits(1).says("shards 2/3, 3/3 are missing", "--shard 2/3");
      merge(List.of(files.get(0), files.get(1), files.get(1)))
          .exits(1)
          .says("shard 2/3 is there twice");
      String other = fleet.muster("drift", "--shard", "1/2", "-o", "json").out();
      merge(List.of(files.get(0), fleet.write("other", other).toString()))
          .exits(1)
          .says("is a part of 2, and", "a part of 3");
      String whole = fleet.muster("drift", "-o", "json").out();
      merge(List.of(fleet.write("whole", whole).toString()))
          .exits(1)
          .says("is the report of a whole fleet");
      merge(List.of(fleet.write("cut", other.substring(0, 200)).toString()))
          .exits(1)
          .says("is no report of muster drift");
      fleet.topology("", "- {name: m1, region: x}\n- {name: m2}\n");
      String later = fleet.muster("drift", "--shard", "3/3", "-o", "json").out();
      merge(List.of(files.get(0), files.get(1), fleet.write("later", later).toString()))
          .exits(1)
          .says("was made from another declaration of the topology");
      fleet.muster("drift", "--shard", "4/3").exits(64).says("--shard takes a part such as 2/8");
    }
  }
}
