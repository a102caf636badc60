package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.sandbox.controller.env.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each kind of fleet is played as it then goes. */
@Execution(ExecutionMode.CONCURRENT)
class RehearsedFleetsTest {
  private static final String SHARED = "sharesLoopback: true";
  private static final String DIRECT =
      "- {name: m1, connection: direct, kubeconfig: {file: m1.yaml}}";
  private static final Pattern TOKEN = Pattern.compile("(?m)^ *token: (\\S+)$");

  /** Joined, given another kubeconfig, taken out; beside a member with an agent. */
  @ParameterizedTest
  @ValueSource(strings = {"3.3", "3.4"})
  void directMembers(String version) throws IOException {
    try (Fleet fleet = Fleet.of(2, version)) {
      fleet.write("m1.yaml", kubeconfig(fleet, 300));
      String proxy = SHARED + ", proxy: {address: \"http://203.0.113.9:8080\"}";
      fleet.topology(proxy, DIRECT + "\n- name: m2");
      asPlayed(fleet, "connect[m1] Cluster/m1", "agent[m2] Deployment/");
      fleet.write("m1.yaml", kubeconfig(fleet, 200));
      asPlayed(fleet, "connect[m1] Cluster/m1");
      fleet.topology(proxy, "- {name: m1, state: absent, connection: direct}\n- name: m2");
      asPlayed(fleet, "unregister[m1] Cluster/m1", "release[m1] ClusterConfiguration/");
    }
  }

  @Test
  void aDirectMemberThatOnlyTheHostReaches() throws IOException {
    try (Fleet fleet = Fleet.of(1, "3.4")) {
      fleet.write("m1.yaml", kubeconfig(fleet, 300));
      fleet.topology(SHARED, DIRECT.replace("direct,", "direct, kubeconfigReachableFrom: host,"));
      asPlayed(fleet, "connect[m1] Cluster/m1");
    }
  }

  /** What a kubeconfig was refused for when the fleet was recorded is refused in the play. */
  @Test
  void aKubeconfigThatLeadsElsewhereIsRefusedWithoutANetworkToo() {
    try (Fleet fleet = Fleet.of(2, "3.4")) {
      String elsewhere =
          fleet.sandbox.kubeconfigForHost("m2", Instant.now().plus(Duration.ofDays(9)));
      fleet.write("m1.yaml", elsewhere);
      fleet.topology(SHARED, DIRECT);
      String snapshot = fleet.folder.resolve("snapshot.json").toString();
      String why = "the kubeconfig of m1 leads to another cluster";
      fleet.muster("plan", "--snapshot", snapshot).exits(5).says(why);
      fleet.requests();
      fleet.muster("apply", "--dry-run", "--offline", snapshot).exits(5).says(why);
      assertThat(fleet.requests()).isEmpty();
    }
  }

  @Test
  void kubeSphere4() throws IOException {
    try (Fleet fleet =
        Fleet.with(
            Fleet.settings(2, "4.1")
                .withLoadBalancer(Fleet.PENDING)
                .withEach(
                    s -> s.withRole(s.name().equals("host") ? Role.HOST : Role.NOT_INSTALLED)))) {
      fleet.write("m1.yaml", kubeconfig(fleet, 300));
      fleet.topology(SHARED, DIRECT);
      asPlayed(fleet, "connect[m1] Cluster/m1");
      fleet.topology(SHARED, DIRECT.replace("yaml}", "yaml}, group: gold"));
      asPlayed(fleet, "connect[m1] Cluster/m1");
      fleet.topology(SHARED, "- {name: m1, state: absent, connection: direct}");
      asPlayed(fleet, "unregister[m1] Cluster/m1");
    }
  }

  @Test
  void openElb() throws IOException {
    try (Fleet fleet =
        Fleet.with(
            Fleet.settings(1, "3.3")
                .withLoadBalancer(Fleet.PENDING)
                .withEach(s -> s.name().equals("host") ? s.withOpenElb() : s))) {
      fleet.topology("proxy: {openelb: {address: 192.168.0.100, interface: eth0}}", "- name: m1");
      asPlayed(fleet, "openelb Eip/tower", "agent[m1] Deployment/");
      fleet.topology(
          "proxy: {openelb: {address: 192.168.0.100, interface: eth0}}", "- {name: m1, group: a}");
      asPlayed(fleet, "register[m1] Cluster/m1");
    }
  }

  /** What the inventory on the host remembers counts in the play. */
  @Test
  void fieldsAndMembersThatLeftTheTopology() throws IOException {
    try (Fleet fleet = Fleet.of(3, "3.3")) {
      fleet.topology("", "- {name: m1, group: gold}\n- name: m2\n- name: m3");
      fleet.apply().exits(0);
      fleet.topology("", "- name: m1\n- name: m2\n- name: m3");
      JsonNode played = asPlayed(fleet, "register[m1] Cluster/m1");
      assertThat(played.at("/patches").toString()).contains("remove");

      fleet.topology("", "- name: m1\n- name: m2");
      Path snapshot = fleet.folder.resolve("without.json");
      fleet.muster("plan", "--snapshot", snapshot.toString()).exits(5);
      String[] offline = {"apply", "--dry-run", "--offline", snapshot.toString(), "--prune"};
      fleet.muster(offline).exits(1).says("muster plan --prune --snapshot");
      asPlayed(fleet, List.of("--prune"), "unregister[m3] Cluster/m3", "release[m3] Namespace/");
    }
  }

