package dev.muster.digest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Digests of contents; texts count as UTF-8. */
public final class Sha256 {
  /** What a digest begins with, as registries write it. */
  public static final String PREFIX = "sha256:";

  private Sha256() {}

  /** {@code sha256:} and 64 digits. */
  public static String of(byte[] content) {
    return PREFIX + HexFormat.of().formatHex(bytes(content));
  }

  /** The same of a text. */
  public static String of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The beginning of a digest, for names and comparisons within one program.
   *
   * @param digits how many hexadecimal digits, even
   */
  public static String hex(String text, int digits) {
    return HexFormat.of().formatHex(bytes(text), 0, digits / 2);
  }

  /** The 32 bytes themselves. */
  public static byte[] bytes(String text) {
    return bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] bytes(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has it", e);
    }
  }

  /** Whether a text has the form of one. */
  public static boolean isDigest(String text) {
    return text.matches("sha256:[0-9a-f]{64}");
  }
}
