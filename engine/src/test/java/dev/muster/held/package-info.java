@NullMarked
package dev.muster.held;

import org.jspecify.annotations.NullMarked;
