package dev.muster.kube;

import java.net.InetAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The proxy between the runner and an API server.
 *
 * @param scheme {@code http}, {@code https} or {@code socks5}
 * @param user empty when the proxy wants no login
 */
record Proxy(String scheme, String host, int port, String user, String password) {
  private static final Map<String, Integer> PORTS =
      Map.of("http", 80, "https", 443, "socks5", 1080, "socks5h", 1080);

  /**
   * The proxy of a kubeconfig, or else the one of the environment as kubectl uses it, or none.
   *
   * @param own the cluster's proxy-url, or empty
   * @throws NoAccess when it cannot be used
   */
  static Optional<Proxy> choose(String own, URI server, Map<String, String> environment) {
    if (!own.isEmpty()) {
      return Optional.of(
          parse(own, Set.of("http", "https", "socks5"), "the kubeconfig's proxy-url"));
    }
    String variable = server.getScheme().equals("https") ? "HTTPS_PROXY" : "HTTP_PROXY";
    String listed = variable(environment, variable);
    if (listed.isEmpty() || exempt(server, variable(environment, "NO_PROXY"))) {
      return Optional.empty();
    }
    String complete = listed.contains("://") ? listed : "http://" + listed;
    return Optional.of(parse(complete, PORTS.keySet(), "the environment's " + variable));
  }

  private static Proxy parse(String text, Set<String> schemes, String where) {
    URI uri;
    try {
      uri = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new NoAccess(where + " is no URL");
    }
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    if (!schemes.contains(scheme)) {
      throw new NoAccess(where + " is neither http://, nor https://, nor socks5://");
    }
    if (uri.getHost() == null) {
      throw new NoAccess(where + " names no host");
    }
    int port = uri.getPort() < 0 ? PORTS.getOrDefault(scheme, 80) : uri.getPort();
    String[] login = Optional.ofNullable(uri.getRawUserInfo()).orElse("").split(":", 2);
    return new Proxy(
        scheme.equals("socks5h") ? "socks5" : scheme,
        uri.getHost().replaceAll("[\\[\\]]", ""),
        port,
        decoded(login[0]),
        login.length > 1 ? decoded(login[1]) : "");
  }

  private static String decoded(String text) {
    // A form's decoder would take a plus sign for a space.
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** Where it is, without the login. */
  String address() {
    return scheme + "://" + host + ":" + port;
  }

  /** Keeps the password out of messages. */
  @Override
  public String toString() {
    return address();
  }

  private static String variable(Map<String, String> environment, String name) {
    return Stream.of(name, name.toLowerCase(Locale.ROOT))
        .map(key -> environment.getOrDefault(key, ""))
        .filter(value -> !value.isEmpty())
        .findFirst()
        .orElse("");
  }

  /** As Go reads NO_PROXY: a name stands for itself and all below it; addresses and networks. */
  private static boolean exempt(URI server, String listed) {
    String host = server.getHost().replaceAll("[\\[\\]]", "").toLowerCase(Locale.ROOT);
    int port =
        server.getPort() < 0 ? (server.getScheme().equals("https") ? 443 : 80) : server.getPort();
    Optional<byte[]> address = literal(host);
    boolean loopback = host.equals("localhost") || address.map(Proxy::loopback).orElse(false);
    return loopback
        || List.of(listed.split(",")).stream()
            .map(entry -> entry.strip().toLowerCase(Locale.ROOT))
            .filter(entry -> !entry.isEmpty())
            .anyMatch(entry -> matches(entry, host, port, address));
  }

  private static boolean loopback(byte[] address) {
    return address.length == 4 ? address[0] == 127 : zeros(address, 15) && address[15] == 1;
  }

  private static boolean zeros(byte[] address, int count) {
    for (int i = 0; i < count; i++) {
      if (address[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean matches(String entry, String host, int port, Optional<byte[]> address) {
    if (entry.equals("*")) {
      return true;
    }
    if (entry.contains("/")) {
      return address.isPresent() && inside(address.get(), entry);
    }
    String name = entry;
    int colon = entry.lastIndexOf(':');
    if (colon >= 0 && entry.indexOf(':') == colon) {
      if (!entry.substring(colon + 1).equals(String.valueOf(port))) {
        return false;
      }
      name = entry.substring(0, colon);
    }
    if (address.isPresent() || literal(name).isPresent()) {
      return name.equals(host);
    }
    String below = name.startsWith("*.") ? name.substring(1) : name;
    return below.startsWith(".")
        ? host.endsWith(below)
        : host.equals(below) || host.endsWith("." + below);
  }

  private static boolean inside(byte[] address, String network) {
    String[] parts = network.split("/", 2);
    Optional<byte[]> base = literal(parts[0]);
    if (base.isEmpty() || base.get().length != address.length || !parts[1].matches("\\d{1,3}")) {
      return false;
    }
    int bits = Integer.parseInt(parts[1]);
    for (int i = 0; i < address.length * 8 && i < bits; i++) {
      int mask = 0x80 >> (i % 8);
      if ((address[i / 8] & mask) != (base.get()[i / 8] & mask)) {
        return false;
      }
    }
    return bits <= address.length * 8;
  }

  /** The bytes of an address; a name, which would have to be looked up, has none. */
  private static Optional<byte[]> literal(String text) {
    if (!text.matches("\\d+\\.\\d+\\.\\d+\\.\\d+|[0-9a-f:.]*:[0-9a-f:.]*")) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(text).getAddress());
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }
}
