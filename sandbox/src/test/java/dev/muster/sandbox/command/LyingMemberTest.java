package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.env.Manifest;
import dev.muster.sandbox.controller.install.Definitions;
import dev.muster.sandbox.server.AuditEntry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A member whose API server lies: what muster writes to the host and to another member is what it
 * would write beside an honest one, or less.
 */
class LyingMemberTest {
  /** What no object of the host and of the other member may ever hold. */
  private static final String MARK = "lie0lie";

  /** The writes to host and m2 of a join of two honest members. */
  private static final Set<String> DECLARED = new TreeSet<>();

  private static final Pattern UID = Pattern.compile("(\"uid\" ?: ?\")([^\"]+)");

  /** What the member says. */
  enum Subject {
    UID_OF_THE_HOST,
    UID_OF_THE_OTHER,
    STRANGE_UID,
    STRANGE_VERSION,
    STRANGE_VALUES,
    HUGE_VALUES,
    ANOTHER_NAME,
    ANOTHER_KIND,
    LEADS_TO_THE_HOST,
    STRANGE_STATUS,
    STRANGE_ANSWER_TO_A_WRITE
  }

  private static final String ESCAPES = MARK + "\\u001b[2J\\u0000${host.jwtSecret}\\n- x: {}";

  private static String namespaceUid(Fleet fleet, String cluster) {
    return fleet
        .kubectl(cluster)
        .find(Kind.NAMESPACE, null, "kube-system")
        .orElseThrow()
        .at("/metadata/uid")
        .asText();
  }

  private static LyingMember.Lie lie(Subject kind, Fleet fleet, URI host) {
    return (request, truth) -> {
      boolean read = request.method().equals("GET");
      String body = truth.body();
      boolean kubeSystem = request.path().endsWith("/namespaces/kube-system");
      return switch (kind) {
        case UID_OF_THE_HOST ->
            kubeSystem ? truth.body(uid(body, namespaceUid(fleet, "host"))) : truth;
        case UID_OF_THE_OTHER ->
            kubeSystem ? truth.body(uid(body, namespaceUid(fleet, "m2"))) : truth;
        case STRANGE_UID -> kubeSystem ? truth.body(uid(body, ESCAPES)) : truth;
        case STRANGE_VERSION ->
            truth.body(body.replaceAll("(\"version\" ?: ?\")v?[0-9.]+\"", "$1v3.3." + MARK + "\""));
        case STRANGE_VALUES ->
            read
                ? truth.body(
                    body.replaceAll(
                        "(\"clusterRole\" ?: ?\"|clusterRole: )none",
                        "$1" + Matcher.quoteReplacement(MARK)))
                : truth;
        case HUGE_VALUES ->
            read
                ? truth.body(
                    body.replaceAll(
                        "(\"clusterRole\" ?: ?\"|clusterRole: )none", "$1" + MARK.repeat(300_000)))
                : truth;
        case ANOTHER_NAME ->
            read
                ? truth.body(body.replaceAll("(\"name\" ?: ?\")[a-z-]+\"", "$1" + MARK + "\""))
                : truth;
        case ANOTHER_KIND ->
            read
                ? truth.body(body.replaceAll("\"kind\" ?: ?\"[A-Za-z]+\"", "\"kind\":\"Secret\""))
                : truth;
        case LEADS_TO_THE_HOST ->
            new LyingMember.Said(read ? 302 : 307, "", Map.of("Location", host + request.target()));
        case STRANGE_STATUS ->
            new LyingMember.Said(
                409,
                "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"code\":409,"
                    + "\"reason\":\"AlreadyExists\",\"message\":\""
                    + ESCAPES
                    + "\"}",
                Map.of());
        case STRANGE_ANSWER_TO_A_WRITE ->
            read
                ? truth
                : truth.body(
                    uid(body, namespaceUid(fleet, "m2"))
                        .replaceAll("(\"name\" ?: ?\")[a-z-]+\"", "$1" + MARK + "\""));
      };
    };
  }

  private static String uid(String body, String other) {
    return UID.matcher(body).replaceAll("$1" + Matcher.quoteReplacement(other));
  }

  private static boolean elsewhere(AuditEntry entry) {
    return !entry.cluster().equals("m1")
        && entry.userAgent().startsWith("muster")
        && !Set.of("get", "list", "watch").contains(entry.verb());
  }

  private static Set<String> writes(Fleet fleet) {
    Set<String> writes = new TreeSet<>();
    for (AuditEntry entry : fleet.requests()) {
      // Nobody came with the login of another cluster.
      assertThat(entry.status()).as(entry.toString()).isNotEqualTo(401);
      if (elsewhere(entry)) {
        writes.add(entry.cluster() + " " + entry.verb() + " " + entry.path());
      }
    }
    return writes;
  }

