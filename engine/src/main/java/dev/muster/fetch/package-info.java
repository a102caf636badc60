/**
 * Fetches what a file names by its address: texts, and artifacts of registries. All of it is
 * bounded in time and size, and no login is in any message. Refuses to know what is in it. Entry
 * points: {@link dev.muster.fetch.Download}, {@link dev.muster.fetch.Registry}.
 */
@NullMarked
package dev.muster.fetch;

import org.jspecify.annotations.NullMarked;
