/**
 * Clusters over HTTP: access by kubeconfig, one request per method, and the translation of
 * everything that can go wrong. Refuses to know what is read or written and why; the HTTP client,
 * TLS and proxies are fabric8's, and no other package sees them. Entry point: {@link
 * dev.muster.kube.KubeClusters}.
 */
@NullMarked
package dev.muster.kube;

import org.jspecify.annotations.NullMarked;
