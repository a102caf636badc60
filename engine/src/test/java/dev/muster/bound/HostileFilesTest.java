package dev.muster.bound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that mean harm, given to the command line in a process of its own with a small heap: each
 * is refused, with its name or its place in it, without running out of memory or of time.
 */
@Timeout(120)
class HostileFilesTest {
  private static final String HEAD =
      "apiVersion: muster.dev/v1alpha1\nkind: Topology\nmetadata: {name: t}\nspec:\n  host: {name: h}\n";

  @TempDir Path folder;

  private record Ended(int code, String output) {}

  /** In a process with 256 MiB. */
  private Ended small(String... args) throws IOException, InterruptedException {
    return with("-Xmx256m", args);
  }

  private Ended with(String heap, String... args) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                heap,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.muster.cli.Main"));
    command.addAll(List.of(args));
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    process.getOutputStream().close();
    boolean ended = process.waitFor(60, TimeUnit.SECONDS);
    process.destroyForcibly().waitFor();
    assertThat(ended).as("it ends by itself").isTrue();
    return new Ended(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
  }

  private static Ended here(String... args) {
    StringWriter text = new StringWriter();
    PrintWriter writer = new PrintWriter(text, true);
    return new Ended(Main.run(writer, writer, false, args), text.toString());
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  /** A file of 100 MB that takes no room on the disk. */
  private String large(String name) throws IOException {
    Path file = folder.resolve(name);
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(100 << 20);
    }
    return file.toString();
  }

  private static void refused(Ended ended, String... words) {
    assertThat(ended.output()).contains(words).doesNotContain("fault in muster", "\tat ");
    assertThat(ended.code()).as(ended.output()).isEqualTo(1);
    assertThat(ended.output().length()).isLessThan(100_000);
  }

  @Test
  void aTopologyOf100MegabytesIsRefused() throws Exception {
    refused(small("validate", "-f", large("big.yaml")), "big.yaml is larger than 8 MiB", "hint:");
  }

  @Test
  void aPlanOf100MegabytesIsRefusedWhereItIsNamed() throws Exception {
    large("plan.yaml");
    String file = write("t.yaml", HEAD + "  plan: plan.yaml\n");
    refused(small("validate", "-f", file), "t.yaml:6:9", "larger than 8 MiB");
  }

  @Test
  void aChangeSetOf100MegabytesIsRefused() throws Exception {
    refused(small("apply", large("set.json")), "set.json is larger than 8 MiB");
  }

  @Test
  void aKubeconfigOf100MegabytesIsRefused() throws Exception {
    large("kube");
    String access = "{name: h, access: {kubeconfig: {file: kube}}}";
    Ended ended = small("plan", "-f", write("t.yaml", HEAD.replace("{name: h}", access)));
    assertThat(ended.output()).contains("kube is larger than 32 MiB").doesNotContain("\tat ");
    assertThat(ended.code()).isNotZero();
  }

  @Test
  void aDeviceThatNeverEndsIsRefused() throws Exception {
    refused(small("validate", "-f", "/dev/zero"), "/dev/zero is larger than 8 MiB");
    refused(small("apply", "/dev/zero"), "/dev/zero is larger than 8 MiB");
  }

