/**
 * Digests of contents, by which texts are told apart and held to what was accepted. Refuses to know
 * what is in them. Entry point: {@link dev.muster.digest.Sha256}.
 */
@NullMarked
package dev.muster.digest;

import org.jspecify.annotations.NullMarked;
