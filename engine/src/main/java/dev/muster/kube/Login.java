package dev.muster.kube;

import dev.muster.kube.Kubeconfig.Entry;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A kubeconfig's context, made ready for the HTTP client.
 *
 * @param config TLS and proxy only: fabric8's own token handling would read the whole kubeconfig
 *     again, so the Authorization header is ours
 * @param server base URL without a slash at its end
 */
record Login(Config config, String server, Credential credential) {

  /** Who we are to a server. */
  interface Credential {
    /** The value of the Authorization header, or empty. May run a program. */
    String authorization();

    /** Called when the server no longer takes it; whether another one may be had. */
    default boolean renew() {
      return false;
    }
  }

  static Login of(
      Kubeconfig.Chosen chosen, Timeouts timeouts, String agent, Map<String, String> environment) {
    Entry cluster = chosen.cluster();
    Entry user = chosen.user();
    String server = cluster.text("server").replaceAll("/+$", "");
    URI address = address(server);
    refuseWhatTheClientCannot(cluster, address);
    Config config = Config.empty();
    config.setMasterUrl(server);
    config.setHttp2Disable(true);
    config.setUserAgent(agent);
    config.setConnectionTimeout(timeouts.connect() * 1000);
    config.setRequestRetryBackoffLimit(0);
    boolean trusting = cluster.node().path("insecure-skip-tls-verify").asBoolean();
    config.setTrustCerts(trusting);
    config.setDisableHostnameVerification(trusting);
    config.setCaCertData(data(cluster, "certificate-authority", "certificate authority"));
    proxy(config, cluster.text("proxy-url"), address, environment);
    Credential credential = credential(config, cluster, user, timeouts, environment);
    return new Login(config, server, credential);
  }

  private static URI address(String server) {
    URI address;
    try {
      address = URI.create(server);
    } catch (IllegalArgumentException e) {
      throw new NoAccess("the kubeconfig's server \"" + server + "\" is no URL");
    }
    boolean http = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
    if (!http || address.getHost() == null) {
      throw new NoAccess("the kubeconfig's server \"" + server + "\" is no http or https URL");
    }
    return address;
  }

  private static void refuseWhatTheClientCannot(Entry cluster, URI address) {
    String name = cluster.text("tls-server-name");
    if (!name.isEmpty() && !name.equals(address.getHost())) {
      throw new NoAccess(
          "the kubeconfig's tls-server-name \""
              + name
              + "\" is not supported; use a server URL whose host is in the certificate");
    }
    if (cluster.text("proxy-url").toLowerCase(Locale.ROOT).startsWith("socks")) {
      throw new NoAccess("the kubeconfig's proxy-url names a SOCKS proxy, which is not supported");
    }
  }

  /** The kubeconfig's own proxy, or else the one of the environment as kubectl uses it. */
  private static void proxy(
      Config config, String own, URI address, Map<String, String> environment) {
    boolean secure = address.getScheme().equals("https");
    String proxy = own;
    if (proxy.isEmpty() && !loopback(address.getHost())) {
      proxy = variable(environment, secure ? "HTTPS_PROXY" : "HTTP_PROXY");
      List<String> exempt = List.of(variable(environment, "NO_PROXY").split("[,\\s]+"));
      if (exempt.contains("*")) {
        return;
      }
      // fabric8 refuses the whole list when an entry has characters that no host has.
      config.setNoProxy(
          exempt.stream().filter(entry -> entry.matches("[-\\w.:/]+")).toArray(String[]::new));
    }
    if (proxy.isEmpty()) {
      return;
    }
    URI parsed;
    try {
      parsed = URI.create(proxy.contains("://") ? proxy : "http://" + proxy);
    } catch (IllegalArgumentException e) {
      throw new NoAccess("the proxy's address is no URL");
    }
    if (parsed.getHost() == null || String.valueOf(parsed.getScheme()).startsWith("socks")) {
      throw new NoAccess("the proxy's address is no http URL");
    }
    if (parsed.getUserInfo() != null) {
      String[] login = parsed.getUserInfo().split(":", 2);
      config.setProxyUsername(login[0]);
      config.setProxyPassword(login.length > 1 ? login[1] : "");
    }
    int port =
        parsed.getPort() < 0 ? (parsed.getScheme().equals("https") ? 443 : 80) : parsed.getPort();
    String plain = parsed.getScheme() + "://" + parsed.getHost() + ":" + port;
    if (secure) {
      config.setHttpsProxy(plain);
    } else {
      config.setHttpProxy(plain);
    }
  }

  private static String variable(Map<String, String> environment, String name) {
    return Stream.of(name, name.toLowerCase(Locale.ROOT))
        .map(key -> environment.getOrDefault(key, ""))
        .filter(value -> !value.isEmpty())
        .findFirst()
        .orElse("");
  }

  private static boolean loopback(String host) {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
  }

  private static Credential credential(
      Config config,
      Entry cluster,
      Entry user,
      Timeouts timeouts,
      Map<String, String> environment) {
    if (user.node().has("exec")) {
      ExecPlugin plugin = new ExecPlugin(cluster, user, timeouts, environment);
      plugin.certificate().ifPresent(pair -> certificate(config, pair.certificate(), pair.key()));
      return plugin;
    }
    String certificate = data(user, "client-certificate", "client certificate");
    if (!certificate.isEmpty()) {
      certificate(config, certificate, data(user, "client-key", "client key"));
    }
    if (user.node().has("tokenFile")) {
      Path file = user.path("tokenFile").orElseThrow();
      // Read each time: kubelets and agents rotate such files in place.
      return () -> "Bearer " + new String(bytes(file, "token"), StandardCharsets.UTF_8).strip();
    }
    String fixed = fixed(user);
    return () -> fixed;
  }

  private static String fixed(Entry user) {
    if (!user.text("token").isEmpty()) {
      return "Bearer " + user.text("token");
    }
    if (!user.text("username").isEmpty()) {
      String pair = user.text("username") + ":" + user.text("password");
      return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
    var provider = user.node().path("auth-provider").path("config");
    String token =
        Optional.of(provider.path("id-token").asText())
            .filter(id -> !id.isEmpty())
            .orElse(provider.path("access-token").asText());
    return token.isEmpty() ? "" : "Bearer " + token;
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

  /** Base64 of a PEM file given inline or by path, or empty. */
  private static String data(Entry entry, String field, String what) {
    String inline = entry.text(field + "-data");
    if (!inline.isEmpty()) {
      return inline;
    }
    return entry
        .path(field)
        .map(file -> Base64.getEncoder().encodeToString(bytes(file, what)))
        .orElse("");
  }

  private static byte[] bytes(Path file, String what) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new NoAccess("the " + what + " file " + file + " cannot be read");
    }
  }
}
