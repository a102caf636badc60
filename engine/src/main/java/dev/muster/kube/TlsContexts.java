package dev.muster.kube;

import dev.muster.wire.Tls;
import dev.muster.wire.Trust;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Certificates are read, and TLS sessions remembered, once for all contexts that share them. */
final class TlsContexts {
  private static final int MOST = 4096;

  private final Map<Trust, Tls> made =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Trust, Tls> eldest) {
          return size() > MOST;
        }
      };

  /** Reading takes long enough to be done by several at once, at the cost of doing it twice. */
  Tls get(Trust trust) throws GeneralSecurityException {
    synchronized (made) {
      Tls known = made.get(trust);
      if (known != null) {
        return known;
      }
    }
    Tls tls = Tls.of(trust);
    synchronized (made) {
      Tls first = made.putIfAbsent(trust, tls);
      return first == null ? tls : first;
    }
  }
}
