package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.muster.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who presses the tab key waits for no JVM: the shell knows all words by itself. */
@Timeout(60)
final class CompletionTest {
  @TempDir Path folder;

  @Test
  void completesWithoutStartingAnything() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "there is no bash");
    StringWriter script = new StringWriter();
    PrintWriter out = new PrintWriter(script);
    assertThat(Main.run(out, out, false, "generate-completion")).isZero();
    Files.writeString(folder.resolve("completion.sh"), script.toString());
    String started = "started";
    for (String program : List.of("muster", "java")) {
      Path stub = folder.resolve(program);
      Files.writeString(stub, "#!/bin/sh\necho " + program + " >>" + folder.resolve(started));
      assertThat(stub.toFile().setExecutable(true)).isTrue();
    }

    assertThat(complete("muster", "va")).contains("validate");
    assertThat(complete("muster", "schedule", "--ev")).contains("--every");
    assertThat(complete("muster", "schedule", "--as", "")).contains("systemd", "deployment");
    assertThat(folder.resolve(started)).doesNotExist();
    assertThat(bash("muster; cat " + folder.resolve(started))).contains("muster");
  }

  private List<String> complete(String... words) throws Exception {
    String line = "'" + String.join("' '", words) + "'";
    return bash(
        "source completion.sh; COMP_WORDS=("
            + line
            + "); COMP_CWORD="
            + (words.length - 1)
            + "; _complete_muster; printf '%s\\n' \"${COMPREPLY[@]}\"");
  }

  private List<String> bash(String script) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder("/bin/bash", "--norc", "-c", script)
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder.environment().put("PATH", folder + ":/usr/bin:/bin");
    Process process = builder.start();
    List<String> said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(String.join("\n", said)).isZero();
    return said;
  }
}
