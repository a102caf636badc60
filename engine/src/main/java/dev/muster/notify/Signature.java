package dev.muster.notify;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA256 over {@code TIMESTAMP.BODY}, so that neither can be changed, and old ones be told.
 */
final class Signature {
  /** The header that holds it, as {@code t=SECONDS,v1=HEX}. */
  static final String HEADER = "Muster-Signature";

  private Signature() {}

  static String header(byte[] key, Instant at, byte[] body) {
    String time = String.valueOf(at.getEpochSecond());
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update((time + ".").getBytes(StandardCharsets.US_ASCII));
      return "t=" + time + ",v1=" + HexFormat.of().formatHex(mac.doFinal(body));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException(e);
    }
  }
}
