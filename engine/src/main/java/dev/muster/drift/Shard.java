package dev.muster.drift;

import dev.muster.digest.Sha256;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One part of a fleet. A cluster belongs to the same part whatever other clusters there are: its
 * name alone decides.
 *
 * @param index counted from 1
 * @param of how many parts there are
 */
public record Shard(int index, int of) {
  private static final Pattern TEXT = Pattern.compile("([0-9]{1,4})/([0-9]{1,4})");

  public Shard {
    if (index < 1 || index > of) {
      throw new IllegalArgumentException("shard " + index + " of " + of);
    }
  }

  /** What is written as {@code 2/8}; empty when it names no part. */
  public static Optional<Shard> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int index = Integer.parseInt(matcher.group(1));
    int of = Integer.parseInt(matcher.group(2));
    return index < 1 || index > of ? Optional.empty() : Optional.of(new Shard(index, of));
  }

  /** Whether the cluster of this name belongs to it, the host included. */
  public boolean has(String cluster) {
    return Long.remainderUnsigned(hash(cluster), of) == index - 1;
  }

  private static long hash(String name) {
    return ByteBuffer.wrap(Sha256.bytes(name)).getLong();
  }

  @Override
  public String toString() {
    return index + "/" + of;
  }
}
