package dev.muster.kube;

import static dev.muster.kube.ScriptedServer.json;
import static dev.muster.kube.ScriptedServer.status;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.live.Cluster;
import dev.muster.live.Failure;
import dev.muster.live.Reading;
import dev.muster.resource.ObjectRef;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class KubeconfigTest {
  private static final ObjectRef NODE = ObjectRef.of("v1", "Node", "", "n");

  private static final String EXEC =
      "apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, ";

  private final Path folder;
  private final ScriptedServer server = new ScriptedServer();
  private Clusters clusters;

  KubeconfigTest(@TempDir Path folder) {
    this.folder = folder;
    clusters = new Clusters(folder);
    server.follow(seen -> json(200, "{'kind':'Node','metadata':{'name':'n','uid':'1'}}"));
  }

  @AfterEach
  void close() {
    clusters.close();
    server.close();
  }

  private void environment(Map<String, String> environment) {
    clusters.close();
    clusters = new Clusters(folder, KubeClusters.Writes.REAL, environment, new Timeouts(5, 20));
  }

  private String authorization(Cluster cluster) {
    Reading reading = cluster.read(NODE);
    assertThat(reading.found()).as("%s", reading).isPresent();
    return server.seen.get(server.seen.size() - 1).authorization();
  }

  private Cluster user(String user) {
    return clusters.open(clusters.kubeconfig("user.yaml", server.url(), "", user), "one");
  }

  private static String refusal(Cluster cluster) {
    Failure failure = cluster.read(NODE).failed().orElseThrow();
    assertThat(failure.kind()).isEqualTo(Failure.Kind.NO_ACCESS);
    assertThat(failure.message()).doesNotContain("canary");
    return failure.message();
  }

  private Path script(String name, String text) throws IOException {
    Path script = clusters.write(name, "#!/bin/sh\n" + text);
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void sendsWhatTheUserEntrySays() {
    clusters.write("tokens/t", " from-file\n");

    assertThat(authorization(user("token: abc"))).isEqualTo("Bearer abc");
    assertThat(authorization(user("{username: u, password: p}"))).isEqualTo("Basic dTpw");
    assertThat(authorization(user("tokenFile: tokens/t"))).isEqualTo("Bearer from-file");
    String valid = jwt(4_000_000_000L);
    assertThat(authorization(user(oidc(valid)))).isEqualTo("Bearer " + valid);
    assertThat(authorization(user("{token: abc, tokenFile: tokens/t}")))
        .isEqualTo("Bearer from-file");
    assertThat(authorization(user("{token: abc, tokenFile: gone}"))).isEqualTo("Bearer abc");
    assertThat(authorization(user("{}"))).isEqualTo("null");
  }

  @Test
  void takesTheLoginOutOfAnAddressAndNeverShowsIt() {
    String address = server.url().replace("http://", "http://u:canary%40x@");
    Cluster open = clusters.open(clusters.kubeconfig("a.yaml", address, "", "{}"), "one");
    assertThat(authorization(open))
        .isEqualTo("Basic " + Base64.getEncoder().encodeToString("u:canary@x".getBytes(UTF_8)));
    Cluster other = clusters.open(clusters.kubeconfig("b.yaml", address, "", "token: abc"), "one");
    assertThat(authorization(other)).isEqualTo("Bearer abc");

    String nobody = "http://u:canary@127.0.0.1:1/x";
    Cluster gone = clusters.open(clusters.kubeconfig("c.yaml", nobody, "", "{}"), "one");
    Failure failure = gone.read(NODE).failed().orElseThrow();
    assertThat(failure.message()).contains("http://127.0.0.1:1/x").doesNotContain("canary");
  }

  private static String oidc(String idToken) {
    return "auth-provider: {name: oidc, config: {id-token: " + idToken + "}}";
  }

  private static String jwt(long expires) {
    String claims = "{\"exp\":" + expires + "}";
    return "e30." + Base64.getUrlEncoder().encodeToString(claims.getBytes(UTF_8)) + ".c2ln";
  }

  @Test
  void saysHowToGoOnWithoutTheOldAuthProviders() {
    assertThat(refusal(user(oidc(jwt(1_000_000_000L))))).contains("run kubectl get --raw /version");
    assertThat(refusal(user(oidc("canary")))).contains("is no JWT");
    assertThat(refusal(user("auth-provider: {name: gcp, config: {access-token: canary}}")))
        .contains("\"gcp\" is not supported", "exec plugin of its vendor");
  }

  @Test
  void asksToBeTakenForSomebodyElse() {
    List<String> headers = new ArrayList<>();
    server.follow(
        seen ->
            exchange -> {
              exchange
                  .getRequestHeaders()
                  .forEach(
                      (name, values) -> {
                        if (name.startsWith("Impersonate")) {
                          headers.add(name + ": " + values);
                        }
                      });
              json(200, "{'kind':'Node','metadata':{'name':'n','uid':'1'}}").to(exchange);
            });
    user("{token: t, as: alice, as-uid: u-1, as-groups: [dev, ops],"
            + " as-user-extra: {example.org/Reason: [test]}}")
        .read(NODE);

    assertThat(headers)
        .containsExactlyInAnyOrder(
            "Impersonate-user: [alice]",
            "Impersonate-uid: [u-1]",
            "Impersonate-group: [dev, ops]",
            "Impersonate-extra-example.org%2freason: [test]");
    assertThat(refusal(user("{token: t, as-groups: [ops]}"))).contains("as-groups without as");
  }

  @Test
  void refusesWhatMeansTwoThings() {
    assertThat(refusal(user("{token: canary, username: u, password: canary}")))
        .contains("a token and a username");
    assertThat(refusal(user("{client-certificate: a, client-certificate-data: canary}")))
        .contains("client-certificate and client-certificate-data");
    assertThat(refusal(user("{client-certificate: a}"))).contains("it needs both");
    Path both =
        clusters.kubeconfig(
            "b.yaml",
            "https://h",
            "certificate-authority: a\n    insecure-skip-tls-verify: true",
            "{}");
    assertThat(refusal(clusters.open(both, "one"))).contains("insecure-skip-tls-verify");
  }

  @Test
  void readsARotatedTokenFileAgain() {
    Path file = clusters.write("t", "old");
    Cluster cluster = user("tokenFile: t");
    assertThat(authorization(cluster)).isEqualTo("Bearer old");

    clusters.write("t", "new");
    assertThat(authorization(cluster)).isEqualTo("Bearer new");
    assertThat(file).exists();
  }

  @Test
  void mergesFilesAsKubectlDoes() {
    Path first =
        clusters.write(
            "a/first.yaml",
            """
            contexts:
            - {name: one, context: {cluster: there, user: me}}
            users:
            - {name: me, user: {token: first}}
            """);
    Path second =
        clusters.write(
            "b/second.yaml",
            """
            current-context: one
            contexts:
            - {name: one, context: {cluster: nowhere, user: nobody}}
            clusters:
            - {name: there, cluster: {server: "%s"}}
            users:
            - {name: me, user: {token: second}}
            """
                .formatted(server.url()));
    Cluster given = clusters.all.cluster("x", new Access(List.of(first, second), ""));
    assertThat(authorization(given)).isEqualTo("Bearer first");

    environment(
        Map.of("KUBECONFIG", first + File.pathSeparator + "/gone" + File.pathSeparator + second));
    Cluster listed = clusters.all.cluster("x", new Access(List.of(), "one"));
    assertThat(authorization(listed)).isEqualTo("Bearer first");
  }

  @Test
  void fallsBackToTheFileInTheHomeFolder() {
    assertThat(refusal(clusters.all.cluster("x", new Access(List.of(), "one"))))
        .isEqualTo(
            "there is no kubeconfig: $KUBECONFIG is not set and no file "
                + folder.resolve(".kube/config"));

    clusters.kubeconfig(".kube/config", server.url(), "", "token: home");
    assertThat(authorization(clusters.all.cluster("x", new Access(List.of(), "one"))))
        .isEqualTo("Bearer home");
  }

  @Test
  void saysWhatIsMissing() {
    Path file = clusters.kubeconfig("k.yaml", server.url(), "", "token: canary");
    assertThat(refusal(clusters.open(file, "onne")))
        .isEqualTo(
            "context \"onne\" is not in %s; did you mean \"one\"?; there are: one".formatted(file));
    assertThat(refusal(clusters.open(folder.resolve("none.yaml"), "one")))
        .isEqualTo("the kubeconfig " + folder.resolve("none.yaml") + " does not exist");

    Path dangling =
        clusters.write("d.yaml", "contexts: [{name: one, context: {cluster: c, user: u}}]");
    assertThat(refusal(clusters.open(dangling, "one")))
        .isEqualTo("context \"one\" names cluster \"c\", which is not in " + dangling);
    Path userless =
        clusters.write(
            "u.yaml",
            "contexts: [{name: one, context: {cluster: c, user: u}}]\n"
                + "clusters: [{name: c, cluster: {server: 'https://h'}}]");
    assertThat(refusal(clusters.open(userless, "one")))
        .isEqualTo("context \"one\" names user \"u\", which is not in " + userless);
    assertThat(refusal(clusters.open(userless, "")))
        .isEqualTo("there is no current context in " + userless);
  }

  @Test
  void neverQuotesABrokenFile() {
    Path broken = clusters.write("b.yaml", "users:\n- token: canary\n  x: [canary\n");
    assertThat(refusal(clusters.open(broken, "one"))).contains("is not valid YAML");
    assertThat(refusal(clusters.open(clusters.write("s.yaml", "canary"), "one")))
        .contains("is empty or no mapping");
    assertThat(refusal(clusters.open(folder, "one"))).contains("cannot be read");
    assertThat(refusal(user("{client-certificate-data: canary, client-key-data: canary}")))
        .isEqualTo("the certificates or the proxy of context \"one\" cannot be used");
    assertThat(refusal(user("{client-certificate: gone.crt, client-key: gone.key}")))
        .isEqualTo("the client certificate file " + folder.resolve("gone.crt") + " cannot be read");
  }

  @Test
  void readsAChangedFileAgain() {
    Path file = clusters.kubeconfig("k.yaml", server.url(), "", "token: one");
    assertThat(authorization(clusters.open(file, "one"))).isEqualTo("Bearer one");

    clusters.kubeconfig("k.yaml", server.url(), "", "token: another");
    assertThat(authorization(clusters.open(file, "one"))).isEqualTo("Bearer another");
  }

  @Test
  void refusesWhatItCannotDo() {
    Path socks = clusters.kubeconfig("s.yaml", "http://h", "proxy-url: socks5://h:1", "{}");
    assertThat(refusal(clusters.open(socks, "one"))).contains("socks5://h:1 is not supported");
    Path odd = clusters.kubeconfig("o.yaml", "https://h", "proxy-url: ftp://u:canary@h", "{}");
    assertThat(refusal(clusters.open(odd, "one"))).contains("neither http://, nor https://");
    Path scheme = clusters.kubeconfig("f.yaml", "ftp://h", "", "{}");
    assertThat(refusal(clusters.open(scheme, "one"))).contains("no http or https URL");
  }

  @Test
  void goesThroughTheKubeconfigsProxy() {
    Path file =
        clusters.kubeconfig(
            "p.yaml", "http://api.invalid:8080", "proxy-url: " + server.url(), "token: t");

    assertThat(authorization(clusters.open(file, "one"))).isEqualTo("Bearer t");
    assertThat(server.seen.get(0).target()).isEqualTo("http://api.invalid:8080/api/v1/nodes/n");
  }

  @Test
  void goesThroughTheEnvironmentsProxyUnlessExempt() {
    environment(Map.of("http_proxy", server.url(), "NO_PROXY", "*.x,near.invalid"));
    Path file = clusters.kubeconfig("p.yaml", "http://far.invalid:8080", "", "token: t");
    assertThat(authorization(clusters.open(file, "one"))).isEqualTo("Bearer t");

    Path near = clusters.kubeconfig("near.yaml", "http://near.invalid", "", "token: t");
    assertThat(clusters.open(near, "one").read(NODE).failed().orElseThrow().kind())
        .isEqualTo(Failure.Kind.UNKNOWN_HOST);
  }

  @Test
  void runsACredentialPluginOnceAndAgainWhenRefused() throws IOException {
    script(
        "plugin.sh",
        """
        echo run >> "$OUT"
        n=$(wc -l < "$OUT" | tr -d ' ')
        echo "$KUBERNETES_EXEC_INFO" > "$OUT.info"
        echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"'$1-$n'"}}'
        """);
    Path out = folder.resolve("out");
    Cluster cluster =
        user(
            "exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: IfAvailable, command: ./plugin.sh, args: [a b],"
                + " provideClusterInfo: true, env: [{name: OUT, value: '"
                + out
                + "'}]}");
    assertThat(authorization(cluster)).isEqualTo("Bearer a b-1");
    assertThat(authorization(cluster)).isEqualTo("Bearer a b-1");
    assertThat(Files.readString(folder.resolve("out.info")))
        .contains("\"kind\":\"ExecCredential\"", server.url());

    server.follow(
        seen ->
            seen.authorization().equals("Bearer a b-2")
                ? json(200, "{'kind':'Node','metadata':{'name':'n'}}")
                : status(401, "Unauthorized", "expired"));
    assertThat(authorization(cluster)).isEqualTo("Bearer a b-2");
  }

  @Test
  void runsAPluginAgainWhenItsTokenHasExpired() throws IOException {
    script(
        "plugin.sh",
        """
        echo run >> "$OUT"
        n=$(wc -l < "$OUT" | tr -d ' ')
        echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1",'
        echo '"status":{"token":"t'$n'","expirationTimestamp":"2020-01-01T00:00:00Z"}}'
        """);
    Cluster cluster =
        user(
            "exec: {"
                + EXEC
                + "command: ./plugin.sh, env: [{name: OUT, value: '"
                + folder
                + "/out'}]}");

    assertThat(authorization(cluster)).isNotEqualTo(authorization(cluster));
  }

  @Test
  void saysWhyAPluginGaveNoCredential() throws IOException {
    script("fail.sh", "echo canary; echo 'please log in' >&2; exit 3\n");
    script(
        "empty.sh",
        "echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\"}'\n");
    script("other.sh", "echo '{}'\n");
    script("slow.sh", "sleep 60\n");

    assertThat(refusal(user("exec: {" + EXEC + "command: ./fail.sh}")))
        .isEqualTo("the credential plugin \"./fail.sh\" ended with code 3: please log in");
    assertThat(refusal(user("exec: {" + EXEC + "command: ./empty.sh}")))
        .isEqualTo("the credential plugin \"./empty.sh\" gave no credential");
    assertThat(refusal(user("exec: {" + EXEC + "command: ./other.sh}")))
        .contains("did not answer with an ExecCredential of client.authentication.k8s.io/v1");
    assertThat(refusal(user("exec: {" + EXEC.replace("Never", "Always") + "command: ./x.sh}")))
        .contains("interactiveMode: Always", "or a token");
    assertThat(refusal(user("exec: {" + EXEC.replace("Never", "''") + "command: ./x.sh}")))
        .contains("allowed are Never, IfAvailable, Always");
    assertThat(refusal(user("exec: {" + EXEC + "command: no-such-plugin, installHint: get it}")))
        .isEqualTo("the credential plugin \"no-such-plugin\" cannot be started: get it");
    clusters.close();
    clusters = new Clusters(folder, KubeClusters.Writes.REAL, Map.of(), new Timeouts(1, 1));
    assertThat(refusal(user("exec: {" + EXEC + "command: ./slow.sh}")))
        .isEqualTo("the credential plugin \"./slow.sh\" did not end within 1 s");
    assertThat(server.seen).isEmpty();
  }

  @Test
  void contextsThatRunThePluginInTheSameWayShareItsLogin() throws IOException {
    script(
        "plugin.sh",
        """
        echo run >> "$OUT"
        echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1",'
        echo '"status":{"token":"t"}}'
        """);
    String plugin = "exec: {" + EXEC + "command: ./plugin.sh, env: [{name: OUT, value: '%s'}]}";
    String user = plugin.formatted(folder.resolve("out"));
    assertThat(authorization(user(user))).isEqualTo("Bearer t");
    assertThat(authorization(user(user))).isEqualTo("Bearer t");

    assertThat(Files.readString(folder.resolve("out"))).isEqualTo("run\n");
  }

  @Test
  void aFailedLoginCanBeMendedWhileRunning() {
    Cluster cluster = clusters.open(folder.resolve("late.yaml"), "one");
    assertThat(refusal(cluster)).contains("does not exist");

    clusters.kubeconfig("late.yaml", server.url(), "", "token: t");
    assertThat(authorization(cluster)).isEqualTo("Bearer t");
  }
}