  @Test
  void aPipeThatNobodyWritesToIsGivenUp() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    refused(small("validate", "-f", pipe.toString()), "pipe: nothing came out of it within 10 s");
  }

  @Test
  void aFolderIsRefused() {
    refused(here("validate", "-f", folder.toString()), "it is a folder");
    refused(here("apply", folder.toString()), "it is a folder");
  }

  @Test
  void manyValuesFitIntoASmallHeap() throws Exception {
    String lists = write("t.yaml", HEAD + "  x: [" + "[],".repeat(900_000) + "]\n");
    refused(small("validate", "-f", lists), "t.yaml:6:", "holds more than 400000 values");
    String maps = write("m.yaml", HEAD + "  x: [" + "{a: 1},".repeat(130_000) + "]\n");
    refused(small("validate", "-f", maps), "m.yaml:6:3", "unknown key \"x\"");
    String tabs = write("b.yaml", HEAD + "  x:" + "\n".repeat(3_000_000));
    refused(small("validate", "-f", tabs), "b.yaml:6:3");
  }

  @Test
  void asManyUnknownKeysAsFitAreToldUpToAHundred() throws Exception {
    StringBuilder text = new StringBuilder(HEAD);
    for (int i = 0; i < 90_000; i++) {
      text.append("  k").append(i).append(": x\n");
    }
    Ended ended = small("validate", "-f", write("t.yaml", text.toString()));
    refused(
        ended,
        "t.yaml:6:3",
        "unknown key \"k0\"",
        "t.yaml: error: there are more problems than these 100");
  }

  @Test
  void asManyDuplicatesAsFitAreToldUpToAHundred() throws Exception {
    String file = write("t.yaml", HEAD + "  a: x\n".repeat(90_000));
    refused(
        small("validate", "-f", file),
        "declared twice",
        "t.yaml: error: there are more problems than these 100");
  }

  @Test
  void aKeyOfMegabytesIsToldInShort() throws Exception {
    String file = write("t.yaml", HEAD + "  ? \"" + "k".repeat(2_000_000) + "\"\n  : x\n");
    refused(small("validate", "-f", file), "t.yaml:6:5", "unknown key", "characters)");
  }

  @Test
  void aNumberOfAMillionDigitsIsRefusedAtOnce() throws Exception {
    String file = write("t.yaml", HEAD + "  x: " + "9".repeat(1_000_000) + "\n");
    refused(small("validate", "-f", file), "t.yaml:6:6");
    String exponent = write("e.yaml", HEAD + "  x: 1e1000000000\n");
    refused(small("validate", "-f", exponent), "e.yaml:6:6");
  }

  @Test
  void depthIsRefusedWhereItBecomesTooMuch() throws Exception {
    for (String open : List.of("[", "{a: ", "- ", "? ")) {
      String file = write("t.yaml", HEAD + "  x:\n    " + open.repeat(10_000));
      refused(small("validate", "-f", file), "t.yaml:", "nested deeper than 50 levels");
    }
  }

  @Test
  void aTagIsRefusedAndNothingIsMadeOfIt() throws Exception {
    String file =
        write("t.yaml", HEAD + "  x: !!javax.script.ScriptEngineManager [!!java.net.URL [x]]\n");
    refused(
        here("validate", "-f", file),
        "t.yaml:6:6",
        "tag !!javax.script.ScriptEngineManager is not");
  }

  @Test
  void namesThatWouldBePathsAreRefused() throws Exception {
    for (String name :
        List.of("../../etc/x", "a/b", ".", "..", "-x", "a\\u0000b", "a\\u001b[2Jb")) {
      String topology = write("t.yaml", HEAD.replace("name: t", "name: \"" + name + "\""));
      refused(here("validate", "-f", topology), "t.yaml:3:18");
      String member = write("m.yaml", HEAD + "  members: [{name: \"" + name + "\"}]\n");
      refused(here("validate", "-f", member), "m.yaml:6:20");
    }
  }

  @Test
  void escapeSequencesOfAFileNeverReachTheTerminal() throws Exception {
    String file =
        write(
            "t.yaml", HEAD + "  \"\\u001b]0;owned\\u0007\\u009b2J\\u202e\\rx\": 1\n  y\u202e: 2\n");
    Ended ended = here("validate", "-f", file);
    refused(ended, "t.yaml:6:3", "unknown key");
    assertThat(ended.output().codePoints().filter(c -> c != '\n' && !Printable.fit(c))).isEmpty();
  }

  @Test
  void depthInAChangeSetIsRefused() throws Exception {
    String file = write("set.json", "{\"kind\":" + "[".repeat(1_000_000));
    refused(small("apply", file), "set.json is broken");
  }

  @Test
  void aHeapThatDoesNotSufficeIsToldWithWhatToDo() throws Exception {
    String maps = write("m.yaml", HEAD + "  x: [" + "{a: 1},".repeat(130_000) + "]\n");

    Ended ended = with("-Xmx24m", "validate", "-f", maps);

    assertThat(ended.output())
        .contains(
            "error: out of memory in `muster validate`: what it has to hold at once is larger than",
            "hint: give it more memory: MUSTER_JAVA_OPTS=-Xmx2g")
        .doesNotContain("fault in muster", "\tat ");
    assertThat(ended.code()).isEqualTo(1);
  }
}
