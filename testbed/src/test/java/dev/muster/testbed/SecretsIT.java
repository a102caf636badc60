package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The host's jwtSecret and the member's token occur nowhere but in the clusters. */
@Timeout(900)
final class SecretsIT {
  private static final String CANARY = "CanaryQ7wz51Nk2LpVtX8sJfB3yRmD6hG";

  private static final Pattern KEY = Pattern.compile("client-key-data: ([A-Za-z0-9+/]+)");

  private static final String ROTATED = "CanaryRotated8kQz5Wn2Lp";

  @Test
  void noCommandEverPrintsOrStoresASecret(@TempDir Path elsewhere) throws IOException {
    try (RealFleet fleet =
        RealFleet.of("3.3")
            .host(setup -> setup.withJwtSecret(CANARY))
            .member("idc-1")
            .member("aks-1")
            .start()) {
      Path kubeconfig = Files.createTempFile(elsewhere, "aks-1", ".yaml");
      String key = plant(fleet, kubeconfig, 300);
      fleet.declare(
          """
          host: {sharesLoopback: true, proxy: {address: "http://139.198.120.120:8080"}}
          members:
          - {name: idc-1}
          - {name: aks-1, connection: direct, kubeconfig: {file: %s}}
          """
              .formatted(kubeconfig));
      Muster muster = fleet.muster();
      plans(muster, "before", "text");
      muster.run("apply", "change-set-before.json", "--yes", "--debug");
      muster.run("apply", "--yes", "--events", "ndjson", "--debug");
      assertThat(fleet.settings("idc-1")).contains(CANARY);
      assertThat(fleet.registration("aks-1").at("/spec/connection/type").asText())
          .isEqualTo("direct");
      String token = fleet.registration("idc-1").at("/spec/connection/token").asText();
      assertThat(token).hasSize(64);

      // Something secret that differs, on both sides.
      fleet.edit(
          "idc-1",
          RealFleet.CONFIGURATION,
          "{\"spec\":{\"authentication\":{\"jwtSecret\":\"" + CANARY + "Other\"}}}");
      fleet.edit("idc-1", RealFleet.AGENT, wrongToken(fleet));
      String otherKey = plant(fleet, kubeconfig, 200);
      plans(muster, "after", "text", "json", "markdown", "patch");
      assertThat(muster.run("drift", "--debug"))
          .exitsWith(2)
          .says("spec.authentication.jwtSecret", "containers[name=agent].command");
      muster.run("drift", "-o", "json");
      for (String format : List.of("ndjson", "markdown", "junit", "prometheus", "html")) {
        assertThat(muster.run("drift", "-o", format, "--report", format + "=drift." + format))
            .exitsWith(2);
      }
      assertThat(muster.run("drift", "--heal", "--yes", "--dry-run=server", "--debug"))
          .exitsWith(0);
      muster.run("drift", "--accept", "jwtSecret", "--dry-run=client", "--debug");
      for (String purpose : List.of("drift", "apply")) {
        assertThat(muster.run("rbac", "--for", purpose)).exitsWith(0);
      }
      assertThat(muster.run("schedule", "--every", "1h", "--as", "systemd", "--out", "units"))
          .exitsWith(0);
      for (String member : List.of("status", "doctor", "history", "show", "lock")) {
        muster.run(member, "--debug");
      }
      muster.run("status", "-o", "json");
      muster.run("history", "-o", "json");
      muster.run("why", "idc-1", "--debug");
      muster.run("apply", "--yes", "--rehearsed", "rehearsal-before.json", "--debug");
      assertThat(muster.run("apply", "--yes", "--rehearsed", "rehearsal-after.json", "--debug"))
          .exitsWith(0);
      assertThat(muster.run("blame", "idc-1", "--debug")).exitsWith(0);
      assertThat(muster.run("blame", "idc-1", "-o", "json")).exitsWith(0);
      List<String> runs =
          muster
              .git("log", "--format=%(trailers:key=Run-Id,valueonly)", "muster/acme")
              .lines()
              .filter(line -> !line.isBlank())
              .toList();
      String first = runs.get(runs.size() - 1);
      assertThat(muster.run("rollback", first, "--plan", "--debug").out()).contains(first);
      muster.run("diff", first, runs.get(0), "--debug");
      rotate(fleet);
      String generated = fleet.jwtSecret();
      for (String file :
          muster.git("ls-tree", "-r", "--name-only", "muster/acme").lines().toList()) {
        muster.run("show", "--path", file);
      }

      Map<String, String> texts = everythingWritten(muster);
      String inventory = fleet.object("host", Requests.INVENTORY).toString();
      assertThat(inventory).contains("spec.authentication.jwtSecret");
      texts.put("the inventory on the host", inventory);
      assertThat(texts).hasSizeGreaterThan(61);
      assertThat(placesOf(CANARY, texts)).as("places of the jwtSecret").isEmpty();
      assertThat(placesOf(ROTATED, texts)).as("places of the given jwtSecret").isEmpty();
      assertThat(placesOf(generated, texts)).as("places of the generated jwtSecret").isEmpty();
      assertThat(placesOf(token, texts)).as("places of the member's token").isEmpty();
      assertThat(placesOf(key, texts)).as("places of the kubeconfig's key").isEmpty();
      assertThat(placesOf(otherKey, texts)).as("places of the other kubeconfig's key").isEmpty();
      assertThat(placesOf(fleet.cluster("aks-1").token(), texts))
          .as("places of the kubeconfig's token")
          .isEmpty();
      String access = fleet.host().auditedToken();
      assertThat(placesOf(access, texts)).as("places of the runner's token").isEmpty();
    }
  }

