/** Integration tests against real API servers. */
@NullMarked
package dev.muster.testbed;

import org.jspecify.annotations.NullMarked;
