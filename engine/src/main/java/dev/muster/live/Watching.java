package dev.muster.live;

/** A running watch; closing it ends its request. Closing twice is harmless. */
public interface Watching extends AutoCloseable {
  @Override
  void close();
}
