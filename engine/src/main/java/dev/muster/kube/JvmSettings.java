package dev.muster.kube;

import java.security.Security;

/**
 * What this JVM's HTTP and TLS have to be told before they are used for the first time; values that
 * somebody has set stay.
 */
public final class JvmSettings {
  private JvmSettings() {}

  /** Called by the program when it starts, since anything that uses HTTP makes it too late. */
  public static void apply() {
    // Only concerns key stores that this JVM makes, all in memory: 70 ms less for each client.
    String iterations = "keystore.pkcs12.keyPbeIterationCount";
    if (System.getProperty(iterations) == null) {
      Security.setProperty(iterations, "1");
    }
    // A gate waits for minutes; a connection that a load balancer dropped meanwhile breaks a write.
    set("jdk.httpclient.keepalive.timeout", "30");
    // Else a login for a proxy is not sent with CONNECT, which is all that is ever sent to one.
    set("jdk.http.auth.tunneling.disabledSchemes", "");
  }

  private static void set(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
