package dev.muster.testbed.secret;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.muster.sandbox.fault.Fault;
import dev.muster.sandbox.fault.Request;
import dev.muster.sandbox.fault.Rule;
import dev.muster.testbed.Muster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What other users of the machine can see of a run, and what a run that is killed leaves: no secret
 * stands in the arguments of muster or of a program that it starts, in what it gives to their
 * environment, or among its temporary files.
 */
@Timeout(400)
final class ProcessLeaksIT {
  private static final String NOTIFY = "CanaryOfTheNotification5Rf1Hg";
  private static final String LOGIN = "CanaryLogin7Wq2Zx9Pb4";
  private static final String PROXY = "CanaryOfTheProxy8Hd4Jk2Mw";
  private static final String PASSWORD = "CanaryOfTheHelper3Xc6Nv9Lp";

  /** What muster puts into the environment of each program that it starts; see SECURITY.md. */
  private static final Map<String, Set<String>> ADDED =
      Map.of(
          "plugin", Set.of("KUBERNETES_EXEC_INFO", "OF_THE_PLUGIN"),
          "program", Set.of(),
          "git", Set.of("GIT_TERMINAL_PROMPT", "GIT_ASKPASS", "SSH_ASKPASS"),
          "gpg", Set.of("LC_ALL"));

  @Test
  void noProgramShowsASecretOrIsGivenOneThatIsNotItsOwn() throws IOException {
    List<String> logins = Collections.synchronizedList(new ArrayList<>());
    HttpServer remote = refusing(logins);
    try (WatchedFleet fleet = new WatchedFleet()) {
      fleet.canaries.add("the key of --notify", NOTIFY);
      fleet.canaries.add("the login of MUSTER_PUSH", LOGIN);
      fleet.canaries.add("the password of git's helper", PASSWORD);
      programs(fleet);
      Set<String> shown = Collections.synchronizedSet(new TreeSet<>());
      fleet
          .faults()
          .add(
              Rule.always(Request::writes, new Fault.Delay(Duration.ZERO))
                  .then(request -> shown.addAll(allArguments())));
      String address = "127.0.0.1:" + remote.getAddress().getPort() + "/fleet.git";
      String ssh = "ssh://ann@host.example.test/fleet.git";
      Muster.Result applied =
          run(fleet, "http://ann:" + LOGIN + "@" + address, "apply", "--yes", "--git-ref", "main");
      assertThat(applied.exit()).as(applied.toString()).isEqualTo(8);
      fleet.rememberTheAgentsToken();
      run(fleet, "none", "history", "--fetch", ssh);
      run(fleet, "none", "drift", "--notify", "http://" + address);

      assertThat(List.copyOf(logins)).as("logins at the remote").contains("ann:" + PASSWORD);
      assertThat(shown).anyMatch(line -> line.contains("dev.muster.cli.Main"));
      noSecret(fleet, "arguments of processes of this machine", String.join("\n", shown));
      spies(fleet);
      assertThat(modes(temporary(fleet))).as("temporary files afterwards").isEmpty();
    } finally {
      remote.stop(0);
    }
  }

  private static void spies(WatchedFleet fleet) {
    Set<String> spied = new TreeSet<>();
    for (Spies.Seen seen : fleet.spies.seen()) {
      spied.add(seen.spy());
      noSecret(fleet, seen.spy() + "'s arguments", seen.arguments());
      noSecret(fleet, "arguments of what started " + seen.spy(), seen.parent());
      noSecret(fleet, seen.spy() + "'s environment", seen.environment());
      if (ADDED.containsKey(seen.spy())) {
        assertThat(seen.parent()).contains("dev.muster.cli.Main");
        assertThat(new TreeSet<>(seen.added()))
            .as("what " + seen.spy() + " was given besides muster's own environment")
            .isEqualTo(new TreeSet<>(ADDED.get(seen.spy())));
      }
    }
    assertThat(spied).containsExactlyInAnyOrder("plugin", "program", "git", "helper", "gpg", "ssh");
    fleet.spies.temporaryFiles().forEach((when, text) -> noSecret(fleet, when, text));
    assertThat(fleet.spies.modes())
        .as("temporary files while programs ran")
        .isNotEmpty()
        .allMatch(line -> line.startsWith("700 d ") || line.startsWith("600 f "));
  }

  @Test
  void aRunThatIsKilledLeavesNoSecretBehind() throws IOException {
    try (WatchedFleet fleet = new WatchedFleet()) {
      programs(fleet);
      List<String> left = new ArrayList<>();
      CompletableFuture<Muster.Running> process = new CompletableFuture<>();
      // By now it has logged in everywhere and knows the token of m1's agent.
      fleet
          .faults()
          .add(
              Rule.once(
                      request -> request.writes() && request.path().endsWith("/deployments"),
                      new Fault.DropAnswer())
                  .then(
                      request -> {
                        process.join().signal("STOP");
                        left.addAll(modes(temporary(fleet)));
                        process.join().kill();
                      }));
      Muster.Running running =
          fleet.start(
              "umask 000\n" + environment(fleet, "none"), "apply", "--yes", "--git-ref", "main");
      process.complete(running);
      assertThat(running.await().exit()).isEqualTo(137);
      fleet.rememberTheAgentsToken();
      assertThat(modes(temporary(fleet)))
          .isEqualTo(left)
          .containsExactly("rwx------ muster-source");
      Places places = new Places();
      places.folder(fleet.muster.repository(), file -> false);
      places.folder(fleet.muster.home(), file -> false);
      assertThat(places.size()).isGreaterThan(20);
      assertThat(places.holding(fleet.canaries)).isEmpty();
    }
  }

