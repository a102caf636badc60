package dev.muster.kube;

import dev.muster.wire.Tls;
import dev.muster.wire.Trust;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Certificates are read, and TLS sessions remembered, once for all contexts that share them. */
final class TlsContexts {
  private static final int MOST = 4096;

  private final TlsKind kind;
  private volatile int expected;

  private final Map<Trust, Tls> made =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Trust, Tls> eldest) {
          return size() > MOST;
        }
      };

  TlsContexts(TlsKind kind) {
    this.kind = kind;
  }

  /** There will be at least so many; loads what they need, without waiting for it. */
  void expect(int clusters) {
    expected = clusters;
    if (kind.fast(clusters)) {
      Thread thread = new Thread(Tls::load, "muster-tls");
      thread.setDaemon(true);
      thread.start();
    }
  }

  /**
   * Reading takes long enough to be done by several at once, at the cost of doing it twice.
   *
   * @param clusters how many there are by now
   */
  Tls get(Trust trust, int clusters) throws GeneralSecurityException {
    synchronized (made) {
      Tls known = made.get(trust);
      if (known != null) {
        return known;
      }
    }
    Tls tls = Tls.of(trust, kind.fast(Math.max(expected, clusters)));
    synchronized (made) {
      Tls first = made.putIfAbsent(trust, tls);
      return first == null ? tls : first;
    }
  }
}
