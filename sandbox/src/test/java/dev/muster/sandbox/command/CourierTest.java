package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.courier.Bundle;
import dev.muster.courier.Seal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A member that only somebody else reaches: what it needs is carried there, a receipt comes back.
 */
@Execution(ExecutionMode.CONCURRENT)
class CourierTest {
  private static final String KEY = "canary-seal-0123456789abcdef";
  private static final String MEMBERS =
      "- name: m1\n- {name: m2, access: {courier: {sealWith: {file: key}}}}";

  /** One fleet for all: the story of a member from its first bundle to its last. */
  @Test
  void joinsAMemberByWhatIsCarried() throws IOException {
    try (Fleet fleet = Fleet.of(2, "3.3")) {
      fleet.write("key", KEY + "\n");
      fleet.topology("", MEMBERS);
      Path bundle = fleet.folder.resolve("m2.bundle");
      Path receipt = fleet.folder.resolve("m2.bundle.receipt");
      fleet
          .muster("plan", "--for", "m2", "--bundle", bundle.toString())
          .exits(5)
          .says("to be done first: host-role", "run muster apply, then pack again");

      fleet.apply().exits(8).says("m2", "no receipt of it is here yet");
      assertThat(fleet.condition("m1", "Ready")).isEqualTo("True");
      assertThat(fleet.condition("m2", "Initialized")).isEqualTo("True");
      assertThat(fleet.requests()).noneMatch(request -> request.cluster().equals("m2"));
      fleet.muster("plan", "--detailed-exitcode").exits(8);

      pack(fleet, bundle).says("packed", "for m2, good until");
      String jwt = fleet.settings("host").at("/authentication/jwtSecret").asText();
      assertThat(Files.readString(bundle)).doesNotContain(jwt, KEY, "proxy-server");
      fleet.requests();
      fleet
          .apply(there(fleet, bundle, "m2"))
          .exits(0)
          .says("member-role[m2]", "agent[m2]", "the receipt is");
      assertThat(fleet.requests()).allMatch(request -> request.cluster().equals("m2"));
      assertThat(Files.readString(receipt)).doesNotContain(jwt, KEY);

      fleet.apply("--receipt", receipt.toString()).exits(0).says("receipt of m2", "agent[m2]");
      assertThat(fleet.requests()).noneMatch(request -> request.cluster().equals("m2"));
      assertSettled(fleet);
      fleet.apply(there(fleet, bundle, "m2")).exits(0).says("no changes");
      fleet.apply(there(fleet, bundle, "m1")).exits(5);

      changesTheAddress(fleet, bundle, receipt);
    }
  }

  /** What changes at home later is left for the courier again. */
  private static void changesTheAddress(Fleet fleet, Path bundle, Path receipt) throws IOException {
    String first = Files.readString(receipt);
    fleet.topology("proxy: {address: \"http://198.51.100.7:8080\"}", MEMBERS);
    fleet.apply().exits(8).says("agent[m2]", "left for the courier");
    pack(fleet, bundle);
    fleet.apply(there(fleet, bundle, "m1")).exits(5).says("behind context m1 is another cluster");
    fleet.apply(there(fleet, bundle, "m2")).exits(0).says("1 change");
    assertThat(fleet.deployment("m2", "cluster-agent").toString())
        .contains("--proxy-server=http://198.51.100.7:8080");
    fleet.apply("--receipt", receipt.toString()).exits(0);
    assertSettled(fleet);
    fleet.write("old.receipt", first);
    fleet
        .apply("--receipt", fleet.folder.resolve("old.receipt").toString())
        .exits(5)
        .says("is older than the one of");
  }

