package dev.muster.live;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.resource.ObjectRef;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** A cluster that passes everything on to another one, for those that do one thing differently. */
public abstract class ForwardingCluster implements Cluster {
  private final Cluster cluster;

  protected ForwardingCluster(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public String name() {
    return cluster.name();
  }

  @Override
  public Reading read(ObjectRef ref) {
    return cluster.read(ref);
  }

  @Override
  public Listing list(ObjectRef kind, String labelSelector) {
    return cluster.list(kind, labelSelector);
  }

  @Override
  public Reading readThrough(ServicePort service, ObjectRef ref) {
    return cluster.readThrough(service, ref);
  }

  @Override
  public Written create(ObjectRef ref, JsonNode manifest) {
    return cluster.create(ref, manifest);
  }

  @Override
  public Written patch(ObjectRef ref, JsonNode patch) {
    return cluster.patch(ref, patch);
  }

  @Override
  public Written replace(ObjectRef ref, JsonNode manifest) {
    return cluster.replace(ref, manifest);
  }

  @Override
  public Written delete(ObjectRef ref, String uid) {
    return cluster.delete(ref, uid);
  }

  @Override
  public Issuance issue(TokenRequest request) {
    return cluster.issue(request);
  }

  @Override
  public Watching watch(ObjectRef ref, Consumer<Reading> onChange) {
    return cluster.watch(ref, onChange);
  }

  @Override
  public Watching watchAll(ObjectRef kind, String labelSelector, Follower follower) {
    return cluster.watchAll(kind, labelSelector, follower);
  }

  @Override
  public Logs logs(LogQuery query, Instant since) {
    return cluster.logs(query, since);
  }

  @Override
  public Optional<Instant> clock() {
    return cluster.clock();
  }

  @Override
  public void close() {
    cluster.close();
  }
}
