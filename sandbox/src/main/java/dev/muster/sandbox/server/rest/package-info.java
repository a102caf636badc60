/**
 * The Kubernetes REST rules over one cluster's store: verbs, patches, watches, discovery, tables,
 * logs, deletion, errors as Status objects. It refuses to know ports, tokens and how many clusters
 * there are. Entry points are {@link dev.muster.sandbox.server.rest.Backend} and {@link
 * dev.muster.sandbox.server.rest.Router}.
 */
@NullMarked
package dev.muster.sandbox.server.rest;

import org.jspecify.annotations.NullMarked;
