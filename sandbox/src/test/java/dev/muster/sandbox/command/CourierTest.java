package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    fleet.apply(there(fleet, bundle, "m1")).exits(5).says("is another cluster");
    fleet.apply(there(fleet, bundle, "m2")).exits(0).says("1 change");
    assertThat(fleet.deployment("m2", "cluster-agent").toString())
        .contains("--proxy-server=http://198.51.100.7:8080");
    fleet.apply("--receipt", receipt.toString()).exits(0);
    assertSettled(fleet);
    fleet.write("old.receipt", first);
    fleet
        .apply("--receipt", fleet.folder.resolve("old.receipt").toString())
        .exits(5)
        .says("is older than the receipt");
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

  private static Fleet.Result pack(Fleet fleet, Path bundle, String... more) {
    List<String> words =
        new ArrayList<>(List.of("plan", "--for", "m2", "--bundle", bundle.toString()));
    words.addAll(List.of(more));
    return fleet.muster(words.toArray(String[]::new)).exits(8);
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
