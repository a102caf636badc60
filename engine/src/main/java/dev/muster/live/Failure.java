package dev.muster.live;

import dev.muster.bound.Bounds;
import dev.muster.bound.Printable;
import java.util.Objects;

/**
 * Why a request had no good answer.
 *
 * @param kind which of the causes that muster tells apart
 * @param message one sentence for people, in the server's own words where it gave any; it may hold
 *     text from a cluster, so it is short and printable, and masked before it is shown
 */
public record Failure(Kind kind, String message) {
  public Failure {
    Objects.requireNonNull(kind, "kind");
    message = Printable.text(Bounds.quoted(message));
  }

  /** The causes, each of which is handled differently somewhere. */
  public enum Kind {
    /** Nobody listens at the address. */
    REFUSED,
    /** No answer in time. */
    TIMEOUT,
    /** The name of the server does not resolve. */
    UNKNOWN_HOST,
    /** The server's certificate is not trusted, or it does not trust ours. */
    TLS,
    /** The connection broke before the answer was complete. */
    BROKEN,
    /** 401: the server does not know who we are. */
    UNAUTHORIZED,
    /** 403: it knows, and says no. */
    FORBIDDEN,
    /** 404 on a write: the object or its kind is not there. */
    NOT_FOUND,
    /** 409 on a create. */
    ALREADY_EXISTS,
    /** 409, or a failed {@code test} of a patch: the object is not as it was when it was read. */
    STALE,
    /** 400 or 422: the server refuses the content. */
    INVALID,
    /** 429, after the retries. */
    THROTTLED,
    /** Any 5xx, after the retries. */
    SERVER_ERROR,
    /**
     * The runner cannot use its own access: no such context, a broken kubeconfig, a failing plugin.
     */
    NO_ACCESS,
    /** The plan does not say that it may; nothing was sent. */
    NOT_ALLOWED;

    /** Whether the server said no to who we are, or to what we may. */
    public boolean refused() {
      return this == UNAUTHORIZED || this == FORBIDDEN;
    }

    /** Whether a write may have been done although its answer says nothing of it. */
    public boolean unknown() {
      return this == BROKEN || this == TIMEOUT || this == SERVER_ERROR;
    }

    /** Whether the cluster as a whole could not be reached, as opposed to having said no. */
    public boolean unreachable() {
      return this == REFUSED
          || this == TIMEOUT
          || this == UNKNOWN_HOST
          || this == TLS
          || this == BROKEN;
    }
  }
}