  @Test
  void nothingThatIsCarriedCanBeReadOnItsWay() throws IOException {
    try (CourierLife life =
        new CourierLife(
            RealFleet.of("3.3")
                .host(setup -> setup.withJwtSecret(CANARY))
                .member("m1")
                .member("m2"))) {
      Muster muster = life.muster;
      Files.delete(muster.repository().resolve("m2.key"));
      Path key = Files.writeString(Files.createTempFile("seal", ""), CourierLife.KEY + "\n");
      life.fleet.declare(
          """
          host: {proxy: {address: "http://139.198.120.120:8080"}}
          members: [{name: m1}, {name: m2, access: {courier: {sealWith: {file: "%s"}}}}]
          """
              .formatted(key));
      String bundle = life.bundle.toString();
      assertThat(muster.run("apply", "--yes", "--debug")).exitsWith(8);
      for (String format : List.of("text", "json", "markdown", "patch")) {
        assertThat(muster.run("plan", "--for", "m2", "--bundle", bundle, "-o", format, "--debug"))
            .exitsWith(0);
      }
      String[] there = life.there("--debug");
      there[4] = "file:" + key;
      assertThat(muster.run(there)).exitsWith(0);
      String token = life.fleet.registration("m2").at("/spec/connection/token").asText();
      assertThat(life.fleet.settings("m2")).contains(CANARY);
      muster.run("apply", "--yes", "--receipt", bundle + ".receipt", "--debug");
      for (String command : List.of("plan", "drift", "status", "doctor", "why", "show")) {
        muster.run(command, "--debug");
      }
      Files.writeString(life.bundle, Files.readString(life.bundle).replace('A', 'B'));
      assertThat(muster.run(there)).exitsWith(1);

      Map<String, String> texts = everythingWritten(muster);
      texts.put("the inventory", life.fleet.object("host", Requests.INVENTORY).toString());
      assertThat(texts).containsKeys(bundle, bundle + ".receipt");
      for (String secret : List.of(CANARY, token, CourierLife.KEY)) {
        assertThat(placesOf(secret, texts)).as("places of a secret").isEmpty();
      }
      Files.delete(key);
    }
  }

