package dev.muster.wire;

import java.io.IOException;

/** An answer has more bytes than are taken in. */
public final class TooLarge extends IOException {
  TooLarge(int limit) {
    super("the answer has more than " + limit + " bytes");
  }
}
