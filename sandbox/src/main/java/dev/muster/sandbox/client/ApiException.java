package dev.muster.sandbox.client;

import java.io.Serial;

/** A request that the server refused, or that never reached it (status 0). */
public final class ApiException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final int status;
  private final String reason;

  public ApiException(int status, String reason, String message) {
    super(message);
    this.status = status;
    this.reason = reason;
  }

  /** The HTTP status, or 0 when there was no answer. */
  public int status() {
    return status;
  }

  /** The reason of the server's Status object, such as AlreadyExists; empty when it gave none. */
  public String reason() {
    return reason;
  }

  public boolean isNotFound() {
    return status == 404;
  }

  public boolean isConflict() {
    return status == 409 && !"AlreadyExists".equals(reason);
  }

  public boolean alreadyExists() {
    return status == 409 && "AlreadyExists".equals(reason);
  }
}