  @Test
  void takesNoBundleThatIsOldOrChangedOrSealedWithAnotherKey() throws IOException {
    try (Fleet fleet = Fleet.of(2, "3.3")) {
      fleet.write("key", KEY + "\n");
      fleet.topology("", MEMBERS);
      fleet.apply().exits(8);
      Path bundle = fleet.folder.resolve("m2.bundle");

      pack(fleet, bundle, "--expires", "1ms");
      fleet.requests();
      fleet.apply(there(fleet, bundle, "m2")).exits(5).says("this bundle was good until");
      pack(fleet, bundle);
      String text = Files.readString(bundle);
      int place = text.length() - 30;
      char other = text.charAt(place) == 'A' ? 'B' : 'A';
      Files.writeString(bundle, text.substring(0, place) + other + text.substring(place + 1));
      fleet.apply(there(fleet, bundle, "m2")).exits(1).says("was changed on its way");
      Files.writeString(
          bundle, text.replaceFirst("\"iterations\":600000", "\"iterations\":600001"));
      fleet.apply(there(fleet, bundle, "m2")).exits(1).says("was changed on its way");
      Files.writeString(bundle, text);
      fleet.write("key", "another-key-0123456789");
      fleet.apply(there(fleet, bundle, "m2")).exits(1).says("sealed with another key");
      fleet.apply("--receipt", bundle.toString()).exits(1).says("a Receipt is wanted here");
      fleet.write("key", "short");
      fleet.apply(there(fleet, bundle, "m2")).exits(1).says("fewer than 16 characters");
      fleet.apply(bundle.toString()).exits(1).says("say where the key is: --seal-with");
      assertThat(fleet.requests()).noneMatch(request -> request.cluster().equals("m2"));

      fleet.muster("plan", "--for", "m1", "--bundle", "x").exits(1).says("by its kubeconfig");
      fleet.muster("plan", "--for", "m3", "--bundle", "x").exits(1).says("did you mean m1?");
      fleet.muster("plan", "--for", "m2").exits(64).says("belong together");
    }
  }

  /** The example as somebody reads it who has never done this: each command names the next one. */
  @Test
  void doesWhatTheExampleShows() throws IOException {
    try (Fleet fleet = Fleet.of(2, "3.3")) {
      fleet.write("idc.key", KEY + "\n");
      fleet.topology(Transcript.topology("courier"));
      String all = fleet.sandbox.server().kubeconfig();
      fleet.write("kubeconfig.yaml", Courier.only(Set.of("host", "m1"), all));
      fleet.write("there.yaml", Courier.only(Set.of("m2"), all));
      Path bundle = fleet.folder.resolve("idc.bundle");
      String at = fleet.folder + "/";
      Transcript transcript = Transcript.of("courier").within(at);
      transcript.add("muster plan", fleet.muster("plan").exits(8));
      transcript.addEnd("muster apply --yes", fleet.apply().exits(8));
      transcript.add("muster plan --for idc --bundle idc.bundle", pack(fleet, "idc", bundle));
      String[] there = site(fleet, bundle);
      transcript.addEnd("muster " + words(there, at), fleet.muster(there).exits(0), 3);
      String receipt = bundle + ".receipt";
      String[] home = {"apply", "--yes", "--receipt", receipt};
      joined(fleet, "198.51.100.7", false);
      transcript.add("muster " + words(home, at), fleet.muster(home).exits(0));
      transcript.add("muster plan", fleet.muster("plan").exits(0));
      transcript.add("muster status", fleet.muster("status").exits(0));

      fleet.topology(
          Transcript.topology("courier")
              .replace("203.0.113.9", "198.51.100.7")
              .replace("- name: idc", "- name: idc\n    labels: {site: basement}"));
      transcript.say("the proxy gets another address, and the member a label");
      transcript.add("muster plan", fleet.muster("plan").exits(8));
      transcript.addEnd("muster apply --yes", fleet.apply().exits(8));
      transcript.add("muster why idc", fleet.muster("why", "idc").exits(8));
      transcript.add("muster plan --for idc --bundle idc.bundle", pack(fleet, "idc", bundle));
      transcript.addEnd("muster " + words(there, at), fleet.muster(there).exits(0));
      joined(fleet, "198.51.100.7", true);
      transcript.add("muster " + words(home, at), fleet.muster(home).exits(0));
      transcript.add("muster drift", fleet.muster("drift").exits(0));
      transcript.isAsWritten();
    }
  }

