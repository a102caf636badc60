package dev.muster.wire;

/**
 * Whom to trust and who to be, all as PEM text.
 *
 * @param authorities empty for those of the JDK
 * @param anybody take whatever certificate a server shows
 * @param certificate our own with its chain, empty for none
 * @param key the certificate's private key
 */
public record Trust(String authorities, boolean anybody, String certificate, String key) {
  /** Keeps the key out of messages. */
  @Override
  public String toString() {
    return "whom to trust and who to be";
  }
}
