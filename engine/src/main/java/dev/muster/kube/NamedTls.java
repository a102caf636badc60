package dev.muster.kube;

import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * TLS with another server name than the URL's, a kubeconfig's {@code tls-server-name}: it is asked
 * for (SNI), and the certificate has to have it. The JDK's HTTP client takes both from the URL.
 */
final class NamedTls extends SSLContext {
  private NamedTls(Spi spi, SSLContext with) {
    super(spi, with.getProvider(), with.getProtocol());
  }

  /**
   * @throws IllegalArgumentException when the name is no host name
   */
  static SSLContext of(SSLContext context, String serverName) {
    return new NamedTls(new Spi(context, serverName, new SNIHostName(serverName)), context);
  }

  private static final class Spi extends SSLContextSpi {
    private final SSLContext context;
    private final String name;
    private final SNIHostName asked;

    Spi(SSLContext context, String name, SNIHostName asked) {
      this.context = context;
      this.name = name;
      this.asked = asked;
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
      return engineCreateSSLEngine(name, -1);
    }

    /** The peer's name is what a trust manager compares with the certificate. */
    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
      return new Engine(context.createSSLEngine(name, port), asked);
    }

    @Override
    protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random)
        throws KeyManagementException {
      context.init(keys, trust, random);
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
      return context.getSocketFactory();
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
      return context.getServerSocketFactory();
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
      return context.getServerSessionContext();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
      return context.getClientSessionContext();
    }

    @Override
    protected SSLParameters engineGetDefaultSSLParameters() {
      return context.getDefaultSSLParameters();
    }

    @Override
    protected SSLParameters engineGetSupportedSSLParameters() {
      return context.getSupportedSSLParameters();
    }
  }

  /** The client sets the URL's host as the server name; this puts ours in its place. */
  private static final class Engine extends ForwardingEngine {
    private final SNIHostName asked;

    Engine(SSLEngine engine, SNIHostName asked) {
      super(engine);
      this.asked = asked;
    }

    @Override
    public void setSSLParameters(SSLParameters parameters) {
      parameters.setServerNames(List.of(asked));
      super.setSSLParameters(parameters);
    }
  }
}
