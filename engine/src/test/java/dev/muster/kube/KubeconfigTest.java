package dev.muster.kube;

import static dev.muster.kube.ScriptedServer.json;
import static dev.muster.kube.ScriptedServer.status;
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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class KubeconfigTest {
  private static final ObjectRef NODE = ObjectRef.of("v1", "Node", "", "n");

  private final Path folder;
  private final ScriptedServer server = new ScriptedServer();
  private Clusters clusters;

  KubeconfigTest(@TempDir Path folder) {
    this.folder = folder;
    clusters = new Clusters(folder);
    server.follow(seen -> json(200, "{'kind':'Node','metadata':{'uid':'1'}}"));
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
    assertThat(
            authorization(
                user("auth-provider: {name: oidc, config: {id-token: i, access-token: a}}")))
        .isEqualTo("Bearer i");
    assertThat(authorization(user("{}"))).isEqualTo("null");
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
    assertThat(refusal(user("client-certificate: gone.crt")))
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
    Path name = clusters.kubeconfig("n.yaml", "https://10.0.0.1", "tls-server-name: api.x", "{}");
    assertThat(refusal(clusters.open(name, "one"))).contains("tls-server-name \"api.x\"");
    Path socks = clusters.kubeconfig("s.yaml", "https://h", "proxy-url: socks5://h:1", "{}");
    assertThat(refusal(clusters.open(socks, "one"))).contains("SOCKS");
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
        echo '{"kind":"ExecCredential","status":{"token":"'$1-$n'"}}'
        """);
    Path out = folder.resolve("out");
    Cluster cluster =
        user(
            "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin.sh, args: [a b],"
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
                ? json(200, "{'kind':'Node'}")
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
        echo '{"status":{"token":"t'$n'","expirationTimestamp":"2020-01-01T00:00:00Z"}}'
        """);
    Cluster cluster =
        user("exec: {command: ./plugin.sh, env: [{name: OUT, value: '" + folder + "/out'}]}");

    assertThat(authorization(cluster)).isNotEqualTo(authorization(cluster));
  }

  @Test
  void saysWhyAPluginGaveNoCredential() throws IOException {
    script("fail.sh", "echo canary; echo 'please log in' >&2; exit 3\n");
    script("empty.sh", "echo '{}'\n");
    script("slow.sh", "sleep 60\n");

    assertThat(refusal(user("exec: {command: ./fail.sh}")))
        .isEqualTo("the credential plugin \"./fail.sh\" ended with code 3: please log in");
    assertThat(refusal(user("exec: {command: ./empty.sh}")))
        .isEqualTo("the credential plugin \"./empty.sh\" gave no credential");
    assertThat(refusal(user("exec: {command: no-such-plugin, installHint: get it}")))
        .isEqualTo("the credential plugin \"no-such-plugin\" cannot be started: get it");
    clusters.close();
    clusters = new Clusters(folder, KubeClusters.Writes.REAL, Map.of(), new Timeouts(1, 1));
    assertThat(refusal(user("exec: {command: ./slow.sh}")))
        .isEqualTo("the credential plugin \"./slow.sh\" did not end within 1 s");
    assertThat(server.seen).isEmpty();
  }

  @Test
  void aFailedLoginCanBeMendedWhileRunning() {
    Cluster cluster = clusters.open(folder.resolve("late.yaml"), "one");
    assertThat(refusal(cluster)).contains("does not exist");

    clusters.kubeconfig("late.yaml", server.url(), "", "token: t");
    assertThat(authorization(cluster)).isEqualTo("Bearer t");
  }
}
