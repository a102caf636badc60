package dev.muster.sandbox.server.http;

import java.io.IOException;

/** A request that cannot be read; it is answered with the status and the connection ends. */
final class HttpProblem extends IOException {
  final int status;

  HttpProblem(int status, String message) {
    super(message);
    this.status = status;
  }
}
