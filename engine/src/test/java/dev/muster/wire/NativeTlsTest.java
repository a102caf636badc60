package dev.muster.wire;

import static dev.muster.wire.RawServer.say;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is spoken to many servers, and when it is left to the JDK. */
@Timeout(60)
class NativeTlsTest {
  private static final String OK = "HTTP/1.1 200 OK|Content-Length: 2||hi";
  private static final Request GET = new Request("GET", "/", List.of(), new byte[0], true);
  private static final Consumer<SSLServerSocket> NO_RULES = socket -> {};

  @TempDir private static Path folder;

  private static TestKeys rsa;
  private static TestKeys ec;
  private static TestKeys stranger;

  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeAll
  static void makeKeys() throws Exception {
    rsa = TestKeys.make(folder, "rsa", "RSA", "ip:127.0.0.1");
    ec = TestKeys.make(folder, "ec", "EC", "ip:127.0.0.1,dns:api.internal");
    stranger = TestKeys.make(folder, "stranger", "EC", "dns:elsewhere");
  }

  /** Elsewhere all is left to the JDK, as other tests have it. */
  @BeforeAll
  static void onlyWhereThereIsOne() throws Exception {
    String processor = System.getProperty("os.arch");
    assumeTrue(
        System.getProperty("os.name").equals("Linux")
            && List.of("amd64", "aarch64").contains(processor));
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable closeable : open) {
      closeable.close();
    }
    timer.shutdownNow();
  }

  /** Answers every request, to those who keep its rules. */
  private RawServer server(TestKeys own, TestKeys client, Consumer<SSLServerSocket> rules)
      throws IOException, GeneralSecurityException {
    return server(own, client, rules, OK, Integer.MAX_VALUE);
  }

  /**
   * @param most requests of one connection, after which the server hangs up
   */
  private RawServer server(
      TestKeys own, TestKeys client, Consumer<SSLServerSocket> rules, String answer, int most)
      throws IOException, GeneralSecurityException {
    RawServer[] self = new RawServer[1];
    self[0] =
        new RawServer(
            own.server(client).getServerSocketFactory(),
            socket -> rules.accept((SSLServerSocket) socket),
            (connection, in, out) -> {
              for (int i = 0; i < most; i++) {
                self[0].request(connection, in);
                say(out, answer);
              }
            });
    open.add(self[0]);
    return self[0];
  }

  private Lanes lanes(int port, Tls tls, String name) {
    Lanes lanes =
        new Lanes(
            new Endpoint("127.0.0.1", port, Optional.of(tls), name),
            new Doors(),
            timer,
            new Lanes.Limits(TimeUnit.SECONDS.toNanos(20), TimeUnit.SECONDS.toNanos(50), 4 << 20));
    open.add(lanes);
    return lanes;
  }

  private static boolean isFast(Lanes lanes) throws IOException {
    return lanes.endpoint().tls().orElseThrow().fast(lanes.endpoint());
  }

  private static Tls trusting(TestKeys authority, boolean many) throws GeneralSecurityException {
    return Tls.of(new Trust(authority.certificate(), false, "", ""), many);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void asksAgainOnTheSameConnection(String version) throws Exception {
    RawServer server =
        server(rsa, ec, socket -> socket.setEnabledProtocols(new String[] {version}));
    Tls tls = trusting(rsa, true);
    Lanes lanes = lanes(server.port(), tls, "127.0.0.1");

    for (int i = 0; i < 3; i++) {
      assertThat(new String(lanes.ask(GET).body())).isEqualTo("hi");
    }
    assertThat(server.seen).containsExactly("1 GET /", "1 GET /", "1 GET /");
    assertThat(isFast(lanes)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"rsa, TLSv1.2", "rsa, TLSv1.3", "ec, TLSv1.2", "ec, TLSv1.3"})
  void showsItsCertificate(String kind, String version) throws Exception {
    TestKeys mine = kind.equals("rsa") ? rsa : ec;
    RawServer server =
        server(
            ec,
            mine,
            socket -> {
              socket.setEnabledProtocols(new String[] {version});
              socket.setNeedClientAuth(true);
            });
    Tls tls = Tls.of(new Trust(ec.certificate(), false, mine.certificate(), mine.key()), true);

    Lanes lanes = lanes(server.port(), tls, "api.internal");
    assertThat(lanes.ask(GET).code()).isEqualTo(200);
    assertThat(isFast(lanes)).isTrue();
  }

  @Test
  void takesAndBringsWhatNeedsManyRecords() throws Exception {
    String large = "x".repeat(3 << 20);
    String answer = "HTTP/1.1 200 OK|Content-Length: " + large.length() + "||" + large;
    RawServer server = server(rsa, ec, NO_RULES, answer, Integer.MAX_VALUE);
    Tls tls = trusting(rsa, true);
    Lanes lanes = lanes(server.port(), tls, "127.0.0.1");
    Request put = new Request("PUT", "/", List.of(), large.getBytes(), false);

    assertThat(lanes.ask(put).body()).hasSize(large.length());
    assertThat(lanes.ask(GET).body()).hasSize(large.length());
    assertThat(server.connections()).isEqualTo(1);
    assertThat(isFast(lanes)).isTrue();
  }

  @Test
  void takesAnybodyWhenToldTo() throws Exception {
    RawServer server = server(stranger, ec, NO_RULES);
    Tls tls = Tls.of(new Trust("", true, "", ""), true);

    Lanes lanes = lanes(server.port(), tls, "127.0.0.1");
    assertThat(lanes.ask(GET).code()).isEqualTo(200);
    assertThat(isFast(lanes)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"authority", "name"})
  void refusesInTheWordsOfTheJdk(String wrong) throws Exception {
    RawServer server = server(ec, rsa, NO_RULES);
    TestKeys authority = wrong.equals("authority") ? stranger : ec;
    String name = wrong.equals("name") ? "other.internal" : "127.0.0.1";
    Lanes alone = lanes(server.port(), trusting(authority, false), name);
    Lanes among = lanes(server.port(), trusting(authority, true), name);

    Throwable one = catchThrowable(() -> alone.ask(GET));
    Throwable many = catchThrowable(() -> among.ask(GET));

    assertThat(root(one)).isNotNull();
    assertThat(root(many)).hasSameClassAs(root(one)).hasMessage(root(one).getMessage());
    assertThat(isFast(among)).isFalse();
    assertThat(server.seen).isEmpty();
  }

  /** In TLS 1.3 this is told after the handshake, when the server may hang up at any moment. */
  @Test
  void leavesToTheJdkToSayThatACertificateIsWanted() throws Exception {
    RawServer server = server(ec, rsa, socket -> socket.setNeedClientAuth(true));
    Lanes lanes = lanes(server.port(), trusting(ec, true), "127.0.0.1");

    assertThatThrownBy(() -> lanes.ask(GET)).isInstanceOf(IOException.class);
    assertThat(isFast(lanes)).isFalse();
    assertThat(server.connections()).isEqualTo(2);
    assertThat(server.seen).isEmpty();
  }

  private static Throwable root(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  @Test
  void leavesToTheJdkWhatOnlyThatOneCan() throws Exception {
    RawServer server =
        server(
            rsa,
            ec,
            socket -> {
              socket.setEnabledProtocols(new String[] {"TLSv1.2"});
              socket.setEnabledCipherSuites(new String[] {"TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"});
            });
    Tls tls = trusting(rsa, true);
    Lanes lanes = lanes(server.port(), tls, "127.0.0.1");

    assertThat(lanes.ask(GET).code()).isEqualTo(200);
    assertThat(lanes.ask(GET).code()).isEqualTo(200);
    assertThat(isFast(lanes)).isFalse();
    assertThat(server.seen).containsExactly("2 GET /", "2 GET /");
    // Of another server under the same identity nothing is known by that.
    assertThat(isFast(lanes(server(rsa, ec, NO_RULES).port(), tls, "127.0.0.1"))).isTrue();
  }

  @Test
  void aSilentServerCostsItsTimeOnce() throws Exception {
    try (ServerSocket silent = new ServerSocket(0)) {
      Tls tls = trusting(rsa, true);
      Lanes lanes =
          new Lanes(
              new Endpoint("127.0.0.1", silent.getLocalPort(), Optional.of(tls), "127.0.0.1"),
              new Doors(),
              timer,
              new Lanes.Limits(TimeUnit.MILLISECONDS.toNanos(200), Long.MAX_VALUE / 4, 100));
      open.add(lanes);

      assertThatThrownBy(() -> lanes.ask(GET)).isInstanceOf(SocketTimeoutException.class);
      assertThat(isFast(lanes)).isTrue();
    }
  }

  @Test
  void whoIsInterruptedIsNotKeptWaiting() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    RawServer server =
        new RawServer(
            rsa.server(ec).getServerSocketFactory(),
            socket -> {},
            (connection, in, out) -> {
              in.read();
              asked.countDown();
              in.readAllBytes();
            });
    open.add(server);
    Tls tls = trusting(rsa, true);
    Lanes lanes = lanes(server.port(), tls, "127.0.0.1");
    FutureTask<Answer> task = new FutureTask<>(() -> lanes.ask(GET));
    Thread thread = new Thread(task, "asking");
    thread.start();
    asked.await();
    thread.interrupt();

    assertThatThrownBy(task::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(IOException.class);
    assertThat(server.connections()).isEqualTo(1);
  }

  @Test
  void noticesThatAKeptConnectionIsClosed() throws Exception {
    RawServer server = server(rsa, ec, NO_RULES, OK, 1);
    Tls tls = trusting(rsa, true);
    Lanes lanes = lanes(server.port(), tls, "127.0.0.1");

    for (int i = 1; i <= 4; i++) {
      assertThat(lanes.ask(GET).code()).isEqualTo(200);
    }
    assertThat(server.connections()).isEqualTo(4);
    assertThat(isFast(lanes)).isTrue();
  }

  @Test
  void theLibraryIsKeptByTheNameThatTheJvmLooksFor() throws Exception {
    Path kept = Files.createDirectories(folder.resolve("kept"));
    Tls.keepLibrary(kept);
    Tls.keepLibrary(kept);

    String processor = System.getProperty("os.arch").equals("aarch64") ? "aarch_64" : "x86_64";
    assertThat(kept)
        .isDirectoryContaining(
            file ->
                file.getFileName()
                    .toString()
                    .equals("libnetty_tcnative_linux_" + processor + ".so"))
        .satisfies(all -> assertThat(all.toFile().list()).hasSize(1));
  }
}
