package dev.muster.courier;

import dev.muster.fuzz.Promises;

/**
 * A file that a courier brings. Most of what can be made of it fails by its seal; so the first byte
 * chooses whether the rest is a whole file, or what somebody with the key has put into one.
 */
public final class SealedFuzz {
  private static final Seal SEAL = new Seal("a passphrase for the fuzzer");

  private SealedFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length == 0) {
      return;
    }
    boolean bundle = (input[0] & 1) == 0;
    boolean whole = (input[0] & 2) == 0;
    byte[] rest = java.util.Arrays.copyOfRange(input, 1, input.length);
    Promises.hold(
        rest,
        text -> {
          if (whole) {
            // What the head asks for costs time by design, and is bounded: see SealTest.
            if (!text.contains("iterations")) {
              open(bundle, text);
            }
          } else {
            Seal.read(
                "file",
                text,
                root -> bundle ? Bundle.read("file", root) : Receipt.read("file", root));
          }
        });
  }

  private static void open(boolean bundle, String text) {
    if (bundle) {
      Bundle.open("file", text, SEAL);
    } else {
      Receipt.open("file", text, SEAL);
    }
  }
}