  /** Once to a value that is given, and once to one that is generated. */
  private static void rotate(RealFleet fleet) throws IOException {
    Muster muster = fleet.muster();
    Path given = Files.writeString(Files.createTempFile("given", ""), ROTATED + "\n");
    String[] rotate = {"rotate", "jwt", "--yes", "--debug", "--from-file", given.toString()};
    assertThat(muster.run(rotate)).exitsWith(0);
    Files.delete(given);
    assertThat(fleet.settings("idc-1")).contains(ROTATED);
    assertThat(muster.run("rotate", "jwt", "--plan", "-o", "json")).exitsWith(0);
    assertThat(muster.run("rotate", "jwt", "--yes", "--events", "ndjson")).exitsWith(0);
    assertThat(fleet.settings("idc-1")).doesNotContain(ROTATED);
    muster.run("status", "-o", "json");
    muster.run("show", "--debug");
    Api.Reply inventory = fleet.host().api().get("/api/v1/namespaces/kube-system/configmaps");
    assertThat(inventory.ok().json().toString()).doesNotContain(ROTATED, fleet.jwtSecret());
  }

  /** Gives the member another kubeconfig and returns its key, which is nobody else's. */
  private static String plant(RealFleet fleet, Path file, int days) throws IOException {
    String token = fleet.cluster("aks-1").token();
    String text = DirectIT.kubeconfig(fleet, "aks-1", token, Duration.ofDays(days));
    Files.writeString(file, text);
    Matcher key = KEY.matcher(text);
    assertThat(key.find()).isTrue();
    // All keys of one kind begin alike.
    return key.group(1).substring(key.group(1).length() - 60);
  }

  /** Recorded and played, in each format. */
  private static void rehearse(Muster muster, String when) {
    String snapshot = "snapshot-" + when + ".json";
    assertThat(muster.run("plan", "--snapshot", snapshot, "--debug")).exitsWith(0);
    for (String format : List.of("text", "json")) {
      assertThat(
              muster.run(
                  "apply",
                  "--dry-run",
                  "--offline",
                  snapshot,
                  "-o",
                  format,
                  "--out",
                  "rehearsal-" + when + ".json",
                  "--out-dir",
                  "played-" + when,
                  "--debug"))
          .exitsWith(0);
    }
  }

  private static void plans(Muster muster, String when, String... formats) {
    rehearse(muster, when);
    muster.run("validate", "--debug");
    for (String format : formats) {
      muster.run("plan", "-o", format, "--debug");
    }
    assertThat(muster.run("plan", "--out", "change-set-" + when + ".json", "--debug")).exitsWith(0);
    muster.run("apply", "--yes", "--dry-run=server", "--debug");
  }

  /** The agent as it is, with another token in its command line. */
  private static String wrongToken(RealFleet fleet) {
    String agent = fleet.object("idc-1", RealFleet.AGENT).path("spec").path("template").toString();
    String wrong = agent.replaceAll("--token=[0-9a-f]{8}", "--token=00000000");
    return "{\"spec\":{\"template\":" + wrong + "}}";
  }

  private static List<String> placesOf(String secret, Map<String, String> texts) {
    List<String> places = new ArrayList<>();
    for (String form : forms(secret)) {
      texts.forEach(
          (place, text) -> {
            if (text.contains(form)) {
              places.add(place);
            }
          });
    }
    return places;
  }

  /** A secret as it is, as base64, and its beginning, which is enough to be a leak. */
  private static List<String> forms(String secret) {
    String base64 =
        Base64.getEncoder()
            .withoutPadding()
            .encodeToString(secret.getBytes(StandardCharsets.UTF_8));
    return List.of(secret, base64, secret.substring(0, 12));
  }

  /**
   * All outputs, all files below the repository's folder, and all inflated git objects, by name.
   */
  private static Map<String, String> everythingWritten(Muster muster) throws IOException {
    Map<String, String> texts = new TreeMap<>();
    int number = 0;
    for (Muster.Result result : muster.results()) {
      texts.put("output " + number++ + " of muster " + result.command(), result.toString());
    }
    List<Path> files = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(muster.repository())) {
      walk.filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().startsWith("kubeconfig"))
          .forEach(files::add);
    }
    for (Path file : files) {
      texts.put(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
    }
    texts.put("the launcher's cache", MusterProgram.kept());
    texts.put(
        "git objects", muster.git("cat-file", "--batch", "--batch-all-objects", "--unordered"));
    return texts;
  }
}
