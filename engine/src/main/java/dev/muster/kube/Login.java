package dev.muster.kube;

import dev.muster.kube.Kubeconfig.Entry;
import io.fabric8.kubernetes.client.Config;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A kubeconfig's context, made ready for the HTTP client.
 *
 * @param config TLS and proxy only: fabric8's own token handling would read the whole kubeconfig
 *     again, so the Authorization header is ours
 * @param server base URL without a slash at its end
 * @param certificate the one that a plugin has given, with which the client is made
 * @param headers sent with each request, in this order
 * @param tlsName the name that the server's certificate has to have, empty for the URL's host
 * @param relayed a proxy that the client cannot use by itself
 */
record Login(
    Config config,
    String server,
    Credential credential,
    Optional<Pair> certificate,
    List<Map.Entry<String, String>> headers,
    String tlsName,
    Optional<Proxy> relayed) {

  private static final int LONGEST_SHOWN = 200;

  Login {
    headers = List.copyOf(headers);
  }

  /** A certificate and its key, both PEM in base64. */
  record Pair(String certificate, String key) {
    /** Keeps the key out of messages. */
    @Override
    public String toString() {
      return "a certificate and its key";
    }
  }

  /** Who we are to a server. */
  interface Credential {
    /** The value of the Authorization header, or empty. May run a program. */
    String authorization();

    /** A certificate that may be another one later, or empty. May run a program. */
    default Optional<Pair> certificate() {
      return Optional.empty();
    }

    /** Called when the server no longer takes it; whether another one may be had. */
    default boolean renew() {
      return false;
    }
  }

  static Login of(
      Kubeconfig.Chosen chosen,
      Timeouts timeouts,
      String agent,
      Map<String, String> environment,
      ExecPlugin.Cache plugins) {
    Entry cluster = chosen.cluster();
    Entry user = chosen.user();
    EntryCheck.check(cluster, user);
    URI written = address(server(cluster));
    String server = withoutLogin(written, server(cluster));
    URI address = address(server);
    Config config = Config.empty();
    config.setMasterUrl(server);
    config.setHttp2Disable(true);
    config.setUserAgent(agent);
    config.setConnectionTimeout(timeouts.connect() * 1000);
    config.setRequestRetryBackoffLimit(0);
    boolean trusting = cluster.flag("insecure-skip-tls-verify");
    config.setTrustCerts(trusting);
    config.setDisableHostnameVerification(trusting);
    config.setCaCertData(cluster.data("certificate-authority", "certificate authority"));
    Optional<Proxy> proxy = Proxy.choose(cluster.text("proxy-url"), address, environment);
    Credential credential =
        user.node().has("exec") && !Credentials.fixed(user)
            ? plugins.get(cluster, user, timeouts, environment)
            : Credentials.of(user, Optional.ofNullable(written.getUserInfo()));
    Optional<Pair> certificate = credential.certificate();
    String own = user.data("client-certificate", "client certificate");
    if (certificate.isPresent()) {
      certificate(config, certificate.get().certificate(), certificate.get().key());
    } else if (!own.isEmpty()) {
      certificate(config, own, user.data("client-key", "client key"));
    }
    proxy.filter(p -> p.scheme().equals("http")).ifPresent(p -> proxy(config, p, address));
    Optional<Proxy> relayed = proxy.filter(p -> !p.scheme().equals("http"));
    if (relayed.isPresent() && !address.getScheme().equals("https")) {
      throw new NoAccess(
          "an http:// server behind the proxy "
              + relayed.get()
              + " is not supported; use https://");
    }
    String tlsName = cluster.text("tls-server-name");
    return new Login(
        config,
        server,
        credential,
        certificate,
        Credentials.impersonation(user),
        tlsName.equals(address.getHost()) ? "" : tlsName,
        relayed);
  }

  /** As kubectl completes it, whatever else is said. */
  private static String server(Entry cluster) {
    String server = cluster.text("server").replaceAll("/+$", "");
    return server.contains("://") ? server : "http://" + server;
  }

  /** The login goes where a login belongs; the rest of the address stands in messages. */
  private static String withoutLogin(URI address, String server) {
    String login = address.getRawUserInfo();
    return login == null ? server : server.replace("//" + login + "@", "//");
  }

  private static URI address(String server) {
    URI address;
    try {
      address = URI.create(server);
    } catch (IllegalArgumentException e) {
      throw new NoAccess("the kubeconfig's server \"" + shown(server) + "\" is no URL");
    }
    boolean http = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
    if (!http || address.getHost() == null) {
      throw new NoAccess(
          "the kubeconfig's server \"" + shown(server) + "\" is no http or https URL");
    }
    return address;
  }

  /** Its first word: behind a quote that is not closed, the rest may be anything, a token too. */
  private static String shown(String server) {
    String word = server.split("\\s", 2)[0].replaceFirst("//[^/@]*@", "//");
    return word.length() > LONGEST_SHOWN ? word.substring(0, LONGEST_SHOWN) + "..." : word;
  }

  private static void proxy(Config config, Proxy proxy, URI server) {
    proxy(config, proxy.address(), proxy.user(), proxy.password(), server);
  }

  /** Lets the client go through a proxy that it knows. */
  static void proxy(Config config, String url, String user, String password, URI server) {
    if (!user.isEmpty()) {
      config.setProxyUsername(user);
      config.setProxyPassword(password);
    }
    if (server.getScheme().equals("https")) {
      config.setHttpsProxy(url);
    } else {
      config.setHttpProxy(url);
    }
  }

  private static void certificate(Config config, String certificate, String key) {
    config.setClientCertData(certificate);
    config.setClientKeyData(key);
    config.setClientKeyAlgo(algorithm(key));
  }

  /** Fabric8 takes every key for RSA whose PEM header does not name another algorithm. */
  private static String algorithm(String key) {
    String named = Config.getKeyAlgorithm(null, key);
    String pem = new String(Base64.getMimeDecoder().decode(key), StandardCharsets.US_ASCII);
    String header = "-----BEGIN PRIVATE KEY-----";
    int start = pem.indexOf(header);
    int end = pem.indexOf("-----END", Math.max(start, 0) + header.length());
    if (start < 0 || end < 0) {
      return named;
    }
    String body = pem.substring(start + header.length(), end);
    PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(body));
    for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        KeyFactory.getInstance(algorithm).generatePrivate(encoded);
        return algorithm;
      } catch (GeneralSecurityException e) {
        // Then it is another one, or none, which the client finds out.
        continue;
      }
    }
    return named;
  }
}
