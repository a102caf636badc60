package dev.muster.sandbox.server.store;

import dev.muster.sandbox.server.kind.ResourceId;

/** Where an object is kept; the namespace of a cluster-scoped object is empty. */
public record ObjectKey(ResourceId resource, String namespace, String name) {}
