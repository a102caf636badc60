package dev.muster.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PemTest {
  private static String pem(String label, byte[] content) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
        + "\n-----END "
        + label
        + "-----\n";
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] der(int tag, byte[] content) {
    byte[] head =
        content.length < 128
            ? new byte[] {(byte) tag, (byte) content.length}
            : new byte[] {(byte) tag, (byte) 0x81, (byte) content.length};
    return concat(head, content);
  }

  @ParameterizedTest
  @ValueSource(ints = {1024, 2048, 4096})
  void readsRsaKeysInBothForms(int bits) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(bits);
    KeyPair pair = generator.generateKeyPair();
    byte[] pkcs8 = pair.getPrivate().getEncoded();
    // Version, algorithm and the head of the octet string come first.
    byte[] pkcs1 = Arrays.copyOfRange(pkcs8, pkcs8.length - inner(pkcs8), pkcs8.length);

    assertThat(Pem.key(pem("PRIVATE KEY", pkcs8))).isEqualTo(pair.getPrivate());
    assertThat(Pem.key(pem("RSA PRIVATE KEY", pkcs1))).isEqualTo(pair.getPrivate());
  }

  private static int inner(byte[] pkcs8) {
    for (int i = 20; i < 40; i++) {
      if (pkcs8[i] == 0x04 && pkcs8[i + 1] == (byte) 0x82) {
        return ((pkcs8[i + 2] & 0xff) << 8) + (pkcs8[i + 3] & 0xff);
      }
    }
    throw new AssertionError("no octet string");
  }

  @ParameterizedTest
  @CsvSource({
    "secp256r1, 32, 2A8648CE3D030107",
    "secp384r1, 48, 2B81040022",
    "secp521r1, 66, 2B81040023"
  })
  void readsEcKeysInBothForms(String curve, int size, String oid) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(curve));
    ECPrivateKey key = (ECPrivateKey) generator.generateKeyPair().getPrivate();
    byte[] number = key.getS().toByteArray();
    byte[] padded = new byte[size];
    int from = Math.max(0, number.length - size);
    System.arraycopy(number, from, padded, size - (number.length - from), number.length - from);
    byte[] named = der(0xa0, der(0x06, java.util.HexFormat.of().parseHex(oid)));
    byte[] sec1 = der(0x30, concat(new byte[] {2, 1, 1}, der(0x04, padded), named));
    String parameters = pem("EC PARAMETERS", der(0x06, java.util.HexFormat.of().parseHex(oid)));

    assertThat(Pem.key(pem("PRIVATE KEY", key.getEncoded()))).isEqualTo(key);
    assertThat(((ECPrivateKey) Pem.key(parameters + pem("EC PRIVATE KEY", sec1))).getS())
        .isEqualTo(key.getS());
  }

  @Test
  void readsEdwardsKeys() throws GeneralSecurityException {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();

    assertThat(Pem.key(pem("PRIVATE KEY", pair.getPrivate().getEncoded())))
        .isEqualTo(pair.getPrivate());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "canary",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----",
        "-----BEGIN EC PRIVATE KEY-----\nMAYwgoKC\n-----END EC PRIVATE KEY-----",
        "-----BEGIN EC PRIVATE KEY-----\nMIT/////\n-----END EC PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\ncanary\n-----END RSA PRIVATE"
            + " KEY-----",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\ncanary\n-----END ENCRYPTED PRIVATE KEY-----"
      })
  void aKeyThatCannotBeReadIsAFailureWithoutAQuote(String text) {
    assertThatThrownBy(() -> Pem.key(text))
        .isInstanceOfAny(GeneralSecurityException.class, IllegalArgumentException.class)
        .hasMessageNotContaining("canary");
    assertThatThrownBy(() -> Pem.certificates(text.replace("PRIVATE KEY", "CERTIFICATE")))
        .isInstanceOfAny(GeneralSecurityException.class, IllegalArgumentException.class);
  }
}
