/**
 * The memory of one simulated cluster: objects with their versions, the log that watches replay,
 * selectors, field ownership and pod logs. It refuses to know HTTP, verbs and what kinds mean.
 * Entry point is {@link dev.muster.sandbox.server.store.ObjectStore}.
 */
@NullMarked
package dev.muster.sandbox.server.store;

import org.jspecify.annotations.NullMarked;
