/**
 * Tests of the parts of the simulated API server that need no port. They refuse to start a server.
 * Entry points are the test classes.
 */
@NullMarked
package dev.muster.sandbox.server.kind;

import org.jspecify.annotations.NullMarked;
