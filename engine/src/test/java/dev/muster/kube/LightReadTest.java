package dev.muster.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Loading the client library takes longer than all else that a small plan does, so whatever goes
 * straight to a server does without it.
 */
@Timeout(180)
class LightReadTest {
  private static final byte[] OBJECT =
      answer(
          "{\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"settings\",\"namespace\":\"default\"}}");
  private static final byte[] LIST =
      answer("{\"kind\":\"List\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}");

  @TempDir Path folder;

  private static byte[] answer(String json) {
    return FuzzedServer.answer(200, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  /** What a process says, and the classes that it loads meanwhile. */
  private List<String> ask(String what, FuzzedServer server) throws Exception {
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xlog:class+load",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.muster.kube.SmallClient",
                server.url(),
                what,
                "60")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean watching = what.equals("watch");
    while (watching && process.isAlive() && !Files.readString(output).contains("saw Found")) {
      Thread.sleep(20);
    }
    process.getOutputStream().close();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    try (Stream<String> lines = Files.lines(output)) {
      return lines.toList();
    }
  }

  private static boolean heavy(String line) {
    return line.contains("io.fabric8.") || line.contains("jdk.internal.net.http.");
  }

  @Test
  void readsListsAndLogsLoadNoClientLibrary() throws Exception {
    FuzzedServer server = new FuzzedServer();
    server.answer(line -> line.contains("/configmaps/") ? OBJECT : LIST);

    for (String what : List.of("read", "list", "logs")) {
      List<String> said = ask(what, server);
      assertThat(said).anyMatch(line -> line.matches("Found.*|0 objects|0 lines.*"));
      assertThat(said).anyMatch(line -> line.contains("dev.muster.wire.Lanes "));
      assertThat(said).noneMatch(LightReadTest::heavy);
    }
  }

  @Test
  void aWatchLoadsNoneEither() throws Exception {
    FuzzedServer server = new FuzzedServer();
    byte[] list =
        answer(
            "{\"kind\":\"List\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[{\"metadata\":"
                + "{\"name\":\"settings\",\"namespace\":\"default\"}}]}");
    server.answer(line -> list);

    List<String> said = ask("watch", server);

    assertThat(said).anyMatch(line -> line.contains("dev.muster.wire.Feed "));
    assertThat(said).noneMatch(LightReadTest::heavy);
  }
}
