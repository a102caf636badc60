package dev.muster.sandbox.controller.env;

/** What an agent meets when it dials the proxy address it was given. */
public interface ProxyNetwork {
  /** How a connection attempt goes. */
  enum Reach {
    OK,
    REFUSED,
    TIMEOUT,
    BAD_HANDSHAKE
  }

  /**
   * Asked at every attempt, from many threads.
   *
   * @param member the name of the member's endpoint
   * @param address the text after --proxy-server=
   */
  Reach reachable(String member, String address);

  /** Every http address leads to the host's Tower; https meets a server that speaks no TLS. */
  static ProxyNetwork open() {
    return (member, address) -> {
      if (address.startsWith("http://") && address.length() > "http://".length()) {
        return Reach.OK;
      }
      return address.startsWith("https://") ? Reach.BAD_HANDSHAKE : Reach.REFUSED;
    };
  }
}
