package dev.muster.kube;

/**
 * How long to wait for a cluster.
 *
 * @param connect seconds until the connection stands
 * @param request seconds until an answer is complete; watches are bounded otherwise
 */
public record Timeouts(int connect, int request) {
  public Timeouts {
    if (connect < 1 || request < 1) {
      throw new IllegalArgumentException("timeouts are at least one second");
    }
  }

  public static Timeouts standard() {
    return new Timeouts(10, 30);
  }
}
