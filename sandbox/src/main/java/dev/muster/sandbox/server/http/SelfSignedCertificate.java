package dev.muster.sandbox.server.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A fresh certificate for 127.0.0.1 and localhost that is its own authority; the JDK has no public
 * way to make one, so its DER is written here.
 */
public final class SelfSignedCertificate {
  private static final byte[] ECDSA_SHA256 = oid(1, 2, 840, 10045, 4, 3, 2);
  private static final DateTimeFormatter UTC_TIME =
      DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  private final KeyPair keys;
  private final byte[] encoded;

  private SelfSignedCertificate(KeyPair keys, byte[] encoded) {
    this.keys = keys;
    this.encoded = encoded;
  }

  /** Makes a new key and a certificate valid from an hour before {@code now} for a year. */
  public static SelfSignedCertificate create(Instant now) {
    return create(now.minusSeconds(3_600), now.plusSeconds(365L * 86_400));
  }

  /** Makes a new key and a certificate for this span, which may be over. */
  public static SelfSignedCertificate create(Instant notBefore, Instant notAfter) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair keys = generator.generateKeyPair();
      byte[] body = body(keys, notBefore, notAfter);
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(keys.getPrivate());
      signature.update(body);
      byte[] certificate =
          der(0x30, body, der(0x30, ECDSA_SHA256), der(0x03, new byte[1], signature.sign()));
      return new SelfSignedCertificate(keys, certificate);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot make a certificate", e);
    }
  }

  private static byte[] body(KeyPair keys, Instant notBefore, Instant notAfter) {
    byte[] name =
        der(
            0x30,
            der(0x31, der(0x30, oid(2, 5, 4, 3), der(0x0c, ascii("muster sandbox (simulation)")))));
    byte[] names = der(0x30, der(0x82, ascii("localhost")), der(0x87, new byte[] {127, 0, 0, 1}));
    byte[] isAuthority = der(0x30, der(0x01, new byte[] {(byte) 0xff}));
    byte[] extensions =
        der(
            0xa3,
            der(
                0x30,
                der(
                    0x30,
                    oid(2, 5, 29, 19),
                    der(0x01, new byte[] {(byte) 0xff}),
                    der(0x04, isAuthority)),
                der(0x30, oid(2, 5, 29, 17), der(0x04, names))));
    return der(
        0x30,
        der(0xa0, der(0x02, new byte[] {2})),
        der(0x02, new BigInteger(120, new SecureRandom()).add(BigInteger.ONE).toByteArray()),
        der(0x30, ECDSA_SHA256),
        name,
        der(
            0x30,
            der(0x17, ascii(UTC_TIME.format(notBefore))),
            der(0x17, ascii(UTC_TIME.format(notAfter)))),
        name,
        keys.getPublic().getEncoded(),
        extensions);
  }

  /** The certificate as PEM text, for a client to trust. */
  public String pem() {
    return pem("CERTIFICATE", encoded);
  }

  /** The certificate's private key as PEM text. */
  public String keyPem() {
    return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
  }

  private static String pem(String what, byte[] der) {
    return "-----BEGIN "
        + what
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + what
        + "-----\n";
  }

  /** TLS for a server that shows this certificate. */
  public SSLContext serverContext() {
    try {
      Certificate certificate =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(encoded));
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("sandbox", keys.getPrivate(), new char[0], new Certificate[] {certificate});
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(store, new char[0]);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("cannot serve TLS", e);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] der(int tag, byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 6);
    out.write(tag);
    if (length < 128) {
      out.write(length);
    } else if (length < 256) {
      out.write(0x81);
      out.write(length);
    } else {
      out.write(0x82);
      out.write(length >> 8);
      out.write(length);
    }
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] oid(int first, int second, int... rest) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(first * 40 + second);
    for (int arc : rest) {
      for (int shift = 28; shift > 0; shift -= 7) {
        if (arc >> shift != 0) {
          out.write(arc >> shift & 0x7f | 0x80);
        }
      }
      out.write(arc & 0x7f);
    }
    return der(0x06, out.toByteArray());
  }
}
