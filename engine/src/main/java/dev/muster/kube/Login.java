package dev.muster.kube;

import dev.muster.kube.Kubeconfig.Entry;
import dev.muster.wire.Trust;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A kubeconfig's context, made ready for the HTTP client.
 *
 * @param agent what we call ourselves
 * @param server base URL without a slash at its end
 * @param certificate the one that a plugin has given, which is also in {@code trust}
 * @param headers sent with each request, in this order
 * @param tlsName the name that the server's certificate has to have, empty for the URL's host
 * @param proxy on the way to the server
 */
record Login(
    String agent,
    String server,
    Trust trust,
    Credential credential,
    Optional<Pair> certificate,
    List<Map.Entry<String, String>> headers,
    String tlsName,
    Optional<Proxy> proxy) {

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
    String authorities = cluster.data("certificate-authority", "certificate authority");
    Optional<Proxy> proxy = Proxy.choose(cluster.text("proxy-url"), address, environment);
    Credential credential =
        user.node().has("exec") && !Credentials.fixed(user)
            ? plugins.get(cluster, user, timeouts, environment)
            : Credentials.of(user, Optional.ofNullable(written.getUserInfo()));
    Optional<Pair> certificate = credential.certificate();
    Pair shown =
        certificate.orElseGet(
            () ->
                new Pair(
                    user.data("client-certificate", "client certificate"),
                    user.data("client-key", "client key")));
    Trust trust =
        new Trust(
            text(authorities),
            cluster.flag("insecure-skip-tls-verify"),
            text(shown.certificate()),
            text(shown.key()));
    Optional<Proxy> relayed = proxy.filter(p -> !p.scheme().equals("http"));
    if (relayed.isPresent() && !address.getScheme().equals("https")) {
      throw new NoAccess(
          "an http:// server behind the proxy "
              + relayed.get()
              + " is not supported; use https://");
    }
    String tlsName = cluster.text("tls-server-name");
    return new Login(
        agent,
        server,
        trust,
        credential,
        certificate,
        Credentials.impersonation(user),
        tlsName.equals(address.getHost()) ? "" : tlsName,
        proxy);
  }

  URI address() {
    return address(server);
  }

  /** A proxy that the JDK's client cannot use by itself. */
  Optional<Proxy> relayed() {
    return proxy.filter(way -> !way.scheme().equals("http"));
  }

  private static String text(String base64) {
    return new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.ISO_8859_1);
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
}