  @Test
  void aProxyOfTheEnvironmentIsToldOfWithoutItsLogin() throws IOException {
    List<String> asked = Collections.synchronizedList(new ArrayList<>());
    try (WatchedFleet fleet = new WatchedFleet();
        RefusingProxy proxy = RefusingProxy.start(asked)) {
      fleet.canaries.add("the login of HTTPS_PROXY", PROXY);
      Path far =
          fleet.write(
              "far.yaml",
              fleet.kubeconfig().replaceFirst("http://127[^\"]*", "https://api.example.test:6443"));
      fleet.muster.topology(
          Files.readString(fleet.muster.repository().resolve("topology.yaml"))
              .replace("kubeconfig.yaml", far.getFileName().toString()));
      String environment =
          ". '"
              + fleet.write(
                  "proxy", "export HTTPS_PROXY=http://ann:%s@%s\n".formatted(PROXY, proxy.at()))
              + "'";
      for (List<String> words :
          List.of(
              List.of("plan", "-o", "json", "--debug"),
              List.of("doctor", "--debug"),
              List.of("drift"),
              List.of("apply", "--yes", "--debug"))) {
        Muster.Result result = fleet.start(environment, words.toArray(String[]::new)).await();
        assertThat(result.exit()).as(result.toString()).isNotZero();
        assertThat(result.toString())
            .contains("the proxy on the way to https://api.example.test:6443 wants a login");
        noSecret(fleet, "what " + words + " said", result.toString());
      }
      assertThat(asked).anyMatch(login -> login.equals("ann:" + PROXY));
      assertThat(Places.of(fleet.muster, file -> false).holding(fleet.canaries)).isEmpty();
    }
  }

  private static void programs(WatchedFleet fleet) throws IOException {
    fleet.spies.program("git", "PATH=${PATH#*:} exec git \"$@\"");
    fleet.spies.program("ssh", "exit 255");
    Path helper = fleet.spies.program("helper", "echo username=ann; echo password=" + PASSWORD);
    Path gpg =
        fleet.spies.program(
            "gpg",
            "cat > /dev/null; printf -- '-----BEGIN PGP SIGNATURE-----\\n\\nAAAA\\n"
                + "-----END PGP SIGNATURE-----\\n'");
    fleet.muster.git("config", "credential.helper", helper.toString());
    fleet.muster.git("config", "gpg.program", gpg.toString());
    fleet.muster.git("config", "muster.sign", "true");
  }

  /** Lines of shell that set the environment of a run. */
  private static String environment(WatchedFleet fleet, String push) throws IOException {
    String variables =
        ("export MUSTER_NOTIFY_KEY=%s MUSTER_PUSH='%s'\n"
                + "export GIT_SSH_COMMAND='%s/ssh' PATH='%s':$PATH\n")
            .formatted(NOTIFY, push, fleet.given, fleet.given);
    return ". '" + fleet.write("environment", variables) + "'";
  }

  private static Muster.Result run(WatchedFleet fleet, String push, String... arguments)
      throws IOException {
    return fleet.start(environment(fleet, push), arguments).await();
  }

  private static void noSecret(WatchedFleet fleet, String place, String text) {
    assertThat(fleet.canaries.in(text)).as("secrets in " + place).isEmpty();
  }

  private static Path temporary(WatchedFleet fleet) {
    return fleet.muster.home().resolve("tmp");
  }

  /** What lies in a folder: modes, and names without the digits that make them unique. */
  private static List<String> modes(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      List<String> all = new ArrayList<>();
      for (Path file : (List<Path>) files.sorted().toList()) {
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        all.add(mode + " " + file.getFileName().toString().replaceAll("\\d+", ""));
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The command lines of all processes, as everybody on the machine can read them. */
  private static Set<String> allArguments() {
    Set<String> all = new TreeSet<>();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process : (List<Path>) processes.toList()) {
        if (process.getFileName().toString().matches("\\d+")) {
          all.add(arguments(process.resolve("cmdline")));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  private static String arguments(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1).replace('\0', ' ');
    } catch (IOException gone) {
      return "";
    }
  }

  /** A remote that wants a login, and takes none. */
  private static HttpServer refusing(List<String> logins) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String login = exchange.getRequestHeaders().getFirst("Authorization");
          if (login != null && login.startsWith("Basic ")) {
            byte[] text = Base64.getDecoder().decode(login.substring("Basic ".length()));
            logins.add(new String(text, StandardCharsets.UTF_8));
          }
          exchange.getRequestBody().readAllBytes();
          exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"fleet\"");
          exchange.sendResponseHeaders(401, -1);
          exchange.close();
        });
    server.start();
    return server;
  }
}
