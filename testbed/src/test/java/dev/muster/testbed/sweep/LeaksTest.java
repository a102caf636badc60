package dev.muster.testbed.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.install.Definitions;
import dev.muster.testbed.Muster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** A search that finds nothing is worth something only if it finds what is there. */
final class LeaksTest {
  private final StringBuilder missed = new StringBuilder();

  @Test
  void findsASecretWhereverItIsPlanted() throws IOException {
    try (Arena arena = new SandboxArena()) {
      Scenario.all().get(0).prepare(arena);
      Muster muster = arena.muster();
      Leaks leaks = Leaks.of(arena);
      Muster.Result applied = muster.call("apply", "--yes");
      assertThat(applied.exit()).as(applied.toString()).isZero();
      assertThat(leaks.found()).isEmpty();

      String jwt = value(arena, "host");
      String cut = jwt.substring(5, 5 + 23);
      Path repository = muster.repository();
      inFile(leaks, repository.resolve("saved.json"), "a " + cut + " b");
      inFile(leaks, repository.resolve(".git/config.bak"), "a " + cut);
      inFile(leaks, muster.home().resolve("tmp/left"), cut);
      inFile(leaks, repository.resolve("named-" + cut), "");
      inFile(leaks, repository.resolve("packed.gz"), gzip(cut));
      Path left =
          Files.createDirectory(Path.of(System.getProperty("java.io.tmpdir"), "muster-git007"));
      inFile(leaks, left.resolve("payload"), cut);
      Files.delete(left);

      inMap(arena, leaks, cut);
      for (String from : List.of("m1", "m2")) {
        inFile(leaks, repository.resolve("saved.json"), value(arena, from));
      }
      ObjectNode member = arena.kubectl("host").get(Definitions.CLUSTER, null, "m1");
      inFile(
          leaks,
          repository.resolve("saved.json"),
          member.at("/spec/connection/token").asText().substring(30));
      String kubeconfig = Files.readString(repository.resolve("kubeconfig.yaml"));
      for (String line : kubeconfig.lines().filter(l -> l.contains("token:")).toList()) {
        inFile(leaks, repository.resolve("saved.json"), line);
      }
      unreachable(leaks, muster, cut);
      muster.call(cut);
      assertThat(leaks.found())
          .as("what was printed")
          .isNotEmpty()
          .allMatch(found -> found.contains("output "));
      assertThat(missed).isEmpty();
    }
  }

  private void inFile(Leaks leaks, Path file, String text) throws IOException {
    inFile(leaks, file, text.getBytes(StandardCharsets.UTF_8));
  }

  private void inFile(Leaks leaks, Path file, byte[] text) throws IOException {
    Files.write(file, text);
    if (leaks.found().stream().noneMatch(found -> found.contains(file.toString()))) {
      missed.append("not found in ").append(file).append('\n');
    }
    Files.delete(file);
  }

  private void inMap(Arena arena, Leaks leaks, String cut) {
    arena
        .kubectl("host")
        .edit(
            Kind.CONFIG_MAP,
            "kube-system",
            "muster-acme-m1",
            map -> map.withObject("/data").put("more", cut));
    if (leaks.found().stream().noneMatch(found -> found.contains("muster-acme-m1"))) {
      missed.append("not found in the inventory\n");
    }
    arena
        .kubectl("host")
        .edit(
            Kind.CONFIG_MAP,
            "kube-system",
            "muster-acme-m1",
            map -> map.withObject("/data").remove("more"));
  }

  /** In a blob to which nothing leads, and in a pack. */
  private void unreachable(Leaks leaks, Muster muster, String cut) throws IOException {
    Path file = muster.repository().resolve("blob");
    Files.writeString(file, cut);
    String blob = muster.git("hash-object", "-w", "blob").strip();
    Files.delete(file);
    Path loose =
        muster
            .repository()
            .resolve(".git/objects/" + blob.substring(0, 2) + "/" + blob.substring(2));
    assertThat(leaks.found())
        .as("a loose object, by git and by hand")
        .anyMatch(found -> found.contains("objects of git"))
        .anyMatch(found -> found.contains(loose.toString()));
    muster.git("update-ref", "refs/kept", blob);
    muster.git("repack", "-a", "-d", "-q");
    muster.git("update-ref", "-d", "refs/kept");
    assertThat(loose).doesNotExist();
    assertThat(leaks.found()).as("a packed object").isNotEmpty();
    muster.git("repack", "-a", "-d", "-q");
    muster.git("prune");
    assertThat(leaks.found()).isEmpty();
  }

  private static String value(Arena arena, String cluster) {
    ObjectNode secret =
        arena.kubectl(cluster).get(Kind.SECRET, "kubesphere-system", "kubesphere-secret");
    return new String(
        Base64.getDecoder().decode(secret.at("/data/secret").asText()), StandardCharsets.UTF_8);
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
