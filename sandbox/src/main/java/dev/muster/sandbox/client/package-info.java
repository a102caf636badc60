/**
 * A small client of the Kubernetes API on the JDK's HTTP client: objects as JSON trees, watches
 * without a thread each.
 *
 * <p>It refuses to know what the objects mean and which server answers; it never retries what a
 * caller did not ask to retry.
 *
 * <p>Entry point: {@link dev.muster.sandbox.client.ApiClient}.
 */
@NullMarked
package dev.muster.sandbox.client;

import org.jspecify.annotations.NullMarked;
