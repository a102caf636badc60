package dev.muster.sandbox.server.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.server.kind.KindInfo;
import java.util.Optional;

/**
 * Plays a validating admission webhook; may be called more than once for one request and may wait.
 */
public interface AdmissionHook {
  /** What is asked for; {@code before} is empty on CREATE, {@code object} on DELETE. */
  record Review(
      String operation,
      KindInfo kind,
      String namespace,
      String name,
      String subresource,
      Optional<ObjectNode> before,
      Optional<ObjectNode> object,
      String user,
      boolean dryRun) {}

  /** A refusal; webhooks built on controller-runtime answer 403. */
  record Denial(String webhook, String message, int code) {
    public Denial(String webhook, String message) {
      this(webhook, message, 403);
    }
  }

  /** Empty lets the request pass. */
  Optional<Denial> review(Review review);
}
