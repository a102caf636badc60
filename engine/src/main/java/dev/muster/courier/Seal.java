package dev.muster.courier;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.problem.MusterException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Text in a file that only the holders of a passphrase can read or make: AES-256-GCM under a key
 * that PBKDF2 derives from it. The first line says how, and is guarded as well; the second is the
 * sealed text.
 *
 * <p>To derive a key takes a second or two, so one that was derived is kept: all that a seal closes
 * is under one key, each time with a nonce of its own (random, 96 bits, which is safe for far more
 * files than one run writes), and a file that is opened again costs nothing. May be used by several
 * threads.
 */
public final class Seal {
  /** Shorter passphrases can be found by trying, however slow each try is. */
  public static final int SHORTEST = 16;

  private static final String FORMAT = "muster.dev/sealed/v1";
  private static final String DERIVATION = "PBKDF2WithHmacSHA256";
  private static final int ITERATIONS = 600_000;

  /** A file asks for as many as it likes; more than this is no file of ours. */
  private static final int MOST_ITERATIONS = 10_000_000;

  private static final int TAG_BITS = 128;

  /** Whoever takes in many files of different salts needs no earlier ones. */
  private static final int MOST_KEYS = 8;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final SecureRandom random = new SecureRandom();
  private final Salt own = new Salt(Base64.getEncoder().encodeToString(bytes(16)), ITERATIONS);
  private final Map<Salt, SecretKey> keys = new LinkedHashMap<>();
  private final String passphrase;
  private final Derivation derivation;

  /** What makes a key of a passphrase, as a file says it. */
  private record Salt(String base64, int iterations) {
    byte[] bytes() {
      return Base64.getDecoder().decode(base64);
    }
  }

  /** The slow part. */
  interface Derivation {
    byte[] derive(String passphrase, byte[] salt, int iterations) throws GeneralSecurityException;
  }

  /**
   * @throws MusterException when it is too short
   */
  public Seal(String passphrase) {
    this(passphrase, Seal::pbkdf2);
  }

  Seal(String passphrase, Derivation derivation) {
    if (passphrase.length() < SHORTEST) {
      throw MusterException.of(
          "the key to seal with has fewer than " + SHORTEST + " characters",
          "make one: openssl rand -hex 32");
    }
    this.passphrase = passphrase;
    this.derivation = derivation;
  }

  /** Whether a file's text is a sealed one, of any kind. */
  public static boolean isSealed(String text) {
    return text.startsWith("{\"format\":\"" + FORMAT + "\"");
  }

  /**
   * @param kind what it is, readable by all and guarded against change
   */
  String close(String kind, JsonNode content) {
    return close(kind, content.toString());
  }

  String close(String kind, String text) {
    byte[] nonce = bytes(12);
    ObjectNode head = JSON.createObjectNode();
    head.put("format", FORMAT).put("kind", kind).put("kdf", DERIVATION);
    head.put("iterations", own.iterations()).put("salt", own.base64());
    head.put("nonce", Base64.getEncoder().encodeToString(nonce));
    String line = head.toString();
    try {
      byte[] sealed =
          cipher(Cipher.ENCRYPT_MODE, own, nonce, line)
              .doFinal(text.getBytes(StandardCharsets.UTF_8));
      return line + "\n" + Base64.getEncoder().encodeToString(sealed) + "\n";
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * @param label names the file in messages
   * @param read what is made of the content
   * @throws MusterException when it is another kind of file, or was changed, or sealed with another
   *     key
   */
  <T> T open(String label, String kind, String text, Function<JsonNode, T> read) {
    return read(label, open(label, kind, text), read);
  }

  /** What is made of the content, which may be anything: who has the key may still be no friend. */
  static <T> T read(String label, String content, Function<JsonNode, T> read) {
    try {
      return read.apply(JSON.readTree(content));
    } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
      throw broken(label);
    }
  }

  String open(String label, String kind, String text) {
    int end = text.indexOf('\n');
    String line = end < 0 ? text : text.substring(0, end);
    try {
      JsonNode head = JSON.readTree(line);
      if (!head.path("format").asText().equals(FORMAT)
          || !head.path("kdf").asText().equals(DERIVATION)) {
        throw MusterException.of(label + " is no sealed file of muster", "name the right file");
      }
      if (!head.path("kind").asText().equals(kind)) {
        throw MusterException.of(
            "%s is a %s, and a %s is wanted here"
                .formatted(label, head.path("kind").asText(), kind),
            "name the right file");
      }
      int iterations = head.path("iterations").asInt();
      if (iterations < 1 || iterations > MOST_ITERATIONS) {
        throw broken(label);
      }
      Salt salt = new Salt(head.path("salt").asText(), iterations);
      byte[] nonce = Base64.getDecoder().decode(head.path("nonce").asText());
      byte[] sealed = Base64.getDecoder().decode(text.substring(end + 1).strip());
      return new String(
          cipher(Cipher.DECRYPT_MODE, salt, nonce, line).doFinal(sealed), StandardCharsets.UTF_8);
    } catch (AEADBadTagException e) {
      throw MusterException.of(
          label + " was sealed with another key, or was changed on its way",
          "use the key that it was sealed with; if that is right, do not trust the file");
    } catch (IOException | IllegalArgumentException | GeneralSecurityException e) {
      throw broken(label);
    }
  }

  private static MusterException broken(String label) {
    return MusterException.of(label + " is broken", "have it made anew");
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private Cipher cipher(int mode, Salt salt, byte[] nonce, String head)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key(salt), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(head.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  private synchronized SecretKey key(Salt salt) throws GeneralSecurityException {
    SecretKey known = keys.get(salt);
    if (known != null) {
      return known;
    }
    byte[] derived = derivation.derive(passphrase, salt.bytes(), salt.iterations());
    SecretKey key = new SecretKeySpec(derived, "AES");
    Arrays.fill(derived, (byte) 0);
    if (keys.size() >= MOST_KEYS) {
      keys.keySet().stream().filter(old -> !old.equals(own)).findFirst().ifPresent(keys::remove);
    }
    keys.put(salt, key);
    return key;
  }

  private static byte[] pbkdf2(String passphrase, byte[] salt, int iterations)
      throws GeneralSecurityException {
    PBEKeySpec spec = new PBEKeySpec(passphrase.toCharArray(), salt, iterations, 256);
    try {
      return SecretKeyFactory.getInstance(DERIVATION).generateSecret(spec).getEncoded();
    } finally {
      spec.clearPassword();
    }
  }

  /** Keeps the passphrase out of messages. */
  @Override
  public String toString() {
    return "a seal";
  }
}
