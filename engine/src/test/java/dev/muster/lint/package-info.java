@NullMarked
package dev.muster.lint;

import org.jspecify.annotations.NullMarked;
