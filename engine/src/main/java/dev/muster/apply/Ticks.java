package dev.muster.apply;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A clock that only ever goes forward, whatever is done to the time of day, and that counts the
 * time during which the machine slept or the process was stopped.
 */
interface Ticks {
  /** Nanoseconds since some fixed moment. */
  long nanos();

  /**
   * Lets time pass.
   *
   * @throws InterruptedException when the run is to end
   */
  void pause(Duration length) throws InterruptedException;

  /** What has passed since an earlier {@link #nanos()}. */
  default Duration since(long start) {
    return Duration.ofNanos(nanos() - start);
  }

  /** The clock of this machine. */
  static Ticks ofThisMachine() {
    Path uptime = Path.of("/proc/uptime");
    return Files.isReadable(uptime) ? new Boot(uptime) : new Slower(System.nanoTime());
  }

  /** Linux: the time since the machine was started, sleep included, in hundredths of a second. */
  record Boot(Path uptime) implements Ticks {
    @Override
    public long nanos() {
      try {
        String text = Files.readString(uptime);
        return (long) (Double.parseDouble(text.substring(0, text.indexOf(' '))) * 1e9);
      } catch (IOException | RuntimeException e) {
        // Read before; without it nobody can say how much time is left.
        throw new IllegalStateException("cannot read " + uptime, e);
      }
    }

    @Override
    public void pause(Duration length) throws InterruptedException {
      Thread.sleep(length.toMillis());
    }
  }

  /**
   * Elsewhere: whichever of the two clocks of Java has gone further, since one does not count sleep
   * on every system and the other can be set back.
   */
  record Slower(long started, long wall) implements Ticks {
    Slower(long started) {
      this(started, System.currentTimeMillis());
    }

    @Override
    public long nanos() {
      long byWall = (System.currentTimeMillis() - wall) * 1_000_000;
      return Math.max(System.nanoTime() - started, byWall);
    }

    @Override
    public void pause(Duration length) throws InterruptedException {
      Thread.sleep(length.toMillis());
    }
  }
}