  @Test
  void wavesAndTheirBudget() throws IOException {
    try (Fleet fleet = Fleet.of(3, "3.3")) {
      fleet.sandbox.server().cluster("m2").unavailable(true);
      String snapshot = fleet.folder.resolve("snapshot.json").toString();
      fleet.muster("plan", "--snapshot", snapshot).exits(8);
      fleet
          .muster("apply", "--dry-run", "--offline", snapshot, "--stop-after", "1")
          .exits(8)
          .says("wave 1 of", "wave 2 of");
      fleet.muster("apply", "--dry-run", "--offline", snapshot, "--only", "host-role").exits(0);
    }
  }

  @Test
  void aRotation() throws IOException {
    try (Fleet fleet = Fleet.joined(2, "3.3")) {
      String before = fleet.jwtSecret("host");
      Path snapshot = fleet.folder.resolve("snapshot.json");
      Path rehearsal = fleet.folder.resolve("rehearsal.json");
      fleet.muster("plan", "--snapshot", snapshot.toString()).exits(0);
      fleet.requests();
      fleet
          .muster(
              "rotate",
              "jwt",
              "--dry-run",
              "--offline",
              snapshot.toString(),
              "--out",
              rehearsal.toString())
          .exits(0)
          .says(
              "rotation jwt: ",
              "then wait for gate host-installed, up to 30s",
              "host-role",
              "member-role[m1]",
              "nothing of this has happened");
      assertThat(fleet.requests()).isEmpty();
      assertThat(fleet.jwtSecret("m2")).isEqualTo(before);
      fleet
          .muster("rotate", "jwt", "--yes", "--rehearsed", rehearsal.toString())
          .exits(0)
          .says("as rehearsed: the same");
      assertThat(fleet.jwtSecret("m2")).isEqualTo(fleet.jwtSecret("host")).isNotEqualTo(before);
    }
  }

  @Test
  void refusesAMemberThatIsReachedByCourier() {
    try (Fleet fleet = Fleet.of(2, "3.3")) {
      fleet.write("key", "a-key-of-a-courier-0123456789\n");
      fleet.topology("", "- name: m1\n- {name: m2, access: {courier: {sealWith: {file: key}}}}");
      String snapshot = fleet.folder.resolve("snapshot.json").toString();
      fleet.muster("plan", "--snapshot", snapshot).exits(8);
      fleet
          .muster("apply", "--dry-run", "--offline", snapshot)
          .exits(1)
          .says("a member that is reached by courier cannot be played: m2", "--bundle FILE");
    }
  }

  private static String kubeconfig(Fleet fleet, int days) {
    return fleet.sandbox.kubeconfigForHost("m1", Instant.now().plus(Duration.ofDays(days)));
  }

  private static JsonNode asPlayed(Fleet fleet, String... patches) throws IOException {
    return asPlayed(fleet, List.of(), patches);
  }

  /** Records, plays without a request, does it for real, and finds nothing left to do. */
  private static JsonNode asPlayed(Fleet fleet, List<String> options, String... patches)
      throws IOException {
    Path snapshot = fleet.folder.resolve("snapshot.json");
    Path rehearsal = fleet.folder.resolve("rehearsal.json");
    fleet.muster(words(options, "plan", "--snapshot", snapshot.toString())).exits(0);
    fleet.requests();
    Fleet.Result result =
        fleet.muster(
            words(
                options,
                "apply",
                "--dry-run=client",
                "--offline",
                snapshot.toString(),
                "--out",
                rehearsal.toString(),
                "-o",
                "json"));
    JsonNode played = result.exits(0).json();
    assertThat(fleet.requests()).as("asked of real clusters").isEmpty();
    assertThat(played.path("differences")).isEmpty();
    List<String> written = new ArrayList<>();
    played
        .path("patches")
        .forEach(
            p ->
                written.add(
                    p.path("step").asText()
                        + " "
                        + p.at("/ref/kind").asText()
                        + "/"
                        + p.at("/ref/name").asText()));
    for (String patch : patches) {
      assertThat(written).anyMatch(line -> line.startsWith(patch));
    }
    Path kubeconfig = fleet.folder.resolve("m1.yaml");
    if (Files.exists(kubeconfig)) {
      Matcher token = TOKEN.matcher(Files.readString(kubeconfig));
      assertThat(token.find()).isTrue();
      assertThat(Files.readString(snapshot) + Files.readString(rehearsal) + result.all())
          .doesNotContain(token.group(1));
    }
    fleet
        .apply(words(options, "--rehearsed", rehearsal.toString()))
        .exits(0)
        .says("as rehearsed: the same");
    fleet.muster("plan", "--detailed-exitcode").exits(0);
    return played;
  }

  private static String[] words(List<String> options, String... command) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(options);
    return all.toArray(String[]::new);
  }
}
