/**
 * Simulated Kubernetes clusters, served to any client from one process on one loopback port. It
 * refuses to know the systems that run on them: what controllers do is told to it through the API,
 * hooks and logs. Entry point is {@link dev.muster.sandbox.server.ApiServer}.
 */
@NullMarked
package dev.muster.sandbox.server;

import org.jspecify.annotations.NullMarked;
