package dev.muster.kube;

import static dev.muster.kube.ScriptedServer.json;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsExchange;
import dev.muster.live.Cluster;
import dev.muster.live.Failure;
import dev.muster.live.Reading;
import dev.muster.live.Watching;
import dev.muster.resource.ObjectRef;
import dev.muster.wire.TestKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server with a self-signed certificate that also knows one client by its certificate. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsTest {
  private static final ObjectRef NODE = ObjectRef.of("v1", "Node", "", "n");

  private final Path folder;
  private final Clusters clusters;
  private ScriptedServer server = new ScriptedServer();

  TlsTest(@TempDir Path folder) {
    this.folder = folder;
    clusters = new Clusters(folder, Clusters.PATIENT, kind(), standing());
  }

  /** Whether each watch has a connection of its own. */
  boolean standing() {
    return false;
  }

  TlsKind kind() {
    return TlsKind.JDK;
  }

  @BeforeAll
  void makeCertificates() throws Exception {
    server.close();
    TestKeys own = TestKeys.make(folder, "server", "RSA", "ip:127.0.0.1,dns:api.internal");
    TestKeys known = TestKeys.make(folder, "client", "EC", "dns:client");
    SSLContext context = own.server(known);
    server = new ScriptedServer(context);
    server.follow(seen -> json(200, "{'kind':'Node','metadata':{'name':'n'}}"));
    Files.createDirectories(folder.resolve("pki"));
    Files.writeString(folder.resolve("pki/ca.crt"), own.certificate());
    Files.writeString(folder.resolve("pki/me.crt"), known.certificate());
    Files.writeString(folder.resolve("pki/me.key"), known.key());
  }

  @AfterAll
  void close() {
    clusters.close();
    server.close();
  }

  private String inline(String file) throws Exception {
    return Base64.getEncoder().encodeToString(Files.readAllBytes(folder.resolve(file)));
  }

  private void assertReads(String cluster, String user) {
    Reading reading = read(cluster, user);
    assertThat(reading.found()).as("%s", reading).isPresent();
  }

  private Reading read(String cluster, String user) {
    return clusters
        .open(clusters.kubeconfig("tls.yaml", server.url(), cluster, user), "one")
        .read(NODE);
  }

  @Test
  void usesFilesRelativeToTheKubeconfig() {
    assertReads(
        "certificate-authority: pki/ca.crt",
        "{client-certificate: pki/me.crt, client-key: pki/me.key}");
  }

  @Test
  void usesInlineCertificates() throws Exception {
    assertReads(
        "certificate-authority-data: " + inline("pki/ca.crt"),
        "{client-certificate-data: %s, client-key-data: %s}"
            .formatted(inline("pki/me.crt"), inline("pki/me.key")));
  }

  @Test
  void acceptsAnyServerWhenToldTo() {
    assertReads("insecure-skip-tls-verify: true", "token: t");
  }

  @Test
  void watchesOnTheSameTermsAsItReads() throws Exception {
    String list =
        "{'kind':'NodeList','metadata':{'resourceVersion':'1'},'items':[{'metadata':{'name':'n'}}]}";
    server.follow(seen -> json(200, list));
    String byName = server.url().replace("127.0.0.1", "localhost");
    String mine = "{client-certificate: pki/me.crt, client-key: pki/me.key}";

    assertThat(firstSeen(server.url(), "certificate-authority: pki/ca.crt", mine).found())
        .isPresent();
    assertThat(firstSeen(byName, "insecure-skip-tls-verify: true", "token: t").found()).isPresent();
    assertThat(
            firstSeen(
                    byName,
                    "certificate-authority: pki/ca.crt\n    tls-server-name: api.internal",
                    "token: t")
                .found())
        .isPresent();
    for (String wrong :
        List.of("certificate-authority: pki/ca.crt", "certificate-authority: pki/me.crt")) {
      assertThat(firstSeen(byName, wrong, "token: t").failed().orElseThrow().kind())
          .isEqualTo(Failure.Kind.TLS);
    }
    server.follow(seen -> json(200, "{'kind':'Node','metadata':{'name':'n'}}"));
  }

  private Reading firstSeen(String url, String cluster, String user) throws Exception {
    Path file = clusters.kubeconfig("watch.yaml", url, cluster, user);
    LinkedBlockingQueue<Reading> seen = new LinkedBlockingQueue<>();
    try (Clusters impatient = new Clusters(folder, Clusters.IMPATIENT, kind(), standing());
        Watching watching = impatient.open(file, "one").watch(NODE, seen::add)) {
      Reading first = seen.take();
      // That it has not answered yet is told as well.
      while (first.failed().filter(f -> f.kind() == Failure.Kind.TIMEOUT).isPresent()) {
        first = seen.take();
      }
      return first;
    }
  }

  @Test
  void asksForTheNameInTlsServerNameAndWantsItInTheCertificate() {
    List<SNIServerName> asked = new ArrayList<>();
    server.follow(
        seen ->
            exchange -> {
              SSLSession session = ((HttpsExchange) exchange).getSSLSession();
              asked.addAll(((ExtendedSSLSession) session).getRequestedServerNames());
              json(200, "{'kind':'Node','metadata':{'name':'n'}}").to(exchange);
            });
    String trust = "certificate-authority: pki/ca.crt\n    tls-server-name: ";
    String byName = server.url().replace("127.0.0.1", "localhost");

    for (String url : List.of(server.url(), byName)) {
      Path file = clusters.kubeconfig("name.yaml", url, trust + "api.internal", "token: t");
      Reading reading = clusters.open(file, "one").read(NODE);
      assertThat(reading.found()).as("%s", reading).isPresent();
    }
    assertThat(asked)
        .containsExactly(new SNIHostName("api.internal"), new SNIHostName("api.internal"));
    Failure other = read(trust + "other.internal", "token: t").failed().orElseThrow();
    assertThat(other.kind()).isEqualTo(Failure.Kind.TLS);
    server.follow(seen -> json(200, "{'kind':'Node','metadata':{'name':'n'}}"));
  }

  @Test
  void takesTheCertificateOfAPluginAndTheNextOne() throws Exception {
    Path plugin = folder.resolve("certificate.sh");
    Files.writeString(
        plugin,
        """
        #!/bin/sh
        echo run >> runs
        cat <<END
        {"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{
        "expirationTimestamp":"$(cat until)",
        "clientCertificateData":"$(sed 's/$/\\\\n/' pki/me.crt | tr -d '\\n')",
        "clientKeyData":"$(sed 's/$/\\\\n/' pki/me.key | tr -d '\\n')"}}
        END
        """
            .replace("runs", folder.resolve("runs").toString())
            .replace("until", folder.resolve("until").toString())
            .replace("pki/", folder.resolve("pki").toString() + "/"));
    Files.setPosixFilePermissions(plugin, PosixFilePermissions.fromString("rwx------"));
    Files.writeString(folder.resolve("until"), "2020-01-01T00:00:00Z");
    List<String> came = new ArrayList<>();
    server.follow(
        seen ->
            exchange -> {
              SSLSession session = ((HttpsExchange) exchange).getSSLSession();
              came.add(session.getPeerPrincipal().getName());
              json(200, "{'kind':'Node','metadata':{'name':'n'}}").to(exchange);
            });
    Cluster cluster =
        clusters.open(
            clusters.kubeconfig(
                "plugin.yaml",
                server.url(),
                "certificate-authority: pki/ca.crt",
                "exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never,"
                    + " command: ./certificate.sh}"),
            "one");

    assertThat(cluster.read(NODE).found()).isPresent();
    Files.writeString(folder.resolve("until"), "2099-01-01T00:00:00Z");
    assertThat(cluster.read(NODE).found()).isPresent();
    long runs = Files.readString(folder.resolve("runs")).lines().count();
    assertThat(cluster.read(NODE).found()).isPresent();
    assertThat(Files.readString(folder.resolve("runs")).lines()).hasSize((int) runs);
    assertThat(came).containsOnly("CN=client").hasSize(3);
    server.follow(seen -> json(200, "{'kind':'Node','metadata':{'name':'n'}}"));
  }

  @Test
  void saysThatAServerIsNotTrusted() {
    Failure failure = read("certificate-authority: pki/me.crt", "{}").failed().orElseThrow();

    assertThat(failure.kind()).isEqualTo(Failure.Kind.TLS);
    assertThat(failure.message()).startsWith("no trusted connection to " + server.url());
  }

  @Test
  void saysThatAServerDoesNotSpeakTls() throws Exception {
    try (ServerSocket plain = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
      Thread answering =
          new Thread(
              () -> {
                while (true) {
                  try (Socket client = plain.accept()) {
                    client
                        .getOutputStream()
                        .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
                    client.getInputStream().read();
                  } catch (IOException e) {
                    if (plain.isClosed()) {
                      return;
                    }
                  }
                }
              });
      answering.start();
      Path file =
          clusters.kubeconfig("plain.yaml", "https://127.0.0.1:" + plain.getLocalPort(), "", "{}");

      assertThat(clusters.open(file, "one").read(NODE).failed().orElseThrow().kind())
          .isEqualTo(Failure.Kind.TLS);
      plain.close();
      answering.join();
    }
  }

  @Test
  void doesNotBlameCertificatesForABrokenHandshake() throws Exception {
    try (ServerSocket rude = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
      Thread hangingUp =
          new Thread(
              () -> {
                try {
                  while (true) {
                    rude.accept().close();
                  }
                } catch (IOException e) {
                  // The test has closed the socket.
                  return;
                }
              });
      hangingUp.start();
      Path file =
          clusters.kubeconfig("rude.yaml", "https://127.0.0.1:" + rude.getLocalPort(), "", "{}");

      assertThat(clusters.open(file, "one").read(NODE).failed().orElseThrow().kind())
          .isEqualTo(Failure.Kind.BROKEN);
      rude.close();
      hangingUp.join();
    }
  }
}
