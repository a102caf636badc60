package dev.muster.rehearsal;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes text of the same length and kinds of characters that says nothing of the original without
 * the key: equal texts give equal ones, digits stay digits, hexadecimal digits stay such.
 */
final class Placeholder {
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{8,}");
  private static final String LOWER = "abcdefghijklmnopqrstuvwxyz";

  private final byte[] key;

  /**
   * @param key random, and forgotten with this object
   */
  Placeholder(byte[] key) {
    this.key = Arrays.copyOf(key, key.length);
  }

  String of(String secret) {
    boolean hex = HEX.matcher(secret).matches();
    byte[] stream = new byte[0];
    StringBuilder text = new StringBuilder(secret.length());
    for (int i = 0; i < secret.length(); i++) {
      if (i % 32 == 0) {
        stream = block(secret, i / 32);
      }
      text.append(like(secret.charAt(i), Byte.toUnsignedInt(stream[i % 32]), hex));
    }
    return text.toString();
  }

  private static char like(char c, int random, boolean hex) {
    if (hex) {
      return "0123456789abcdef".charAt(random % 16);
    }
    if (c >= '0' && c <= '9') {
      return (char) ('0' + random % 10);
    }
    if (c >= 'a' && c <= 'z') {
      return LOWER.charAt(random % 26);
    }
    if (c >= 'A' && c <= 'Z') {
      return Character.toUpperCase(LOWER.charAt(random % 26));
    }
    // Punctuation and line ends keep the text's form; other letters would tell.
    return c < 128 ? c : 'x';
  }

  private byte[] block(String secret, int number) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update(secret.getBytes(StandardCharsets.UTF_8));
      return mac.doFinal(new byte[] {(byte) (number >> 8), (byte) number});
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has HmacSHA256", e);
    }
  }
}
