package dev.muster.sandbox.controller.env;

import dev.muster.sandbox.client.ApiClient;

/**
 * One cluster as its own programs reach it.
 *
 * @param name a name for this process only; the name under which a cluster is imported may differ
 * @param api a client that may do everything
 * @param logs where its containers log
 */
public record ClusterEndpoint(String name, ApiClient api, LogSink logs) {}
