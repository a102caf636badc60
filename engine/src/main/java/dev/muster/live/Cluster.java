package dev.muster.live;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.resource.ObjectRef;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One cluster. Methods block, may be called from several threads, and answer with values: none
 * throws for anything that a cluster or a network can do. Every write carries the field manager
 * {@code muster}.
 */
public interface Cluster extends AutoCloseable {
  /** The cluster's name in the topology. */
  String name();

  Reading read(ObjectRef ref);

  /**
   * Reads an object of another cluster through a Service of this one, by the API server's service
   * proxy. An answer of that other server that is no object is a {@link Failure}.
   */
  Reading readThrough(ServicePort service, ObjectRef ref);

  /**
   * Lists a kind.
   *
   * @param kind its name is ignored; an empty namespace means all namespaces
   * @param labelSelector empty for all
   */
  Listing list(ObjectRef kind, String labelSelector);

  /** Creates the object; {@link Failure.Kind#ALREADY_EXISTS} when there is one. */
  Written create(ObjectRef ref, JsonNode manifest);

  /** Applies an RFC 6902 patch; a failed {@code test} is {@link Failure.Kind#STALE}. */
  Written patch(ObjectRef ref, JsonNode patch);

  /**
   * Replaces the object; the manifest's resourceVersion guards it. For Lease and inventory only.
   */
  Written replace(ObjectRef ref, JsonNode manifest);

  /**
   * Deletes the object if it still has this uid; {@link Written.Gone} when there is none of its
   * name.
   */
  Written delete(ObjectRef ref, String uid);

  /**
   * Has a token issued for a ServiceAccount. Nothing that can be read is changed by it; it needs a
   * permit as a write does, since what it gives is as good as rights.
   */
  Issuance issue(TokenRequest request);

  /**
   * Watches one object, from its state now, until closed. The first event is the present state. The
   * watch reconnects by itself, survives the object's deletion, and reports a failure only when the
   * cluster has not answered for some time; it then goes on trying.
   */
  Watching watch(ObjectRef ref, Consumer<Reading> onChange);

  /**
   * Watches all objects of a kind, as {@link #watch} does one.
   *
   * @param kind its name is ignored; an empty namespace means all namespaces
   * @param labelSelector empty for all
   */
  Watching watchAll(ObjectRef kind, String labelSelector, Follower follower);

  /** Reads log lines that are not older than the given time. */
  Logs logs(LogQuery query, Instant since);

  /** What time it is there, by its API server's answers; empty when it gives none. */
  Optional<Instant> clock();

  /**
   * The same cluster, to which nothing is written without permission: each try of a write asks
   * first, and one that then had to wait too long asks again. A refusal is the write's failure.
   */
  default Cluster under(Permit permit) {
    return new PermittedCluster(this, permit);
  }

  @Override
  void close();
}
