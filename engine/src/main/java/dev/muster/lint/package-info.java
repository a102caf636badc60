/**
 * Looks at a plan file for what is sound and yet cannot be meant: steps and causes that never come,
 * names that nothing uses, secrets that would be shown. Pure; refuses to know topologies and
 * clusters. Entry point: {@link dev.muster.lint.Linter}.
 */
@NullMarked
package dev.muster.lint;

import org.jspecify.annotations.NullMarked;
