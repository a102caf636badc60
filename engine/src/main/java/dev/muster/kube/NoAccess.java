package dev.muster.kube;

import dev.muster.live.Failure;

/** Why a connection cannot even be tried; becomes a failure value before it leaves the package. */
final class NoAccess extends RuntimeException {
  NoAccess(String message) {
    super(message);
  }

  Failure failure() {
    return new Failure(Failure.Kind.NO_ACCESS, String.valueOf(getMessage()));
  }
}
