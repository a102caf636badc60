package dev.muster.live;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.resource.ObjectRef;
import java.util.function.Supplier;

/** Asks before each write whether it may be. */
final class PermittedCluster extends ForwardingCluster {
  private final Permit permit;

  PermittedCluster(Cluster cluster, Permit permit) {
    super(cluster);
    this.permit = permit;
  }

  @Override
  public Written create(ObjectRef ref, JsonNode manifest) {
    return permitted(() -> super.create(ref, manifest));
  }

  @Override
  public Written patch(ObjectRef ref, JsonNode patch) {
    return permitted(() -> super.patch(ref, patch));
  }

  @Override
  public Written replace(ObjectRef ref, JsonNode manifest) {
    return permitted(() -> super.replace(ref, manifest));
  }

  @Override
  public Written delete(ObjectRef ref, String uid) {
    return permitted(() -> super.delete(ref, uid));
  }

  @Override
  public Issuance issue(TokenRequest request) {
    return permit
        .refusal()
        .<Issuance>map(Issuance.Failed::new)
        .orElseGet(() -> super.issue(request));
  }

  private Written permitted(Supplier<Written> write) {
    return permit.refusal().<Written>map(Written.Failed::new).orElseGet(write);
  }
}
