package dev.muster.kube;

/**
 * What this JVM's HTTP client has to be told before it is used for the first time; values that
 * somebody has set stay.
 */
public final class JvmSettings {
  private JvmSettings() {}

  /** Called by the program when it starts, since anything that uses HTTP makes it too late. */
  public static void apply() {
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
