package dev.muster.wire;

import java.util.Optional;

/**
 * Where a server listens, and how to be sure that it is the one.
 *
 * @param host a name or an address, without brackets
 * @param tls empty for a server that is spoken to in the clear
 * @param tlsName the name that is asked for and that the certificate has to have
 */
public record Endpoint(String host, int port, Optional<Tls> tls, String tlsName) {
  /** As it stands in a URL, for the Host header. */
  String authority() {
    String shown = host.contains(":") ? "[" + host + "]" : host;
    return port == (tls.isPresent() ? 443 : 80) ? shown : shown + ":" + port;
  }
}
