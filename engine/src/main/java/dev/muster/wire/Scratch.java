package dev.muster.wire;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Buffers that TLS works with, each for a whole record: lent for as long as something is asked, as
 * most of a thousand connections are idle.
 *
 * @param in what has come and is not read yet
 * @param plain what was said in it
 * @param out what is to be sent
 */
record Scratch(ByteBuffer in, ByteBuffer plain, ByteBuffer out) {
  /** A record of TLS and a little more; what is longer is not one. */
  private static final int RECORD = 40 << 10;

  private static final Queue<Scratch> SPARE = new ArrayBlockingQueue<>(32);

  static Scratch make() {
    return new Scratch(
        ByteBuffer.allocate(RECORD), ByteBuffer.allocate(RECORD), ByteBuffer.allocate(RECORD));
  }

  /** With nothing in it. */
  static Scratch borrow() {
    Scratch spare = SPARE.poll();
    Scratch lent = spare == null ? make() : spare;
    lent.in.clear().flip();
    return lent;
  }

  /** The giver must not use it any more. */
  void giveBack() {
    SPARE.offer(this);
  }
}
