package dev.muster.apply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.diff.Change;
import dev.muster.diff.ObjectDiff;
import dev.muster.live.Cluster;
import dev.muster.live.Failure;
import dev.muster.live.Written;
import dev.muster.resource.ObjectRef;
import dev.muster.resource.Redactor;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** Sends one change, with the values that are made when it is written. */
final class ChangeWriter {
  private final TokenDesk tokens;
  private final RandomGenerator random;

  /**
   * @param random of which values are made
   */
  ChangeWriter(TokenDesk tokens, RandomGenerator random) {
    this.tokens = tokens;
    this.random = random;
  }

  /**
   * @param redactor learns the values that are made
   * @throws TokenDesk.Refused when a token that it needs is not issued; then nothing was sent
   */
  Written write(Cluster cluster, Change change, Redactor redactor) throws TokenDesk.Refused {
    if (change instanceof Change.Delete delete) {
      return cluster.delete(delete.ref(), delete.uid());
    }
    if (change instanceof Change.Create create) {
      return create(cluster, create.ref(), made(create.diff(), redactor).manifest());
    }
    return cluster.patch(change.ref(), made(((Change.Patch) change).diff(), redactor).patch());
  }

  private ObjectDiff made(ObjectDiff diff, Redactor redactor) throws TokenDesk.Refused {
    return diff.resolve(random, tokens.issue(diff, redactor));
  }

  /**
   * A kind that a definition created a moment ago makes known may not be served yet: the server
   * then says that the kind does not exist.
   */
  private static Written create(Cluster cluster, ObjectRef ref, JsonNode manifest) {
    long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    long pause = 50;
    while (true) {
      Written written = cluster.create(ref, manifest);
      boolean notServed =
          written instanceof Written.Failed failed
              && failed.failure().kind() == Failure.Kind.NOT_FOUND
              && !ref.group().isEmpty();
      if (!notServed || System.nanoTime() > until) {
        return written;
      }
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return written;
      }
      pause = Math.min(pause * 2, 1000);
    }
  }
}
