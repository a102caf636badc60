package dev.muster.testbed;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * One self-signed key pair for all TLS servers of a fleet, made anew each time.
 *
 * @param tls presents the certificate, as a server or as a client, and trusts it (only it)
 * @param client trusts it and presents none, so that an API server goes by the token
 */
record Identity(
    Path certificate, Path key, String certificatePem, SSLContext tls, SSLContext client) {
  private static final char[] PASSWORD = "testbed".toCharArray();

  /** keytool belongs to every JDK, openssl does not belong to every machine. */
  static Identity create(Path folder) throws IOException, InterruptedException {
    Path store = folder.resolve("identity.p12");
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    List<String> command =
        List.of(
            keytool.toString(),
            "-J-XX:TieredStopAtLevel=1",
            "-genkeypair",
            "-alias",
            "testbed",
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-sigalg",
            "SHA256withECDSA",
            "-validity",
            "7",
            "-dname",
            "CN=muster testbed",
            "-ext",
            "SAN=ip:127.0.0.1,dns:localhost,dns:kubernetes.default.svc",
            "-ext",
            "BC=ca:true",
            "-storetype",
            "PKCS12",
            "-keystore",
            store.toString(),
            "-storepass",
            new String(PASSWORD));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("keytool made no key: " + said);
    }
    try (InputStream in = Files.newInputStream(store)) {
      return read(in, folder);
    } catch (GeneralSecurityException e) {
      throw new IOException("the new key cannot be used", e);
    }
  }

  private static Identity read(InputStream in, Path folder)
      throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(in, PASSWORD);
    Certificate certificate = keys.getCertificate("testbed");
    String pem = pem("CERTIFICATE", certificate.getEncoded());
    Path certificateFile = Files.writeString(folder.resolve("server.crt"), pem);
    Path keyFile =
        Files.writeString(
            folder.resolve("server.key"),
            pem("PRIVATE KEY", keys.getKey("testbed", PASSWORD).getEncoded()));

    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("testbed", certificate);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(managers.getKeyManagers(), trust.getTrustManagers(), null);
    SSLContext client = SSLContext.getInstance("TLS");
    client.init(null, trust.getTrustManagers(), null);
    return new Identity(certificateFile, keyFile, pem, tls, client);
  }

  private static String pem(String type, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
  }
}
