package dev.muster.sandbox.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Which servers are believed; each value owns one HTTP client for the whole process, so that a
 * hundred clusters share its selector thread and its few workers.
 */
public final class Trust {
  private static final Map<String, HttpClient> CLIENTS = new ConcurrentHashMap<>();
  private static final String ANYBODY = "anybody";
  private static final String DEFAULT = "default";

  private final String key;

  private Trust(String key) {
    this.key = key;
  }

  /** Plain http, or https with the JDK's own authorities. */
  public static Trust jdk() {
    return new Trust(DEFAULT);
  }

  /** Any certificate for any name: for loopback test servers only. */
  public static Trust anybody() {
    return new Trust(ANYBODY);
  }

  /** The authorities in the PEM text and no others. */
  public static Trust authorities(String pem) {
    return new Trust(pem);
  }

  /** Speaks HTTP/1.1 and follows no redirect; its few threads must not be held up. */
  public HttpClient client() {
    return CLIENTS.computeIfAbsent(key, Trust::build);
  }

  private static HttpClient build(String key) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(10))
            .executor(workers());
    if (!key.equals(DEFAULT)) {
      builder.sslContext(context(key));
    }
    return builder.build();
  }

  // These threads only move bytes; callers block on threads of their own, so four are enough and
  // cannot starve.
  private static ThreadPoolExecutor workers() {
    AtomicInteger count = new AtomicInteger();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            4,
            4,
            5,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "muster-sandbox-http-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static SSLContext context(String key) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      TrustManager[] trust =
          key.equals(ANYBODY) ? new TrustManager[] {new Anybody()} : fromPem(key);
      context.init(null, trust, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("the certificate authorities cannot be read", e);
    }
  }

  private static TrustManager[] fromPem(String pem) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int count = 0;
    for (Certificate certificate :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(
                new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))) {
      store.setCertificateEntry("authority-" + count++, certificate);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  /** The extended type, because the JDK adds its own host name check to any other trust manager. */
  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
