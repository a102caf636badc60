package dev.muster.wire;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * TLS of one identity; kept as long as connections may be opened, since it remembers sessions,
 * which make the next connection to the same server cheaper. The JDK's, or where there are many
 * servers {@link NativeTls}; what the latter refuses is up to the JDK's, so that there is one
 * judgement, in the same words, whatever the number.
 */
public final class Tls {
  private final KeyManager[] keys;
  private final TrustManager[] trusted;
  private final boolean anybody;
  private Optional<SSLContext> context = Optional.empty();
  private Optional<NativeTls> loaded = Optional.empty();
  private volatile boolean ofTheJdk;

  /** What the fast engines have not managed. */
  private final Set<Endpoint> left = ConcurrentHashMap.newKeySet();

  private Tls(KeyManager[] keys, TrustManager[] trusted, boolean anybody, boolean many) {
    this.keys = keys;
    this.trusted = trusted;
    this.anybody = anybody;
    this.ofTheJdk = !many;
  }

  /**
   * @param many there will be so many that what shakes hands fast is worth its loading
   * @throws GeneralSecurityException when a certificate or the key cannot be used
   */
  public static Tls of(Trust trust, boolean many) throws GeneralSecurityException {
    KeyManager[] keys = {};
    if (!trust.certificate().isEmpty()) {
      List<X509Certificate> chain = Pem.certificates(trust.certificate());
      keys = new KeyManager[] {new OneKey(Pem.key(trust.key()), chain)};
    }
    return new Tls(keys, trusted(trust), trust.anybody(), many);
  }

  /**
   * Loads the library of {@link NativeTls}, for those who will need it; nothing if there is none.
   */
  public static void load() {
    NativeTls.load();
  }

  /** Puts the library of {@link NativeTls} into a folder, by the name that the JVM looks for. */
  public static void keepLibrary(Path folder) throws IOException {
    NativeTls.keepLibrary(folder);
  }

  /**
   * Reads certificates and key, for those who do not need them now.
   *
   * @throws GeneralSecurityException when one of them cannot be used
   */
  public static void check(Trust trust) throws GeneralSecurityException {
    if (!trust.certificate().isEmpty()) {
      Pem.certificates(trust.certificate());
      Pem.key(trust.key());
    }
    if (!trust.authorities().isEmpty()) {
      Pem.certificates(trust.authorities());
    }
  }

  private static TrustManager[] trusted(Trust trust) throws GeneralSecurityException {
    if (trust.anybody()) {
      return new TrustManager[] {new Anybody()};
    }
    if (trust.authorities().isEmpty()) {
      return Standard.AUTHORITIES;
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    try {
      store.load(null, null);
    } catch (IOException e) {
      throw new GeneralSecurityException(e);
    }
    int number = 0;
    for (X509Certificate authority : Pem.certificates(trust.authorities())) {
      store.setCertificateEntry("authority-" + number++, authority);
    }
    return factory(store);
  }

  private static TrustManager[] factory(@org.jspecify.annotations.Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    return factory.getTrustManagers();
  }

  /** Those of the JDK, more than a hundred, read when they are first needed and once. */
  private static final class Standard {
    static final TrustManager[] AUTHORITIES = read();

    private static TrustManager[] read() {
      try {
        return factory(null);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("the JDK's certificates cannot be read", e);
      }
    }
  }

  /** For clients that make their own connections. */
  public synchronized SSLContext context() {
    if (context.isEmpty()) {
      try {
        SSLContext made = SSLContext.getInstance("TLS");
        made.init(keys, trusted, null);
        context = Optional.of(made);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("the JDK has no TLS", e);
      }
    }
    return context.get();
  }

  /**
   * Whether there is a {@link #fastEngine}, and it is worth it.
   *
   * @throws SSLException when a certificate or the key is not to its liking
   */
  boolean fast(Endpoint to) throws SSLException {
    return !ofTheJdk && !left.contains(to) && loaded().isPresent();
  }

  /** As {@link #engine}; to be released by {@link NativeTls#release}. */
  SSLEngine fastEngine(String name, int port) throws SSLException {
    SSLEngine engine =
        loaded().orElseThrow(() -> new SSLException("no native TLS")).engine(name, port);
    engine.setSSLParameters(strict(engine.getSSLParameters(), name));
    return engine;
  }

  private synchronized Optional<NativeTls> loaded() throws SSLException {
    if (loaded.isEmpty()) {
      loaded = NativeTls.of(keys, trusted, anybody);
      ofTheJdk = loaded.isEmpty();
    }
    return loaded;
  }

  /**
   * From now on there is no {@link #fastEngine} for a server: what one of them has not managed, the
   * JDK's has to say what is wrong with, or can do.
   *
   * @return whether there was one until now
   */
  boolean leaveToTheJdk(Endpoint to) {
    return !ofTheJdk && left.add(to);
  }

  /** Whether every server is taken, whatever its certificate. */
  public boolean anybody() {
    return anybody;
  }

  /**
   * Speaks TLS over a connection, and makes sure that the server has this name.
   *
   * @throws IOException when it has not, or the handshake fails otherwise
   */
  public SSLSocket over(Socket plain, String name, int port) throws IOException {
    SSLSocket socket =
        (SSLSocket) context().getSocketFactory().createSocket(plain, name, port, true);
    socket.setSSLParameters(strict(socket.getSSLParameters(), name));
    socket.startHandshake();
    return socket;
  }

  /** The same for those who bring and take the bytes themselves. */
  SSLEngine engine(String name, int port) {
    SSLEngine engine = context().createSSLEngine(name, port);
    engine.setUseClientMode(true);
    engine.setSSLParameters(strict(engine.getSSLParameters(), name));
    return engine;
  }

  private SSLParameters strict(SSLParameters parameters, String name) {
    if (!anybody) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    if (!address(name) && askable(name)) {
      parameters.setServerNames(List.of(new SNIHostName(name)));
    }
    return parameters;
  }

  /** Whether servers can be asked for a name, or it is an address. */
  public static boolean askable(String name) {
    if (address(name)) {
      return true;
    }
    try {
      new SNIHostName(name);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean address(String name) {
    return name.contains(":") || name.matches("[0-9]+(\\.[0-9]+){3}");
  }
}
