/**
 * A small HTTP/1.1 server for one loopback port: keep-alive, chunked bodies, streamed answers,
 * WebSocket frames, TLS with a self-signed certificate. It refuses to know what is served: no
 * Kubernetes word stands here. Entry point is {@link dev.muster.sandbox.server.http.HttpListener}.
 */
@NullMarked
package dev.muster.sandbox.server.http;

import org.jspecify.annotations.NullMarked;
