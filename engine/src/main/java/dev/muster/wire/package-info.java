/**
 * HTTP/1.1 and TLS over plain sockets, on the threads of whoever asks: one request, one answer,
 * bounded in time and size. Knows nothing of Kubernetes, of kubeconfigs and of what failures mean.
 * Entry point: {@link dev.muster.wire.Lanes}.
 */
@NullMarked
package dev.muster.wire;

import org.jspecify.annotations.NullMarked;
