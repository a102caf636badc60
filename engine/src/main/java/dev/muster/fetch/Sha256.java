package dev.muster.fetch;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Digests of contents, as registries write them. */
public final class Sha256 {
  /** What a digest begins with. */
  public static final String PREFIX = "sha256:";

  private Sha256() {}

  /** {@code sha256:} and 64 digits. */
  public static String of(byte[] content) {
    try {
      return PREFIX
          + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  /** The same of a text in UTF-8. */
  public static String of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether a text has the form of one. */
  public static boolean isDigest(String text) {
    return text.matches("sha256:[0-9a-f]{64}");
  }
}