  /** Who opens a receipt is found by the keys, whatever order the members have. */
  @Test
  void tellsReceiptsOfMembersWithKeysOfTheirOwnApart() throws IOException {
    try (Fleet fleet = Fleet.of(3, "3.3")) {
      Courier courier = new Courier(fleet);
      fleet.write("other.key", "canary-of-another-key-9876543210\n");
      String other = "- {name: m3, access: {courier: {sealWith: {file: other.key}}}}";
      fleet.topology("", "- {name: m2, " + Courier.ACCESS + "}\n" + other);
      fleet.apply().exits(8).says("left for the courier: m2", "left for the courier: m3");
      courier.goesAsFar("m2").exits(8).says("receipt of m2", "left for the courier: m3");
      fleet.topology("", other + "\n- {name: m2, " + Courier.ACCESS + "}");
      courier.home().exits(8).says("receipt of m2");
      fleet.topology("", other + "\n- name: m1");
      courier.home().exits(1).says("was sealed with another key");
      fleet.topology("", other + "\n- {name: m1, " + Courier.ACCESS + "}");
      courier
          .home()
          .exits(1)
          .says("is a receipt of m2 of topology sandbox, which this one does not");
    }
  }

  /** The machine there decides by its own clock, and sees when one of the two must be wrong. */
  @Test
  void takesNoBundleThatIsFromTheFuture() throws IOException {
    try (Fleet fleet = Fleet.of(2, "3.3")) {
      Courier courier = new Courier(fleet);
      fleet.topology("", "- name: m1\n- {name: m2, " + Courier.ACCESS + "}");
      fleet.apply().exits(8);
      courier.pack("m2").exits(0);
      Seal seal = new Seal(Courier.KEY);
      Bundle now = Bundle.open("it", Files.readString(courier.bundle), seal);
      Instant later = Instant.now().plus(Duration.ofHours(1));
      Bundle future =
          new Bundle(
              now.id(),
              now.topology(),
              now.member(),
              later,
              later.plus(Duration.ofHours(1)),
              now.topologyText(),
              now.planText(),
              now.manifests(),
              now.host(),
              now.inventory());
      Files.writeString(courier.bundle, future.sealed(seal));
      fleet.requests();
      courier.there().exits(5).says("by the clock of this machine it is only", "set the clock");
      assertThat(fleet.requests()).isEmpty();
      courier.pack("m2").exits(0);
      Path topology = fleet.folder.resolve("topology.yaml");
      courier
          .there("--receipt-to", topology.toString())
          .exits(1)
          .says("which is no receipt", "--receipt-to FILE");
      assertThat(fleet.requests()).noneMatch(request -> request.cluster().equals("m2"));
    }
  }

  private static Fleet.Result pack(Fleet fleet, String member, Path bundle) {
    return fleet.muster("plan", "--for", member, "--bundle", bundle.toString()).exits(0);
  }

  /** At home nothing is left to wait for then. */
  private static void joined(Fleet fleet, String address, boolean has) {
    Fleet.until(
        "idc is Ready",
        () ->
            fleet.condition("idc", "Ready").equals("True")
                && fleet.condition("idc", "AgentAvailable").equals("True")
                && fleet.deployment("m2", "cluster-agent").toString().contains(address) == has);
  }

  private static String words(String[] words, String folder) {
    return String.join(" ", words).replace(folder, "");
  }

  private static String[] site(Fleet fleet, Path bundle) {
    return new String[] {
      "apply",
      "--yes",
      bundle.toString(),
      "--seal-with",
      "file:" + fleet.folder.resolve("idc.key"),
      "--kubeconfig",
      fleet.folder.resolve("there.yaml").toString(),
      "--context",
      "m2"
    };
  }

  private static Fleet.Result pack(Fleet fleet, Path bundle, String... more) {
    List<String> words =
        new ArrayList<>(List.of("plan", "--for", "m2", "--bundle", bundle.toString()));
    words.addAll(List.of(more));
    return fleet.muster(words.toArray(String[]::new)).exits(0);
  }

  private static String[] there(Fleet fleet, Path bundle, String context) {
    return new String[] {
      bundle.toString(),
      "--seal-with",
      "file:" + fleet.folder.resolve("key"),
      "--kubeconfig",
      fleet.folder.resolve("kubeconfig.yaml").toString(),
      "--context",
      context
    };
  }

  private static void assertSettled(Fleet fleet) {
    fleet.requests();
    fleet.muster("plan", "--detailed-exitcode").exits(0);
    fleet.muster("drift").exits(0);
    fleet.muster("status").exits(0);
    assertThat(fleet.condition("m2", "Ready")).isEqualTo("True");
    assertThat(fleet.requests()).noneMatch(request -> request.cluster().equals("m2"));
  }
}
