/**
 * Whether a secret stands where it must not: {@link Canaries} knows secrets in all their forms,
 * {@link Places} knows where muster may have left something.
 */
@NullMarked
package dev.muster.testbed.secret;

import org.jspecify.annotations.NullMarked;
