package dev.muster.sandbox.server.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** One change of one object; after a removal {@code object} is its last state. */
public record WatchEvent(
    long revision,
    ObjectKey key,
    Optional<ObjectNode> before,
    ObjectNode object,
    boolean removed) {}
