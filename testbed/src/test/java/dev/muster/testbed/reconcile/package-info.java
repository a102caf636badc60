/** Stable reconciliation as a property of random histories; see {@link Case}. */
@NullMarked
package dev.muster.testbed.reconcile;

import org.jspecify.annotations.NullMarked;
