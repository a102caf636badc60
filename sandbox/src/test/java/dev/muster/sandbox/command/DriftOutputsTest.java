package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** One look for drift as a person, a textfile, a page and another system get it. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(120)
class DriftOutputsTest {
  private static final String KEY = "CanaryOfANotification0123456789";
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void oneRunServesEverybody(@TempDir Path folder) throws IOException {
    List<String> posted = new CopyOnWriteArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          posted.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(posted.size() == 1 ? 204 : 404, -1);
          exchange.close();
        });
    server.start();
    Path key = Files.writeString(folder.resolve("key"), KEY + "\n");
    Path page = Files.writeString(folder.resolve("page.html"), "old");
    Files.setPosixFilePermissions(page, PosixFilePermissions.fromString("rw-rw----"));
    Path textfile = folder.resolve("muster.prom");
    try (Fleet fleet = Fleet.of(2, "3.3")) {
      fleet.apply().exits(0);
      fleet.configure("m1", "{multicluster: {clusterRole: none}}");
      String url = "http://user:pw@127.0.0.1:" + server.getAddress().getPort() + "/hidden?a=b";
      String[] drift = {
        "drift",
        "--report",
        "prometheus=" + textfile,
        "--report",
        "html=" + page,
        "--notify",
        url,
        "--notify-key-file",
        key.toString()
      };
      fleet.muster(drift).exits(2).says("drift spec.multicluster.clusterRole");
      assertThat(textfile).content().contains("cluster=\"m1\",kind=\"drift\"} 1\n");
      assertThat(mode(textfile)).isEqualTo("rw-r--r--");
      assertThat(page).content().contains("spec.multicluster.clusterRole", "</html>");
      assertThat(mode(page)).isEqualTo("rw-rw----");
      JsonNode message = JSON.readTree(posted.get(0));
      assertThat(message.at("/summary/drift").asInt()).isEqualTo(1);
      assertThat(message.at("/report/fields/0/path").asText())
          .isEqualTo("spec.multicluster.clusterRole");

      // Nobody takes it: that is told, and the exit code still says what was found.
      Fleet.Result refused = fleet.muster(drift).exits(2);
      refused.says("warning: nobody was notified: http://127.0.0.1:", "status 404");
      assertThat(refused.all()).doesNotContain("user", "hidden", "a=b", KEY);

      fleet.apply().exits(0);
      fleet.muster(drift).exits(0);
      assertThat(posted).hasSize(2);
      assertThat(textfile)
          .content()
          .containsPattern("muster_drift_exit_code\\{topology=\"[^\"]+\"} 0\n");
      try (var left = Files.list(folder)) {
        assertThat(left).containsExactlyInAnyOrder(key, page, textfile);
      }
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aWrongOptionIsToldBeforeAnythingIsRead(@TempDir Path folder) {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet.muster("drift", "--report", "page.html").exits(64).says("--report takes FORMAT=FILE");
      fleet.muster("drift", "--report", "htm=x").exits(64).says("did you mean html?");
      fleet.muster("drift", "--report", "html=x", "--report", "json=x").exits(64).says("twice");
      fleet.muster("drift", "--notify-key-file", "x").exits(64).says("needs --notify URL");
      fleet
          .muster("drift", "--notify", "https://x")
          .exits(1)
          .says("there is no key", "openssl rand");
      fleet.muster("drift", "--notify", "gopher://secret").exits(1).says("neither https://");
      fleet.muster("drift", "--heal", "--report", "html=x").exits(64).says("--heal is a run");
      assertThat(fleet.writes()).isEmpty();
      Path nowhere = folder.resolve("not/there");
      Path there = folder.resolve("drift.json");
      fleet
          .muster("drift", "--report", "html=" + nowhere, "--report", "json=" + there)
          .exits(1)
          .says("clusterRole", "its folder does not exist");
      assertThat(there).as("one file that cannot be written keeps no other back").isNotEmptyFile();
      fleet.muster("drift", "--report", "json=x", "--report", "html=./x").exits(64).says("twice");
    }
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
