package dev.muster.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.muster.problem.Problems;
import dev.muster.problem.Where;
import dev.muster.resource.Redactor;
import dev.muster.topology.SecretInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretSourcesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private final Redactor redactor = new Redactor();
  private final Problems problems = new Problems();
  private final Map<String, String> environment = new HashMap<>(System.getenv());
  private Duration longest = Duration.ofSeconds(30);

  @Test
  void readsAFileBesideTheTopologyWithoutItsLastLineEnd() throws IOException {
    Files.writeString(folder.resolve("word.txt"), "open sesame\n");
    assertThat(value("{\"file\": \"word.txt\"}")).isEqualTo("open sesame");
    assertThat(redactor.mask("say open sesame twice")).isEqualTo("say (sensitive) twice");
  }

  @Test
  void readsAVariable() {
    environment.put("WORD", "open sesame");
    assertThat(value("{\"env\": \"WORD\"}")).isEqualTo("open sesame");
  }

  @Test
  void runsAProgramWithoutAShellInTheFolderOfTheTopology() throws IOException {
    Files.writeString(folder.resolve("word.txt"), "open sesame");
    assertThat(value("{\"exec\": [\"cat\", \"word.txt\"]}")).isEqualTo("open sesame");
    assertThat(value("{\"exec\": [\"echo\", \"$HOME; ls\"]}")).isEqualTo("$HOME; ls");
  }

  @Test
  void givesAProgramTheEnvironmentButForWhatIsMustersOwn() {
    environment.put("OF_THE_PROGRAM", "needed");
    environment.put("MUSTER_NOTIFY_KEY", "not-for-others-1");
    environment.put("MUSTER_PUSH", "https://u:not-for-others-2@git.example.test/fleet");
    assertThat(value("{\"exec\": [\"env\"]}"))
        .contains("OF_THE_PROGRAM=needed")
        .doesNotContain("not-for-others", "MUSTER_PUSH", "MUSTER_NOTIFY_KEY");
  }

  @Test
  void runsAProgramOnceHoweverOftenItIsNamed() throws IOException {
    script("count", "echo again >> log; echo the-word");
    SecretSources sources = sources(SecretSources.Extent.ALL);
    for (int i = 0; i < 3; i++) {
      assertThat(load(sources, "{\"exec\": [\"./count\"]}"))
          .contains(new SecretInput.Text("the-word"));
    }
    assertThat(Files.readAllLines(folder.resolve("log"))).hasSize(1);
  }

  @Test
  void tellsAllThatIsMissingAtOnce() {
    SecretSources sources = sources(SecretSources.Extent.ALL);
    load(sources, "{\"file\": \"gone.txt\"}");
    load(sources, "{\"env\": \"NOT_SET_ANYWHERE\"}");
    load(sources, "{\"exec\": [\"./gone\"]}");
    assertThat(problems.all().stream().map(p -> p.message()))
        .containsExactly(
            "there is no secret file " + folder.resolve("gone.txt"),
            "the variable NOT_SET_ANYWHERE is not set",
            "the program \"./gone\" cannot be started");
    assertThat(problems.all()).allSatisfy(p -> assertThat(p.hints()).isNotEmpty());
  }

  @Test
  void tellsWhatAProgramComplainedOfWithoutTheSecretThatItPrinted() throws IOException {
    script(
        "leaks",
        "echo CanaryThatLeaks123; echo first >&2;"
            + " printf 'cannot use \\033[31mCanaryThatLeaks123\\n' >&2; exit 3");
    load(sources(SecretSources.Extent.ALL), "{\"exec\": [\"./leaks\"]}");
    assertThat(problems.all().get(0).message())
        .isEqualTo("the program \"./leaks\" ended with code 3: cannot use \uFFFD[31m(sensitive)");
  }

  @Test
  void endsAProgramThatDoesNotEndWithAllThatItStarted() throws IOException {
    script("hangs", "sleep 600 & echo $! > child; sleep 600");
    longest = Duration.ofSeconds(1);
    load(sources(SecretSources.Extent.ALL), "{\"exec\": [\"./hangs\"]}");
    assertThat(problems.all().get(0).message())
        .isEqualTo("the program \"./hangs\" did not end within 1 s");
    long child = Long.parseLong(Files.readString(folder.resolve("child")).strip());
    Optional<ProcessHandle> handle = ProcessHandle.of(child);
    handle.ifPresent(h -> h.onExit().join());
    assertThat(ProcessHandle.of(child).filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void refusesAProgramThatPrintsNothing() {
    load(sources(SecretSources.Extent.ALL), "{\"exec\": [\"true\"]}");
    assertThat(problems.all().get(0).message()).isEqualTo("the program \"true\" printed nothing");
  }

  @Test
  void startsNoProgramWhereACommandOnlyChecks() throws IOException {
    script("count", "echo again >> log; echo the-word");
    assertThat(load(sources(SecretSources.Extent.WITHOUT_PROGRAMS), "{\"exec\": [\"./count\"]}"))
        .contains(new SecretInput.Unread("program ./count"));
    assertThat(folder.resolve("log")).doesNotExist();
    load(sources(SecretSources.Extent.WITHOUT_PROGRAMS), "{\"env\": \"NOT_SET_ANYWHERE\"}");
    assertThat(problems.all()).hasSize(1);
    load(sources(SecretSources.Extent.NONE), "{\"env\": \"NOT_SET_ANYWHERE\"}");
    assertThat(problems.all()).as("history works without the secrets").hasSize(1);
  }

  @Test
  void masksEachSecretPartOfAFileAndNoneOfItsOrdinaryWords() throws IOException {
    String key = Base64.getEncoder().encodeToString("a key that nobody sees, ever".getBytes(UTF));
    String file =
        """
        apiVersion: v1
        kind: Config
        current-context: a-context-with-a-rather-long-name-of-its-own
        users:
        - name: a-user-whose-name-is-longer-than-thirty-two-characters
          user: {client-key-data: %s, token: short.token, password: hunter2hunter2}
        """
            .formatted(key);
    Files.writeString(folder.resolve("k.yaml"), file);
    value("{\"file\": \"k.yaml\"}");
    for (String secret : new String[] {key, "short.token", "hunter2hunter2", file.strip()}) {
      assertThat(redactor.mask("x " + secret)).isEqualTo("x (sensitive)");
    }
    for (String whole : new String[] {file, file.strip()}) {
      String base64 = Base64.getEncoder().encodeToString(whole.getBytes(UTF));
      assertThat(redactor.mask(base64)).isEqualTo("(sensitive)");
    }
    String ordinary = "kind: Config, a-user-whose-name-is-longer-than-thirty-two-characters";
    assertThat(redactor.mask(ordinary)).isEqualTo(ordinary);
  }

  private static final java.nio.charset.Charset UTF = StandardCharsets.UTF_8;

  private String value(String source) {
    SecretInput input = load(sources(SecretSources.Extent.ALL), source).orElseThrow();
    return ((SecretInput.Text) input).value();
  }

  private SecretSources sources(SecretSources.Extent extent) {
    return new SecretSources(extent, redactor, environment, longest);
  }

  private Optional<SecretInput> load(SecretSources sources, String source) {
    try {
      JsonNode node = JSON.readTree(source);
      return sources.load(node, folder, Where.file("t.yaml"), problems);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void script(String name, String body) throws IOException {
    Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + body + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}
