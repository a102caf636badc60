/**
 * Operations on JSON trees: JSON patch, merge patch, strategic merge patch, list keys and kubectl's
 * JSONPath. It refuses to know stores, clusters and HTTP. Entry points are {@link
 * dev.muster.sandbox.server.json.Json} and the three patches.
 */
@NullMarked
package dev.muster.sandbox.server.json;

import org.jspecify.annotations.NullMarked;
