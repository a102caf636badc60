package dev.muster.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.muster.kube.Access;
import dev.muster.kube.KubeClusters;
import dev.muster.kube.Timeouts;
import dev.muster.live.Reading;
import dev.muster.resource.ObjectRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;

/** One kubeconfig given to kubectl and to muster: both get in, or both do not. */
@Timeout(300)
@EnabledIf("kubectlIsThere")
final class KubeconfigIT {
  private static final ObjectRef SYSTEM = ObjectRef.of("v1", "Namespace", "", "kube-system");
  private static final String EXEC = "client.authentication.k8s.io/v1";

  @SuppressWarnings("NullAway.Init")
  private static TestFleet fleet;

  @SuppressWarnings("NullAway.Init")
  private static Path folder;

  /** What stands for values that only a run knows. */
  private static final Map<String, String> VALUES = new TreeMap<>();

  private static final List<TestProxy> PROXIES = new ArrayList<>();

  static boolean kubectlIsThere() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .anyMatch(place -> Files.isExecutable(Path.of(place, "kubectl")));
  }

  @BeforeAll
  static void start() throws IOException {
    fleet = TestFleet.start("host");
    folder = Files.createDirectories(fleet.folder().resolve("parity"));
    TestCluster host = fleet.cluster("host");
    write("ca.crt", fleet.certificate());
    write("me.key", fleet.key());
    write("token", host.token() + "\n");
    write("empty", "\n");
    VALUES.put("PORT", String.valueOf(host.url().getPort()));
    VALUES.put("CA", base64(fleet.certificate()));
    VALUES.put("KEY", base64(fleet.key()));
    VALUES.put("TOKEN", host.token());
    VALUES.put("POWERLESS", host.powerlessToken());
    VALUES.put("JWT", serviceAccountToken(host));
    VALUES.put("OLD_JWT", "e30." + base64("{\"exp\":1000000000}") + ".c2ln");
    grant(host, "certified", "User", "muster testbed");
    int port = host.url().getPort();
    proxy("HTTP", TestProxy.plain(TestProxy.Kind.HTTP, "", port));
    proxy("HTTP_LOGIN", TestProxy.plain(TestProxy.Kind.HTTP, "me:p@ss", port));
    proxy("SOCKS", TestProxy.plain(TestProxy.Kind.SOCKS5, "", port));
    proxy("SOCKS_LOGIN", TestProxy.plain(TestProxy.Kind.SOCKS5, "me:p@ss", port));
    proxy("HTTPS", TestProxy.secure(fleet.tls(), "", port));
    proxy("HTTPS_LOGIN", TestProxy.secure(fleet.tls(), "me:p@ss", port));
    script("plugin.sh", EXEC, "'\"token\":\"" + host.token() + "\"'");
    script(
        "old.sh", "client.authentication.k8s.io/v1beta1", "'\"token\":\"" + host.token() + "\"'");
    script("nothing.sh", EXEC, "");
    script(
        "certificate.sh",
        EXEC,
        "'\"clientCertificateData\":%s,\"clientKeyData\":%s'"
            .formatted(jsonText(fleet.certificate()), jsonText(fleet.key())));
    told(host);
  }

  @AfterAll
  static void end() {
    PROXIES.forEach(TestProxy::close);
    fleet.close();
  }

  private static void proxy(String name, TestProxy proxy) {
    PROXIES.add(proxy);
    VALUES.put(name, "127.0.0.1:" + proxy.port());
  }

  @TestFactory
  Stream<DynamicTest> agreesWithKubectl() {
    return KubeconfigTable.ROWS.stream()
        .map(
            row ->
                dynamicTest(
                    row.name() + " " + row.result(),
                    () -> {
                      Path file = file(row.cluster(), row.user());
                      compare(row.result(), List.of(file));
                    }));
  }

  @Test
  void agreesOnSeveralFiles() throws Exception {
    Path context = write("1.yaml", "contexts: [{name: c, context: {cluster: there, user: me}}]\n");
    Path first = write("2.yaml", filled("users: [{name: me, user: {token: ${TOKEN}}}]\n"));
    Path second =
        write(
            "3.yaml",
            filled(
                """
                current-context: c
                clusters: [{name: there, cluster: {%s}}]
                users: [{name: me, user: {token: wrong}}]
                """
                    .formatted(KubeconfigTable.SERVER)));
    compare(KubeconfigTable.IN, List.of(context, first, second));
    compare(KubeconfigTable.OUT, List.of(context, second, first));
  }

  private static void compare(String result, List<Path> files) throws Exception {
    String kubectl = kubectl(files);
    Reading muster;
    try (KubeClusters clusters =
        new KubeClusters("test", Timeouts.standard(), KubeClusters.Writes.REAL)) {
      muster = clusters.cluster("host", new Access(files, "")).read(SYSTEM);
    }
    String reason = muster.failed().map(Object::toString).orElse("");
    assertThat(kubectl.isEmpty() ? KubeconfigTable.IN : KubeconfigTable.OUT)
        .as("kubectl: %s", kubectl)
        .isEqualTo(result);
    assertThat(muster.found().isPresent() ? KubeconfigTable.IN : KubeconfigTable.OUT)
        .as("muster: %s", reason)
        .isEqualTo(result);
    assertThat(reason).doesNotContain(VALUES.get("TOKEN"), "p@ss", "p%40ss");
  }

  /** What it complains about, or nothing. */
  private static String kubectl(List<Path> files) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
                "kubectl",
                "get",
                "--raw",
                "/api/v1/namespaces/kube-system",
                "--request-timeout=20s")
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder.environment().keySet().removeIf(key -> key.toLowerCase().endsWith("_proxy"));
    builder.environment().put("HOME", folder.toString());
    builder
        .environment()
        .put("KUBECONFIG", String.join(":", files.stream().map(Path::toString).toList()));
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0 && said.contains("\"kind\":\"Namespace\"") ? "" : said + "!";
  }

  private static Path file(String cluster, String user) {
    return write(
        "kubeconfig.yaml",
        filled(
            """
            apiVersion: v1
            kind: Config
            current-context: c
            contexts: [{name: c, context: {cluster: there, user: me}}]
            clusters: [{name: there, cluster: {%s}}]
            users: [{name: me, user: {%s}}]
            """
                .formatted(cluster, user)));
  }

  private static String filled(String text) {
    String filled = text;
    for (Map.Entry<String, String> value : VALUES.entrySet()) {
      filled = filled.replace("${" + value.getKey() + "}", value.getValue());
    }
    return filled;
  }

  private static Path write(String file, String text) {
    try {
      return Files.writeString(folder.resolve(file), text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void script(String name, String version, String status) throws IOException {
    write(
        name,
        """
        #!/bin/sh
        status=%s
        printf '%%s' '{"kind":"ExecCredential","apiVersion":"%s","status":{'"$status"'}}'
        """
            .formatted(status, version));
    Files.setPosixFilePermissions(
        folder.resolve(name), PosixFilePermissions.fromString("rwx------"));
  }

  /** Gives its token only when it is told which cluster it is for. */
  private static void told(TestCluster host) throws IOException {
    script("told.sh", EXEC, "''");
    write(
        "told.sh",
        Files.readString(folder.resolve("told.sh"))
            .replace(
                "status=''",
                """
                case "$KUBERNETES_EXEC_INFO" in
                *'"server":"%s"'*) case "$KUBERNETES_EXEC_INFO" in
                  *'"config":{"x":"z"}'*) case "$KUBERNETES_EXEC_INFO" in
                    *'"certificate-authority-data":"%s"'*) status='"token":"%s"';;
                  esac;;
                esac;;
                esac"""
                    .formatted(host.url(), VALUES.get("CA"), host.token())));
  }

  private static String jsonText(String text) {
    return '"' + text.replace("\n", "\\n") + '"';
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String serviceAccountToken(TestCluster host) {
    String accounts = "/api/v1/namespaces/default/serviceaccounts";
    host.api().create(accounts, "{\"metadata\":{\"name\":\"parity\"}}").ok();
    grant(host, "parity", "User", "system:serviceaccount:default:parity");
    return host.api()
        .create(accounts + "/parity/token", "{\"spec\":{\"expirationSeconds\":3600}}")
        .ok()
        .json()
        .at("/status/token")
        .asText();
  }

  private static void grant(TestCluster host, String name, String kind, String who) {
    host.api()
        .create(
            "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
            """
            {"metadata":{"name":"%s"},"subjects":[{"kind":"%s","name":"%s",
            "apiGroup":"rbac.authorization.k8s.io"}],"roleRef":{"kind":"ClusterRole",
            "name":"cluster-admin","apiGroup":"rbac.authorization.k8s.io"}}
            """
                .formatted(name, kind, who))
        .ok();
  }
}
