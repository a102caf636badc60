/** Tests of the limits. */
@NullMarked
package dev.muster.bound;

import org.jspecify.annotations.NullMarked;
