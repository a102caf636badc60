package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.InflaterInputStream;

/** Runs commands, remembers what they print, and looks for secrets there and in every file. */
class SecretSearch {
  static final String HOST = "CanaryOfTheHost0123456789abcdefg";
  static final String MEMBER = "CanaryOfMember";
  static final String EDITED = "CanaryTypedByHand9876543210";

  final Set<String> secrets = new LinkedHashSet<>(List.of(HOST, MEMBER, EDITED, "Password: "));
  final List<String> said = new ArrayList<>();

  static String direct(String source) {
    return "- {name: m1, connection: direct, kubeconfig: " + source + "}";
  }

  void plant(Fleet fleet, Path file, Duration valid) throws IOException {
    String text = fleet.sandbox.kubeconfigForHost("m1", Instant.now().plus(valid));
    Files.writeString(file, text);
    Matcher key = Pattern.compile("client-key-data\"?: *\"?([A-Za-z0-9+/=]+)").matcher(text);
    assertThat(key.find()).isTrue();
    secrets.add(key.group(1));
    secrets.add(key.group(1).substring(0, 60));
    secrets.add(fleet.sandbox.server().token("m1"));
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    String base64 = Base64.getEncoder().encodeToString(bytes);
    // A part of its key; how it begins, and where it leads, is no secret.
    secrets.add(base64.substring(base64.length() - 300, base64.length() - 100));
    secrets.add(text.strip());
  }

  void rehearse(Fleet fleet, String name, int code) {
    String snapshot = fleet.folder.resolve(name).toString();
    all(fleet, "plan", "--snapshot", snapshot);
    for (String format : List.of("text", "json")) {
      Fleet.Result played =
          run(
              fleet,
              "apply",
              "--dry-run=client",
              "--offline",
              snapshot,
              "-o",
              format,
              "--out",
              snapshot + ".rehearsal",
              "--out-dir",
              snapshot + ".final",
              "--debug");
      assertThat(played.code()).as(played.all()).isEqualTo(code);
    }
  }

  /** What is held to a rehearsal, however it ends. */
  void rehearsed(Fleet fleet, String name) {
    String rehearsal = fleet.folder.resolve(name) + ".rehearsal";
    all(fleet, "apply", "--yes", "--rehearsed", rehearsal);
    run(fleet, "apply", "--yes", "--rehearsed", rehearsal, "--events", "ndjson");
  }

  /** Imports the fleet, into a file that is searched with the others. */
  void takeOver(Fleet fleet) {
    all(
        fleet,
        "import",
        "--host-context",
        "host",
        "--kubeconfig",
        fleet.folder.resolve("kubeconfig.yaml").toString(),
        "-o",
        fleet.folder.resolve("imported.yaml").toString());
  }

  void commands(Fleet fleet) {
    run(fleet, "validate");
    for (String format : List.of("text", "json", "markdown", "patch")) {
      all(fleet, "plan", "-o", format);
    }
    for (String format :
        List.of("text", "json", "ndjson", "markdown", "junit", "prometheus", "html")) {
      String file = fleet.folder.resolve("drift." + format).toString();
      all(fleet, "drift", "-o", format, "--expiring", "400d", "--report", format + "=" + file);
    }
    for (String format : List.of("text", "ndjson")) {
      all(fleet, "watch", "--for", "1s", "-o", format);
    }
    for (String format : List.of("text", "json")) {
      all(fleet, "status", "-o", format);
      all(fleet, "history", "-o", format);
    }
    all(fleet, "drift", "--shard", "1/2", "-o", "json");
    all(fleet, "drift", "--shard", "2/2", "-o", "json");
    all(fleet, "rbac", "--for", "apply");
    all(fleet, "rbac", "--for", "watch");
    for (String form : List.of("cron", "systemd", "cronjob")) {
      all(fleet, "schedule", "--every", "1h", "--as", form, "--image", "i");
    }
    all(fleet, "why");
    all(fleet, "why", "m1");
    all(fleet, "doctor");
    all(fleet, "lock");
    all(fleet, "show");
    for (String format : List.of("text", "json")) {
      all(fleet, "show", "-o", format);
      all(fleet, "blame", "host", "-o", format);
      all(fleet, "blame", "m1", "-o", format);
      all(fleet, "blame", "spec.defaults.access.kubeconfig.file", "-o", format);
    }
    List<String> runs = run(fleet, "history", "-o", "json").json().findValuesAsText("runId");
    if (!runs.isEmpty()) {
      String oldest = runs.get(runs.size() - 1);
      all(fleet, "diff", oldest, runs.get(0));
      all(fleet, "diff", oldest, runs.get(0), "-o", "json");
      all(fleet, "diff", oldest);
      all(fleet, "rollback", oldest, "--plan");
      all(fleet, "rollback", oldest, "--plan", "-o", "json");
    }
    for (String path : List.of("topology.yaml", "plan.yaml", "change-set.json", "result.json")) {
      run(fleet, "show", "--path", path);
    }
    run(fleet, "schema");
  }

  void all(Fleet fleet, String... args) {
    List<String> debug = new ArrayList<>(List.of(args));
    debug.add("--debug");
    run(fleet, debug.toArray(String[]::new));
  }

  Fleet.Result run(Fleet fleet, String... args) {
    Fleet.Result result = fleet.muster(args);
    assertThat(result.all()).as(String.join(" ", args)).doesNotContain("fault in muster itself");
    said.add("$ " + String.join(" ", args) + "\n" + result.all());
    return result;
  }

  void nothingIn(String where, String text) {
    for (String secret : secrets) {
      int at = text.indexOf(secret);
      assertThat(at)
          .as(
              () ->
                  where
                      + " has "
                      + secret
                      + " in: "
                      + text.substring(Math.max(0, at - 300), Math.min(text.length(), at + 50)))
          .isNegative();
    }
  }

  void nothingInFiles(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> paths = Files.walk(folder)) {
      files = paths.filter(Files::isRegularFile).toList();
    }
    int objects = 0;
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      nothingIn(file.toString(), new String(bytes, StandardCharsets.ISO_8859_1));
      if (file.toString().matches(".*/objects/[0-9a-f]{2}/[0-9a-f]{38}")) {
        objects++;
        try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(bytes))) {
          nothingIn(file.toString(), new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
        }
      } else {
        assertThat(file.toString())
            .as("no packs, which this does not open")
            .doesNotEndWith(".pack");
      }
    }
    assertThat(objects).isGreaterThan(10);
  }
}
