package dev.muster.testbed.reconcile;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Draws the histories of KubeSphere fleets: the same from the same seed. */
final class RingCases {
  private final Random random;

  private RingCases(long seed) {
    random = new Random(seed * 0x9E3779B97F4A7C15L);
  }

  static Case of(long seed) {
    RingCases cases = new RingCases(seed);
    List<String> events = new ArrayList<>();
    events.add("version " + cases.pick("3.0", "3.1", "3.2", "3.3", "3.3", "3.4"));
    events.add("file m1 join");
    if (cases.random.nextInt(3) == 0) {
      events.add("file m1 direct=a");
    }
    if (cases.random.nextInt(3) == 0) {
      events.add("file m2 join");
    }
    events.add(cases.apply());
    int length = 2 + cases.random.nextInt(7);
    for (int i = 0; i < length; i++) {
      events.add(cases.event());
    }
    return Case.of("kubesphere " + seed, events);
  }

  private String event() {
    int kind = random.nextInt(12);
    return kind < 6
        ? file()
        : kind < 9 ? other() : kind == 9 && random.nextInt(3) == 0 ? trouble() : apply();
  }

  private String file() {
    if (random.nextInt(7) == 0) {
      return "file back " + (1 + random.nextInt(3));
    }
    if (random.nextInt(5) == 0) {
      return "file host "
          + pick("address=explicit", "address-", "rollout=one", "rollout=last-first", "rollout-");
    }
    return "file "
        + cluster()
        + " "
        + pick(
            "join",
            "join",
            "absent",
            "lost",
            "forget",
            "rename",
            "rename",
            "direct=a",
            "direct=b",
            "direct-",
            "direct-",
            "region=east",
            "region-",
            "group=prod",
            "visibility=public",
            "visibility-",
            "provider=ACK",
            "provider-",
            "description=Edge",
            "description-",
            "image=r.example/tower:v0.2.1",
            "image-",
            "label/tier=gold",
            "label/tier=iron",
            "label/tier-",
            "label/zone=z",
            "label/zone-");
  }

  private String other() {
    if (random.nextInt(5) == 0) {
      return "other host "
          + pick(
              "cc spec/multicluster/proxyPublishAddress=http://192.0.2.1:80",
              "cc spec/multicluster/proxyPublishAddress-",
              "config address=http://192.0.2.2:80",
              "cc metadata/annotations/theirs=t",
              "cc spec/multicluster/clusterRole=none");
    }
    return "other "
        + cluster()
        + " "
        + pick(
            "cluster metadata/labels/tier=x",
            "cluster metadata/labels/tier-",
            "cluster metadata/labels/theirs=t",
            "cluster metadata/annotations/theirs=t",
            "cluster metadata/labels/cluster.kubesphere.io~region=x",
            "cluster spec/provider=x",
            "cluster delete",
            "agent delete",
            "agent image=x",
            "agent command=x",
            "agent metadata/annotations/theirs=t",
            "cc spec/multicluster/clusterRole=none",
            "cc spec/authentication/jwtSecret=Forged0123456789abcdef",
            "cc metadata/labels/theirs=t",
            "cluster spec/connection/token=forged");
  }

  private String trouble() {
    return pick("agent m1 stops", "agent m1 starts", "rotate jwt");
  }

  private String apply() {
    return Trouble.drawn(random, cluster(), 110);
  }

  private String cluster() {
    return random.nextInt(4) == 0 ? "m2" : "m1";
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
