package dev.muster.wire;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Map;
import jdk.net.ExtendedSocketOptions;

/** The socket of a {@link Feed}, and what it could not take yet. */
final class FeedLink {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /** Seconds of silence after which a peer that is gone is looked for, three times. */
  private static final Map<SocketOption<Integer>, Integer> KEEP_ALIVE =
      Map.of(
          ExtendedSocketOptions.TCP_KEEPIDLE, 30,
          ExtendedSocketOptions.TCP_KEEPINTERVAL, 10,
          ExtendedSocketOptions.TCP_KEEPCOUNT, 3);

  private final SocketChannel channel;
  private final SelectionKey key;
  private ByteBuffer unsent = NOTHING;

  private FeedLink(SocketChannel channel, SelectionKey key) {
    this.channel = channel;
    this.key = key;
  }

  /**
   * @param feed whom the selector names when something can be done
   */
  static FeedLink open(Selector selector, Feed feed) throws IOException {
    SocketChannel channel = SocketChannel.open();
    boolean done = false;
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      for (Map.Entry<SocketOption<Integer>, Integer> option : KEEP_ALIVE.entrySet()) {
        if (channel.supportedOptions().contains(option.getKey())) {
          channel.setOption(option.getKey(), option.getValue());
        }
      }
      SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT, feed);
      done = true;
      return new FeedLink(channel, key);
    } finally {
      if (!done) {
        channel.close();
      }
    }
  }

  /** Whether the connection stands already. */
  boolean connect(InetSocketAddress address) throws IOException {
    return channel.connect(address);
  }

  boolean connectable() {
    return key.isValid() && key.isConnectable();
  }

  boolean connected() throws IOException {
    return channel.finishConnect();
  }

  boolean readable() {
    return key.isValid() && key.isReadable();
  }

  /** From now on it is told when something comes. */
  void listen() {
    if (key.isValid()) {
      key.interestOps(SelectionKey.OP_READ);
    }
  }

  /** The number of bytes, or -1 at the end. */
  int read(ByteBuffer into) throws IOException {
    return channel.read(into);
  }

  void send(byte[] bytes) throws IOException {
    if (bytes.length > 0) {
      ByteBuffer all = ByteBuffer.allocate(unsent.remaining() + bytes.length);
      all.put(unsent).put(bytes).flip();
      unsent = all;
      flush();
    }
  }

  /** Sends what could not be sent before. */
  void flush() throws IOException {
    if (!unsent.hasRemaining()) {
      return;
    }
    channel.write(unsent);
    listen();
    if (!unsent.hasRemaining()) {
      unsent = NOTHING;
    } else if (key.isValid()) {
      key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // It is being thrown away.
    }
  }
}
