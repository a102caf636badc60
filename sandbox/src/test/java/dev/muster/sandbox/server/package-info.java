/**
 * Tests of the simulated API server through its port. They refuse to look inside the store. Entry point is {@link dev.muster.sandbox.server.TestClient}.
 */
@NullMarked
package dev.muster.sandbox.server;

import org.jspecify.annotations.NullMarked;