  private static synchronized Set<String> declared() {
    if (DECLARED.isEmpty()) {
      try (Fleet fleet = two()) {
        fleet.requests();
        fleet.apply().exits(0);
        DECLARED.addAll(writes(fleet));
      }
    }
    return DECLARED;
  }

  private static Fleet two() {
    Fleet fleet = Fleet.of(2, "3.3");
    fleet.topology(
        "", "- name: m1\n- name: m2\n", "timeouts: {installer: 20s, agent: 5s, removal: 5s}");
    return fleet;
  }

  /** A name that no API server would take, from a host whose API server is none. */
  @Test
  void namesOfObjectsCannotDoAnythingToATerminal() throws IOException {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet.apply().exits(0);
      fleet
          .kubectl("host")
          .create(
              Definitions.CLUSTER,
              Manifest.yaml(
                  "{metadata: {name: zzz, labels: {zzz: zzz}}, spec: {connection: {type: proxy, token: t}}}"));
      Path file = fleet.folder.resolve("kubeconfig.yaml");
      String kubeconfig = Files.readString(file);
      URI host = server(kubeconfig, "host");
      String name = "x\\u001b[2J\\u0000\\u202e\\r\\ny";
      LyingMember.Lie lie = (request, truth) -> truth.body(truth.body().replace("zzz", name));
      try (LyingMember lying = new LyingMember(host, lie)) {
        Files.writeString(file, kubeconfig.replace("server: " + host, "server: " + lying.url()));
        for (String command :
            List.of(
                "plan",
                "plan -o markdown",
                "drift",
                "drift -o html",
                "drift -o junit",
                "status",
                "doctor",
                "why",
                "apply --yes")) {
          Fleet.Result result = fleet.muster(command.split(" "));
          assertThat(result.all())
              .as(command)
              .doesNotContain("\u001b", "\u0000", "\u202e", "\r", "fault in muster");
        }
        assertThat(fleet.muster("plan").all()).contains("[2J");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void changesNothingOnTheHostAndOnAnotherMemberBeyondWhatIsDeclared(Subject kind)
      throws IOException {
    Set<String> declared = declared();
    try (Fleet fleet = two()) {
      Path file = fleet.folder.resolve("kubeconfig.yaml");
      String kubeconfig = Files.readString(file);
      URI m1 = server(kubeconfig, "m1");
      URI host = server(kubeconfig, "host");
      try (LyingMember member = new LyingMember(m1, lie(kind, fleet, host))) {
        Files.writeString(file, kubeconfig.replace("server: " + m1, "server: " + member.url()));
        fleet.requests();
        Fleet.Result applied = fleet.apply();
        assertThat(applied.all()).doesNotContain("\u001b", "\u0000", "internal error");
        Set<String> written = writes(fleet);
        assertThat(written).as(applied.all()).isSubsetOf(declared);
        // Nobody else waits for it, but where it claims to be another cluster nothing is begun.
        boolean claims = kind == Subject.UID_OF_THE_HOST || kind == Subject.UID_OF_THE_OTHER;
        assertThat(written.stream().anyMatch(write -> write.startsWith("m2 "))).isEqualTo(!claims);

        // The member was shown its own login only.
        String own = "Bearer " + token(kubeconfig, "m1");
        assertThat(member.logins).isNotEmpty().allMatch(own::equals);
        assertThat(objects(fleet)).noneMatch(text -> text.contains(MARK));
      }
    }
  }

  private static List<String> objects(Fleet fleet) {
    List<String> all = new java.util.ArrayList<>();
    for (String cluster : List.of("host", "m2")) {
      all.add(fleet.configuration(cluster).toString());
      all.add(fleet.settings(cluster).toString());
    }
    for (String member : List.of("m1", "m2")) {
      fleet
          .kubectl("host")
          .find(Definitions.CLUSTER, null, member)
          .ifPresent(cluster -> all.add(cluster.path("spec").toString()));
    }
    return all;
  }

  private static URI server(String kubeconfig, String cluster) {
    return URI.create(
        found(kubeconfig, "name: \"" + cluster + "\"\n  cluster:\n    server: (\\S+)"));
  }

  private static String token(String kubeconfig, String cluster) {
    return found(kubeconfig, "token: \"([^\"]+)\"", "admin-" + cluster);
  }

  private static String found(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as(pattern).isTrue();
    return matcher.group(1);
  }

  private static String found(String text, String pattern, String after) {
    return found(text.substring(text.lastIndexOf("\"" + after + "\"")), pattern);
  }
}
