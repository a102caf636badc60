package dev.muster.bound;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads whole files that somebody else may have made: what a name leads to can be a device that
 * never ends, a pipe that nobody writes to, or larger than it said when it was opened.
 */
public final class BoundedFile {
  private BoundedFile() {}

  /** More than the limit; the message is the end of a sentence that begins with the file. */
  public static final class TooLarge extends IOException {
    private TooLarge(int limit) {
      super("is larger than " + (limit >= 1 << 20 ? (limit >> 20) + " MiB" : limit + " bytes"));
    }
  }

  /**
   * The text of a file in UTF-8.
   *
   * @throws TooLarge when it has more bytes than the limit
   * @throws CharacterCodingException when it is not UTF-8
   * @throws IOException when it cannot be read
   */
  public static String text(Path file, int limit) throws IOException {
    return StandardCharsets.UTF_8
        .newDecoder()
        .decode(ByteBuffer.wrap(bytes(file, limit)))
        .toString();
  }

  /**
   * The bytes of a file.
   *
   * @throws TooLarge when there are more than the limit
   * @throws IOException when it cannot be read
   */
  public static byte[] bytes(Path file, int limit) throws IOException {
    return Files.isRegularFile(file) || Files.notExists(file)
        ? read(file, limit)
        : patiently(file, limit);
  }

  private static byte[] read(Path file, int limit) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(limit + 1);
      if (bytes.length > limit) {
        throw new TooLarge(limit);
      }
      return bytes;
    }
  }

  /**
   * Opening a pipe waits for its writer and cannot be interrupted, so that a thread is given up.
   */
  private static byte[] patiently(Path file, int limit) throws IOException {
    CompletableFuture<byte[]> read = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              try {
                read.complete(read(file, limit));
              } catch (IOException | RuntimeException e) {
                read.completeExceptionally(e);
              }
            },
            "muster-pipe");
    reader.setDaemon(true);
    reader.start();
    try {
      return read.get(Bounds.PIPE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException(
          "nothing came out of it within " + Bounds.PIPE.toSeconds() + " s; it is no file", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
