package dev.muster.sandbox.fault;

import dev.muster.sandbox.client.Trust;
import java.net.URI;

/**
 * An API server before which the proxy stands.
 *
 * @param address scheme, host, port and, where it has one, path
 */
public record Upstream(URI address, Trust trust) {}
