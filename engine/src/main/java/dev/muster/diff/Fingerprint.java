package dev.muster.diff;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tells whether a secret is still the same without holding it. The key belongs to one change set,
 * so that fingerprints of two change sets say nothing about each other.
 */
public final class Fingerprint {
  private static final int KEY_BYTES = 32;
  private static final int SHOWN = 12;

  /** A shorter secret could be found by trying, since the key lies beside its fingerprint. */
  private static final int SHORTEST_SECRET = 16;

  private final byte[] key;

  private Fingerprint(byte[] key) {
    this.key = key;
  }

  /** A fingerprint with a key of its own. */
  public static Fingerprint withNewKey(SecureRandom random) {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    return new Fingerprint(key);
  }

  /** Tells nothing of a secret, for what is kept to be read and not to be compared. */
  public static Fingerprint none() {
    return new Fingerprint(new byte[0]);
  }

  /** The fingerprint of a saved change set. */
  public static Fingerprint withKey(String hex) {
    byte[] key = HexFormat.of().parseHex(hex);
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException("a fingerprint key has " + KEY_BYTES + " bytes");
    }
    return new Fingerprint(key);
  }

  /** The key as text, to be saved with the change set. */
  public String key() {
    return HexFormat.of().formatHex(key);
  }

  /** Twelve hexadecimal digits; empty for a text too short to be fingerprinted safely. */
  public Optional<String> of(String text) {
    return key.length == 0 || text.length() < SHORTEST_SECRET
        ? Optional.empty()
        : Optional.of(digest(text));
  }

  /** The same for what is no secret, however short. */
  public String ofPlain(String text) {
    return digest(text);
  }

  private String digest(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      byte[] digest = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, SHOWN);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has HmacSHA256", e);
    }
  }
}
