package dev.muster.credential;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;

/**
 * When a credential runs out.
 *
 * @param what what of it does, for people: {@code client certificate}
 */
public record Expiry(String what, Instant at) {
  private static final String PEM = "-----BEGIN CERTIFICATE-----";

  public Expiry {
    Objects.requireNonNull(what, "what");
    Objects.requireNonNull(at, "at");
  }

  /**
   * Of a certificate, the first when there are several: it is the one that is shown to servers.
   *
   * @param text PEM, or PEM in base64
   * @return empty for anything else
   */
  public static Optional<Instant> ofCertificate(String text) {
    String pem = text.contains(PEM) ? text : decoded(text);
    int start = pem.indexOf(PEM);
    if (start < 0) {
      return Optional.empty();
    }
    byte[] bytes = pem.substring(start).getBytes(StandardCharsets.US_ASCII);
    try {
      return CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(bytes))
              instanceof X509Certificate certificate
          ? Optional.of(certificate.getNotAfter().toInstant())
          : Optional.empty();
    } catch (CertificateException e) {
      return Optional.empty();
    }
  }

  /**
   * Of a token that says it itself: the claim {@code exp} of a JSON Web Token.
   *
   * @return empty for a token without an end, and for one that is none of these
   */
  public static Optional<Instant> ofToken(String token) {
    return AccountToken.read(token).flatMap(AccountToken::expires);
  }

  private static String decoded(String text) {
    try {
      return new String(Base64.getMimeDecoder().decode(text), StandardCharsets.ISO_8859_1);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
