package dev.muster.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Certificates and keys out of PEM text. No message says anything of the text. */
final class Pem {
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";

  /** SEQUENCE { OID rsaEncryption, NULL } */
  private static final byte[] RSA = {
    0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
  };

  /** OID id-ecPublicKey */
  private static final byte[] EC = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};

  private static final byte[] VERSION = {2, 1, 0};

  private Pem() {}

  private record Block(String label, byte[] content) {}

  /**
   * All certificates of a text, in order.
   *
   * @throws CertificateException when there is none, or one is broken
   */
  static List<X509Certificate> certificates(String text) throws GeneralSecurityException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> certificates = new ArrayList<>();
    for (Block block : blocks(text)) {
      if (block.label().endsWith("CERTIFICATE")) {
        certificates.add(
            (X509Certificate)
                factory.generateCertificate(new ByteArrayInputStream(block.content())));
      }
    }
    if (certificates.isEmpty()) {
      throw new CertificateException("no certificate");
    }
    return certificates;
  }

  /**
   * The first private key of a text: PKCS#8, PKCS#1 of RSA, or SEC 1 of EC.
   *
   * @throws InvalidKeySpecException when there is none that can be read, as one with a password
   */
  static PrivateKey key(String text) throws GeneralSecurityException {
    for (Block block : blocks(text)) {
      switch (block.label()) {
        case "PRIVATE KEY":
          return pkcs8(block.content());
        case "RSA PRIVATE KEY":
          byte[] rsa = sequence(VERSION, RSA, value(4, block.content()));
          return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(rsa));
        case "EC PRIVATE KEY":
          byte[] algorithm = sequence(EC, curve(block.content()));
          byte[] ec = sequence(VERSION, algorithm, value(4, block.content()));
          return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(ec));
        default:
          // Curve parameters and certificates may stand in the same file.
          break;
      }
    }
    throw new InvalidKeySpecException("no private key");
  }

  private static PrivateKey pkcs8(byte[] encoded) throws GeneralSecurityException {
    for (String algorithm : List.of("RSA", "EC", "EdDSA", "RSASSA-PSS")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
      } catch (InvalidKeySpecException e) {
        // Then it is another one, or none.
        continue;
      }
    }
    throw new InvalidKeySpecException("no private key of a known kind");
  }

  /** The curve's OID, which stands in the key as [0] (RFC 5915). */
  private static byte[] curve(byte[] key) throws InvalidKeySpecException {
    try {
      int at = contentStart(key, 0);
      while (at < key.length) {
        int start = contentStart(key, at);
        int end = start + length(key, at);
        if ((key[at] & 0xff) == 0xa0) {
          return java.util.Arrays.copyOfRange(key, start, end);
        }
        at = end;
      }
    } catch (IndexOutOfBoundsException e) {
      throw new InvalidKeySpecException("a key that is cut off");
    }
    throw new InvalidKeySpecException("a key without a curve");
  }

  private static int contentStart(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
  }

  private static int length(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    if (first < 0x80) {
      return first;
    }
    int length = 0;
    for (int i = 0; i < (first & 0x7f); i++) {
      length = Math.addExact(Math.multiplyExact(length, 256), der[at + 2 + i] & 0xff);
    }
    return length;
  }

  private static byte[] sequence(byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    return value(0x30, content.toByteArray());
  }

  private static byte[] value(int tag, byte[] content) {
    ByteArrayOutputStream value = new ByteArrayOutputStream(content.length + 6);
    value.write(tag);
    if (content.length < 0x80) {
      value.write(content.length);
    } else {
      // In as few bytes as it takes, as DER wants it.
      int bytes = content.length < 1 << 8 ? 1 : content.length < 1 << 16 ? 2 : 3;
      value.write(0x80 | bytes);
      for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
        value.write(content.length >> shift);
      }
    }
    value.writeBytes(content);
    return value.toByteArray();
  }

  private static List<Block> blocks(String text) throws CertificateException {
    List<Block> blocks = new ArrayList<>();
    int from = text.indexOf(BEGIN);
    while (from >= 0) {
      int labelEnd = text.indexOf("-----", from + BEGIN.length());
      int end = labelEnd < 0 ? -1 : text.indexOf(END, labelEnd);
      if (end < 0) {
        throw new CertificateException("a block without an end");
      }
      String label = text.substring(from + BEGIN.length(), labelEnd);
      String body = text.substring(labelEnd + 5, end);
      // Headers, as in keys of old with a password, are no base64 and make the block useless.
      byte[] content =
          body.contains(":")
              ? new byte[0]
              : Base64.getMimeDecoder().decode(body.getBytes(StandardCharsets.ISO_8859_1));
      blocks.add(new Block(label, content));
      from = text.indexOf(BEGIN, end);
    }
    return blocks;
  }
}
