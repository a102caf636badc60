package dev.muster.held;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.muster.live.LiveObject;
import dev.muster.resource.ObjectRef;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * An object that is seldom looked at: its compressed text is a thirtieth of its tree.
 *
 * @param identity tells one state from another
 */
record Packed(ObjectRef ref, String identity, byte[] text) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What zlib needs is outside the heap, some 300 KiB each time. */
  private static final Deflater DEFLATER = new Deflater(Deflater.BEST_SPEED);

  private static final int MOST_IDLE = 4;
  private static final BlockingQueue<Inflater> INFLATERS = new ArrayBlockingQueue<>(MOST_IDLE);

  static Packed of(LiveObject object) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(2048);
    synchronized (DEFLATER) {
      DEFLATER.reset();
      try (DeflaterOutputStream out = new DeflaterOutputStream(bytes, DEFLATER)) {
        JSON.writeValue(out, object.tree());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return new Packed(
        object.ref(), object.uid() + " " + object.resourceVersion(), bytes.toByteArray());
  }

  LiveObject open() {
    Inflater idle = INFLATERS.poll();
    Inflater inflater = idle == null ? new Inflater() : idle;
    try (InflaterInputStream in =
        new InflaterInputStream(new ByteArrayInputStream(text), inflater)) {
      JsonNode tree = JSON.readTree(in);
      return new LiveObject(ref, tree);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      inflater.reset();
      if (!INFLATERS.offer(inflater)) {
        inflater.end();
      }
    }
  }

  /** Whether a newer state is another one; without a version nobody can tell. */
  boolean same(Packed other) {
    return !identity.endsWith(" ") && identity.equals(other.identity);
  }

  /** Names the object only: it may be a secret. */
  @Override
  public String toString() {
    return ref.toString();
  }
}
