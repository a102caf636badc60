/** JMH benchmarks of the engine's inner parts. */
@NullMarked
package dev.muster.bench;

import org.jspecify.annotations.NullMarked;
