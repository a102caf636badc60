package dev.muster.testbed.secret;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.testbed.Muster;
import dev.muster.testbed.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every file that muster writes, with a umask that takes nothing away: those that may hold
 * something sensitive are for their owner alone, whatever lay there before, and no other can be
 * written by others. The table is SECURITY.md's.
 */
@Timeout(400)
final class FileModesIT {
  private static final String SECRET = "rw-------";
  private static final String FOLDER = "rwx------";
  private static final String OPEN = "rw-r--r--";

  @Test
  void filesAreForThoseWhoMayKnowWhatIsInThem() throws IOException {
    try (WatchedFleet fleet = new WatchedFleet()) {
      Path folder = fleet.muster.repository();
      List<String> secret = List.of("set.json", "snapshot.json", "rehearsal.json", "m3.bundle");
      for (String name : secret) {
        Path old = Files.writeString(folder.resolve(name), "of another day");
        Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rw-rw-rw-"));
      }
      Path theirs = Files.writeString(folder.resolve("theirs"), "somebody's");
      Files.setPosixFilePermissions(theirs, PosixFilePermissions.fromString(OPEN));
      Files.createSymbolicLink(folder.resolve("link.json"), theirs);
      Map<String, String> before = modes(folder);

      run(fleet, 8, "plan", "--out", "set.json");
      run(fleet, 8, "plan", "--out", "link.json");
      rehearse(fleet);
      carry(fleet);
      reports(fleet);
      run(
          fleet,
          0,
          "import",
          "--host-context",
          "host",
          "--kubeconfig",
          fleet.given + "/kubeconfig.yaml",
          "-o",
          "imported.yaml",
          "--kubeconfig-dir",
          "kube/of/members");

      Map<String, String> written = modes(folder);
      written.remove("two.yaml");
      written.entrySet().removeIf(file -> file.getValue().equals(before.get(file.getKey())));
      Map<String, String> played = new TreeMap<>(written);
      played.keySet().removeIf(name -> !name.startsWith("played/"));
      assertThat(played).containsKeys("played/patches.json", "played/host");
      assertThat(played.values()).containsOnly(SECRET, FOLDER);
      written.keySet().removeAll(played.keySet());
      assertThat(written)
          .isEqualTo(
              new TreeMap<>(
                  Map.ofEntries(
                      Map.entry("set.json", SECRET),
                      Map.entry("link.json", SECRET),
                      Map.entry("snapshot.json", SECRET),
                      Map.entry("rehearsal.json", SECRET),
                      Map.entry("played", FOLDER),
                      Map.entry("m3.bundle", SECRET),
                      Map.entry("m3.bundle.receipt", SECRET),
                      Map.entry("m3.receipt", SECRET),
                      Map.entry("drift.html", OPEN),
                      Map.entry("drift.prom", OPEN),
                      Map.entry("units", "rwxr-xr-x"),
                      Map.entry("units/muster-acme-drift.service", OPEN),
                      Map.entry("units/muster-acme-drift.timer", OPEN),
                      Map.entry("imported.yaml", OPEN),
                      Map.entry("kube", FOLDER),
                      Map.entry("kube/of", FOLDER),
                      Map.entry("kube/of/members", FOLDER),
                      Map.entry("kube/of/members/m2.kubeconfig.yaml", SECRET))));
      assertThat(theirs).hasContent("somebody's");
      assertThat(before).containsEntry("theirs", OPEN);
    }
  }

  /** Tokens of a simulation, but people copy such files. */
  @Test
  void theSandboxKeepsItsKubeconfigToItself() throws IOException {
    try (WatchedFleet fleet = new WatchedFleet()) {
      Path folder = fleet.muster.repository().resolve("sandbox");
      Muster.Running sandbox =
          fleet.start(
              "umask 000",
              "sandbox",
              "--members",
              "1",
              "--kubeconfig",
              folder + "/kubeconfig.yaml");
      Path topology = folder.resolve("topology.yaml");
      Wait.until(
          Duration.ofSeconds(60),
          "the sandbox has written its files, or is over",
          () -> Files.exists(topology) || sandbox.ended());
      assertThat(modes(folder))
          .containsEntry("kubeconfig.yaml", SECRET)
          .doesNotContainValue("rw-rw-rw-");
      sandbox.interrupt();
      sandbox.await();
    }
  }

  /** Without the member by courier, which cannot be played. */
  private static void rehearse(WatchedFleet fleet) throws IOException {
    String topology = Files.readString(fleet.muster.repository().resolve("topology.yaml"));
    fleet.muster.write("two.yaml", topology.replaceAll("(?m)^ *- \\{name: m3.*\\R", ""));
    run(fleet, 0, "plan", "-f", "two.yaml", "--snapshot", "snapshot.json");
    run(
        fleet,
        0,
        "apply",
        "--dry-run",
        "--offline",
        "snapshot.json",
        "--out",
        "rehearsal.json",
        "--out-dir",
        "played");
  }

  private static void carry(WatchedFleet fleet) {
    run(fleet, 8, "apply", "--yes");
    run(fleet, 0, "plan", "--for", "m3", "--bundle", "m3.bundle");
    run(
        fleet,
        0,
        "apply",
        "m3.bundle",
        "--yes",
        "--seal-with",
        "file:" + fleet.given.resolve("m3.key"),
        "--kubeconfig",
        fleet.given.resolve("kubeconfig.yaml").toString(),
        "--context",
        "m3");
    run(fleet, 0, "apply", "--yes", "--receipt", "m3.bundle.receipt");
  }

  private static void reports(WatchedFleet fleet) {
    run(fleet, 0, "drift", "--report", "html=drift.html", "--report", "prometheus=drift.prom");
    run(fleet, 0, "schedule", "--every", "1h", "--as", "systemd", "--out", "units");
  }

  private static void run(WatchedFleet fleet, int exit, String... arguments) {
    Muster.Result result = fleet.start("umask 000", arguments).await();
    assertThat(result.exit()).as(result.toString()).isEqualTo(exit);
  }

  /** All files and folders but git's own, links as what they are, by their paths. */
  private static Map<String, String> modes(Path folder) throws IOException {
    Map<String, String> modes = new TreeMap<>();
    List<Path> all = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(folder)) {
      walk.filter(file -> !file.equals(folder)).forEach(all::add);
    }
    for (Path file : all) {
      String name = folder.relativize(file).toString();
      if (!name.equals(".git") && !name.startsWith(".git/")) {
        modes.put(
            name,
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS)));
      }
    }
    return modes;
  }
}
