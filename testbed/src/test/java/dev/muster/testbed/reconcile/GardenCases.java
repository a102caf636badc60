package dev.muster.testbed.reconcile;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Draws the histories of gardens: the same from the same seed. */
final class GardenCases {
  private final Random random;

  private GardenCases(long seed) {
    random = new Random(seed * 0x9E3779B97F4A7C15L);
  }

  static Case of(long seed) {
    GardenCases cases = new GardenCases(seed);
    int length = 4 + cases.random.nextInt(16);
    List<String> events = new ArrayList<>();
    events.add("file c1 join");
    if (cases.random.nextBoolean()) {
      events.add("file c2 join");
    }
    for (int i = 0; i < length; i++) {
      events.add(cases.event());
    }
    return Case.of("garden " + seed, events);
  }

  private String event() {
    int kind = random.nextInt(10);
    return kind < 5 ? file() : kind < 8 ? other() : apply();
  }

  private String file() {
    if (random.nextInt(8) == 0) {
      return "file back " + (1 + random.nextInt(4));
    }
    if (random.nextInt(5) == 0) {
      return "file host " + pick("motto=a", "motto=b", "motto-", "size=10", "size=20", "size-");
    }
    String edit =
        pick(
            "join",
            "join",
            "absent",
            "forget",
            "rename",
            "rename",
            "colour=red",
            "colour=blue",
            "colour-",
            "image=pump:2",
            "image-",
            "water=on",
            "water=off",
            "water-",
            "paling=wood",
            "paling=iron",
            "paling-",
            "paling-",
            "sesame=a",
            "sesame=b",
            "sesame-",
            "label/tier=gold",
            "label/tier=iron",
            "label/tier-",
            "label/zone=z",
            "label/zone-",
            "label/cost=4711");
    return "file " + cluster() + " " + edit;
  }

  private String other() {
    if (random.nextInt(4) == 0) {
      return "other host ledger "
          + pick(
              "data/motto=x",
              "data/motto-",
              "data/depth-",
              "data/more=m",
              "settings:size=x",
              "settings:size-",
              "settings:beds-",
              "settings:more=m",
              "metadata/labels/theirs=t");
    }
    return "other "
        + cluster()
        + " "
        + pick(
            "bed data/colour=x",
            "bed data/colour-",
            "bed data/gardener=x",
            "bed data/more=m",
            "bed metadata/annotations/theirs=t",
            "badge metadata/labels/tier=x",
            "badge metadata/labels/tier-",
            "badge metadata/labels/theirs=t",
            "badge data/of=x",
            "badge delete",
            "badge data/token=forged",
            "badge data/more=m",
            "pump pump:image=x",
            "pump pump:command=x",
            "pump pump:env:WATER=x",
            "pump pump:env:OTHER=o",
            "pump pump:noenv=x",
            "pump delete",
            "pump metadata/labels/theirs=t",
            "gate delete",
            "gate data/sesame=eA==",
            "gate data/sesame-",
            "gate data/more=bQ==",
            "fence make",
            "fence make",
            "fence delete",
            "fence data/kind=x",
            "fence data/more=m",
            "weed make",
            "weed make");
  }

  private String apply() {
    return Trouble.drawn(random, cluster(), 55);
  }

  private String cluster() {
    return random.nextInt(3) == 0 ? "c2" : "c1";
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
