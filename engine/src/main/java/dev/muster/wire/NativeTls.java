package dev.muster.wire;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/**
 * TLS of one identity by BoringSSL, which shakes hands at a third of what it costs the JDK, after
 * 0.15 s to load it. Certificates are judged by the JDK all the same: this only speaks and
 * encrypts. Mentioned by {@link Tls} alone, which uses it where it pays.
 */
final class NativeTls {
  /** What the JDK's speaks by default, and no older. */
  private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

  private final SslContext context;

  private NativeTls(SslContext context) {
    this.context = context;
  }

  /**
   * None where there is no library for this system, or it cannot be loaded: no place for temporary
   * files from which programs may be run, another C library.
   *
   * @throws SSLException when it takes exception to one of the certificates or the key
   */
  static Optional<NativeTls> of(KeyManager[] keys, TrustManager[] trusted, boolean anybody)
      throws SSLException {
    if (!Library.USABLE) {
      return Optional.empty();
    }
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.OPENSSL)
            .protocols(VERSIONS)
            .trustManager(trusted[0])
            .endpointIdentificationAlgorithm(anybody ? null : "HTTPS");
    if (keys.length > 0) {
      builder.keyManager(keys[0]);
    }
    return Optional.of(new NativeTls(builder.build()));
  }

  /** Does beforehand what takes long when the first one is made. */
  static void load() {
    try {
      var unused = of(new KeyManager[0], new TrustManager[] {new Anybody()}, true);
    } catch (SSLException | LinkageError | RuntimeException e) {
      // Whoever needs one gets the same answer, and does without.
      return;
    }
  }

  /** Has to be {@linkplain #release released}; forgotten ones are found by the collector. */
  SSLEngine engine(String name, int port) {
    return context.newEngine(UnpooledByteBufAllocator.DEFAULT, name, port);
  }

  static void release(SSLEngine engine) {
    ReferenceCountUtil.release(engine);
  }

  private static final class Library {
    static final boolean USABLE = usable();

    private static boolean usable() {
      try {
        return OpenSsl.isAvailable();
      } catch (LinkageError | RuntimeException e) {
        return false;
      }
    }
  }

  /** Writes the library for this system, if there is one, by the name that the JVM looks for. */
  static void keepLibrary(Path folder) throws IOException {
    String system = PlatformDependent.normalizedOs() + "_" + PlatformDependent.normalizedArch();
    String name = System.mapLibraryName("netty_tcnative_" + system);
    try (InputStream library =
        NativeTls.class.getClassLoader().getResourceAsStream("META-INF/native/" + name)) {
      if (library != null) {
        Path written = Files.createTempFile(folder, name, "");
        Files.copy(library, written, StandardCopyOption.REPLACE_EXISTING);
        Files.move(written, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }
}
